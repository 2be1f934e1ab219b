"""Certificates are forgotten a year after they ended, and not a day before, whoever asks."""

from datetime import UTC, datetime, timedelta

import pytest

from lachan.core import retention
from lachan.issuer import commands
from lachan.issuer.commands import forgetting
from lachan.issuer.models import Intent, Reason, Record, Revocation, Signature
from lachan.issuer.tests.conftest import Office, office_at

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2023, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def old() -> Office:
    office = office_at(LONG_AGO)
    office.key_in_use(LONG_AGO)
    return office


def dose(office: Office) -> Record:
    return office.record(at=LONG_AGO, happened_on=(LONG_AGO - DAY).date())


def test_what_ended_a_year_ago_is_forgotten_with_all_that_hangs_on_it(old: Office) -> None:
    kept, gone = dose(old), old.issued(dose(old), at=LONG_AGO)
    commands.revoke_certificate(certificate=gone, reason=Reason.FRAUD, actor=old.operator, at=LONG_AGO)
    renewed = old.issued(dose(old), at=LONG_AGO)
    commands.reissue_certificate(
        certificate=renewed, reason=Reason.BY_MISTAKE, actor=old.operator, at=LONG_AGO + 30 * DAY
    )
    end = LONG_AGO + 365 * DAY
    assert forgetting.forget_ended(before=end) == 0, "it ends at that moment"
    assert forgetting.forget_ended(before=end + DAY) == 1, "the renewed one waits for its successor"
    assert forgetting.forget_ended(before=end + 31 * DAY) == 2
    assert not any(table.objects.exists() for table in (Intent, Signature, Revocation))
    assert Record.objects.filter(pk=kept.pk).exists()


def test_nobody_makes_the_database_forget_what_may_still_be_shown(office: Office) -> None:
    office.issued()
    assert forgetting.forget_ended(before=datetime(2999, 1, 1, tzinfo=UTC)) == 0
    assert Intent.objects.count() == 1


def test_the_rule_of_certificates_leaves_nothing_behind(old: Office) -> None:
    old.issued(dose(old), at=LONG_AGO)
    purged = {p.rule.name: p for p in retention.purge(at=LONG_AGO + timedelta(days=3 * 366))}
    assert (purged["certificates"].removed, purged["certificates"].left) == (1, 0)
