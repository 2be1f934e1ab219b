"""One record, one certificate that counts: whatever way it is asked for."""

from datetime import timedelta

import pytest

from lachan.issuer import commands, queries
from lachan.issuer.models import Intent, Reason, Record
from lachan.issuer.queries import Standing
from lachan.issuer.tests.conftest import AT, DOSE, TODAY, YESTERDAY, Office

pytestmark = pytest.mark.django_db


def reissued(office: Office, certificate: Intent, record: Record) -> Intent:
    return commands.reissue_certificate(
        certificate=certificate, reason=Reason.CORRECTED, record=record, actor=office.operator, at=AT
    )


def corrected(office: Office, record: Record) -> Record:
    return commands.correct_backing(
        record=record, facts=DOSE, happened_on=YESTERDAY, reason="wrong day", actor=office.operator, at=AT
    )


def batch(office: Office) -> int:
    return sum(commands.request_batch(records=Record.objects.all(), actor=office.operator, at=AT))


def test_a_corrected_record_is_certified_once_by_request_and_reissue(office: Office) -> None:
    old = office.issued()
    new = corrected(office, old.record)
    office.request(new)
    with pytest.raises(commands.CannotIssue, match="issued-before"):
        reissued(office, old, new)
    assert batch(office) == 0


def test_a_corrected_record_is_certified_once_by_reissue_and_request(office: Office) -> None:
    old = office.issued()
    new = corrected(office, old.record)
    reissued(office, old, new)
    with pytest.raises(commands.CannotIssue, match="issued-before"):
        office.request(new)
    assert batch(office) == 0


def test_a_certificate_does_not_move_to_another_dose(office: Office) -> None:
    person = office.person()
    first, second = (office.record(person=person) for _ in range(2))
    certificate = office.issued(first)
    with pytest.raises(commands.CannotIssue, match="another-record"):
        reissued(office, certificate, second)
    assert queries.standing(Intent.objects.get(pk=certificate.pk), AT) == Standing.VALID


def test_a_certificate_follows_a_record_through_two_corrections(office: Office) -> None:
    old = office.issued()
    newest = corrected(office, corrected(office, old.record))
    assert reissued(office, old, newest).record_id == newest.pk


def test_what_a_key_signed_has_no_successor_while_it_is_trusted(office: Office) -> None:
    certificate = office.issued()
    with pytest.raises(commands.CannotIssue, match="key-not-compromised"):
        sum(commands.reissue_of_key(key=certificate.signature.key, actor=office.system, at=AT))
    assert Intent.objects.count() == 1


def test_nothing_is_certified_on_a_recalled_lot(office: Office) -> None:
    held, free = office.record(), office.record(lot="L-2")
    certificate = office.issued(office.record())
    commands.revoke_lot(lot="L-1", actor=office.operator, at=AT)
    with pytest.raises(commands.CannotIssue, match="recalled"):
        office.request(held)
    with pytest.raises(commands.CannotIssue, match="recalled"):
        reissued(office, certificate, certificate.record)
    assert batch(office) == 1
    assert Intent.objects.filter(record=free).exists()


def test_at_a_place_that_was_taken_back_only_what_is_entered_anew_counts(office: Office) -> None:
    before, other_day = office.record(), office.record(happened_on=TODAY)
    later = AT + timedelta(hours=1)
    commands.revoke_place(
        place=office.site,
        starts_on=YESTERDAY,
        ends_on=TODAY,
        actor=office.operator,
        at=AT + timedelta(minutes=1),
    )
    with pytest.raises(commands.CannotIssue, match="recalled"):
        office.request(before, at=later)
    assert office.request(other_day, at=later).record_id == other_day.pk
    anew = commands.correct_backing(
        record=before, facts=DOSE, happened_on=YESTERDAY, reason="checked with the book of the site",
        actor=office.operator, at=later,
    )  # fmt: skip
    assert office.request(anew, at=later).record_id == anew.pk
