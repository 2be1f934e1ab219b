"""The province approves, allocates and rejects, many at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core.errors import Refusal
from lachan.core.models import EventRow
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Registration, RegistrationDecision
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import commune, district, elsewhere, registered

pytestmark = pytest.mark.django_db


def approve(*rows: Registration, **more: object) -> int:
    return commands.approve_registrations(
        registrations=[r.pk for r in rows],
        actor=keeper(),
        at=NOON,
        **more,  # type: ignore[arg-type]
    )


def reject(*rows: Registration, reason: str = "Không thuộc địa bàn") -> int:
    return commands.reject_registrations(
        registrations=[r.pk for r in rows], reason=reason, actor=keeper(), at=NOON
    )


def test_each_is_allocated_to_its_own_district_or_commune() -> None:
    here, far = registered(), registered(area=elsewhere())
    assert approve(here, far) == 2
    found = dict(RegistrationDecision.objects.values_list("registration", "allocated"))
    assert found == {here.pk: district().pk, far.pk: elsewhere().pk}
    assert EventRow.objects.filter(kind="RegistrationApproved").count() == 2


def test_allocated_anew_the_earlier_decision_is_replaced() -> None:
    row = registered()
    assert approve(row) == 1
    assert approve(row) == 0
    assert approve(row, allocated=commune()) == 1
    standing = RegistrationDecision.objects.get(registration=row, replaced_at__isnull=True)
    assert standing.allocated == commune()
    assert RegistrationDecision.objects.filter(registration=row).count() == 2


def test_a_rejection_has_a_reason_and_closes() -> None:
    row = registered()
    assert reject(row) == 1
    row.refresh_from_db()
    assert (row.closing, row.decisions.get().reason) == ("rejected", "Không thuộc địa bàn")
    assert approve(row) == 0
    assert registered(row.person).pk != row.pk


@pytest.mark.parametrize(("reason", "code"), [("  ", "reason-missing"), ("x" * 501, "reason-long")])
def test_a_rejection_without_words_is_refused(reason: str, code: str) -> None:
    with pytest.raises(Refusal) as error:
        reject(registered(), reason=reason)
    assert error.value.code == code


def test_what_was_approved_is_not_rejected_any_more() -> None:
    row = registered()
    approve(row)
    assert reject(row) == 0


def test_many_are_decided_in_a_constant_number_of_statements() -> None:
    def counted(rows: list[Registration]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            approve(*rows)
        return len(asked)

    few, many = [registered() for _ in range(2)], [registered() for _ in range(9)]
    assert counted(few) == counted(many)
