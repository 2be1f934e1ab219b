"""Log, sign, store: whatever fails in between, the certificate can be finished or revoked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lachan.core.events import CertificateIssued, CertificateNotIssued, CertificateRequested
from lachan.core.models import EventRow
from lachan.issuer import commands, queries, signing
from lachan.issuer.models import Intent, Reason, Record, Signature, Unsigned, Waiting
from lachan.issuer.queries import Standing
from lachan.issuer.rules import LabTest
from lachan.issuer.tests.conftest import AT, TODAY, YESTERDAY, Office

pytestmark = pytest.mark.django_db


@contextmanager
def failing(table: str, moment: str = "BEFORE INSERT") -> Iterator[None]:
    """The database refuses to write to a table, as a full disk or a lost connection would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'injected failure'; END$$"
        )
        cursor.execute(f"CREATE TRIGGER refuse {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION refuse CASCADE")


STEPS = [
    ("issuer_signature", "BEFORE INSERT"),
    ("issuer_signature", "AFTER INSERT"),
    ("core_event", "BEFORE INSERT"),
    ("issuer_waiting", "BEFORE DELETE"),
]


@pytest.mark.parametrize(("table", "moment"), STEPS)
def test_what_could_not_be_stored_is_on_record_and_finished_later(
    office: Office, table: str, moment: str
) -> None:
    certificate = office.request()
    with failing(table, moment), pytest.raises(DatabaseError, match="injected"), transaction.atomic():
        office.sign()
    assert queries.standing(certificate, AT) == Standing.WAITING
    assert not Signature.objects.exists()
    assert not EventRow.objects.filter(kind="CertificateIssued").exists()
    assert office.sign() == 1
    assert queries.standing(Intent.objects.get(pk=certificate.pk), AT) == Standing.VALID
    assert EventRow.objects.filter(kind="CertificateIssued").count() == 1


@pytest.mark.parametrize(("table", "moment"), STEPS[:2])
def test_what_could_not_be_stored_can_be_revoked(office: Office, table: str, moment: str) -> None:
    certificate = office.request()
    with failing(table, moment), pytest.raises(DatabaseError, match="injected"), transaction.atomic():
        office.sign()
    commands.revoke_certificate(certificate=certificate, reason=Reason.FRAUD, actor=office.operator, at=AT)
    assert office.sign() == 1
    refused = Unsigned.objects.get(intent=certificate)
    assert refused.code == "revoked-before"
    assert queries.standing(Intent.objects.get(pk=certificate.pk), AT) == Standing.REVOKED
    assert not Signature.objects.exists()


@pytest.mark.parametrize("table", ["issuer_intent", "issuer_waiting", "core_event"])
def test_what_could_not_be_logged_was_never_asked_for(office: Office, table: str) -> None:
    record = office.record()
    with failing(table), pytest.raises(DatabaseError, match="injected"), transaction.atomic():
        office.request(record)
    assert not Intent.objects.exists()
    assert office.issued(record).signature.text


def test_the_payload_that_is_signed_is_the_one_that_was_logged(office: Office) -> None:
    from lachan.codecs.hcert import Trust, TrustedKey, verify

    certificate = office.request()
    logged = bytes(Intent.objects.get().payload)
    office.sign()
    signature = Signature.objects.get()
    verdict = verify(
        signature.text, trust=Trust([TrustedKey.of_certificate(bytes(signature.key.certificate))]), at=AT
    )
    import msgspec

    assert verdict.certificate is not None
    assert verdict.certificate.payload == msgspec.json.decode(logged)
    assert verdict.certificate.entry["ci"] == certificate.uvci
    assert verdict.expires_at == certificate.expires_at


def test_every_step_is_told_with_its_cause(office: Office) -> None:
    certificate = office.issued()
    issued = EventRow.objects.get(kind=CertificateIssued.__name__)
    requested = EventRow.objects.get(kind=CertificateRequested.__name__)
    assert issued.caused_by_id == requested.pk == certificate.event_id
    assert requested.caused_by_id == certificate.record.event_id


def test_the_first_certificate_of_a_record_is_asked_for_once(office: Office) -> None:
    record = office.record()
    office.request(record)
    with pytest.raises(commands.CannotIssue, match="issued-before"):
        office.request(record)


def test_nothing_is_certified_on_a_withdrawn_record(office: Office) -> None:
    record = office.record()
    commands.withdraw_backing(record=record, reason="not given", actor=office.operator, at=AT)
    with pytest.raises(commands.CannotIssue, match="record-withdrawn"):
        office.request(record)
    with pytest.raises(commands.CannotRecord, match="withdrawn-before"):
        commands.withdraw_backing(record=record, reason="again", actor=office.operator, at=AT)


def test_a_record_withdrawn_while_its_certificate_waits_is_not_signed(office: Office) -> None:
    certificate = office.request()
    commands.withdraw_backing(record=certificate.record, reason="not given", actor=office.operator, at=AT)
    office.sign()
    assert Unsigned.objects.get().code == "revoked-before"
    assert EventRow.objects.filter(kind=CertificateNotIssued.__name__).count() == 1


@pytest.mark.parametrize("days", [366, 731])
def test_a_validity_beyond_twelve_months_is_refused(office: Office, days: int) -> None:
    with pytest.raises(commands.CannotIssue, match="too-long"):
        office.request(validity=timedelta(days=days))


def test_an_intent_that_waited_beyond_its_end_is_not_signed(office: Office) -> None:
    office.key_in_use(at=AT + timedelta(30))
    office.request(validity=timedelta(days=10))
    office.sign(AT + timedelta(10))
    assert Unsigned.objects.get().code == "expired-before"


def test_without_a_key_in_use_certificates_wait(bare_office: Office) -> None:
    bare_office.request()
    with pytest.raises(signing.NoKey):
        bare_office.sign()
    assert Waiting.objects.count() == 1
    bare_office.key_in_use()
    assert bare_office.sign() == 1


def test_a_key_for_tests_leaves_doses_waiting(bare_office: Office) -> None:
    bare_office.key_in_use(uses=["t", "r"])
    bare_office.request()
    with pytest.raises(signing.NoKey):
        bare_office.sign()


def test_a_payload_that_the_world_would_not_read_is_not_signed(office: Office, settings: object) -> None:
    settings.ISSUER_NAME = "M" * 90  # type: ignore[attr-defined]
    office.request()
    office.request()
    office.sign()
    assert {u.code for u in Unsigned.objects.all()} == {"schema"}
    assert not Waiting.objects.exists()


def test_a_source_row_is_recorded_once(office: Office) -> None:
    given: dict[str, Any] = {"source": "vaccination", "reference": "dose:7"}
    office.record(**given)
    with pytest.raises(commands.CannotRecord, match="recorded-before"):
        office.record(**given)
    assert Record.objects.count() == 1


def test_facts_that_do_not_hold_together_are_refused_in_words(office: Office) -> None:
    from lachan.issuer.rules import Dose

    with pytest.raises(commands.CannotRecord, match="product-unpaired"):
        office.record(Dose("29061000087103", "EU/1/21/1529", "ORG-100030215", 1, 2))
    with pytest.raises(commands.CannotRecord, match="in-future"):
        office.record(happened_on=TODAY + timedelta(2))
    soon = LabTest(assay="LP6464-4", sampled_at=AT + timedelta(hours=1), result="260415000", name="PCR")
    with pytest.raises(commands.CannotRecord, match="in-future"):
        office.record(soon, happened_on=TODAY)


def test_a_correction_revokes_and_a_new_certificate_takes_the_place(office: Office) -> None:
    old = office.issued()
    from lachan.issuer.tests.test_rules import DOSE as FIRST

    corrected = commands.correct_backing(
        record=old.record,
        facts=FIRST,
        happened_on=YESTERDAY,
        reason="was the first dose",
        actor=office.operator,
        at=AT,
    )
    new = commands.reissue_certificate(
        certificate=old, reason=Reason.CORRECTED, record=corrected, actor=office.operator, at=AT
    )
    office.sign()
    old, new = Intent.objects.get(pk=old.pk), Intent.objects.get(pk=new.pk)
    assert (queries.standing(old, AT), queries.standing(new, AT)) == (Standing.REVOKED, Standing.VALID)
    assert (new.replaces_id, corrected.replaces_id) == (old.pk, old.record_id)
    assert EventRow.objects.get(pk=new.event_id).caused_by_id == old.revocation.event_id
    with pytest.raises(commands.CannotIssue, match="issued-before"):
        commands.reissue_certificate(
            certificate=old, reason=Reason.CORRECTED, record=corrected, actor=office.operator, at=AT
        )


def test_a_certificate_is_not_reissued_to_somebody_else(office: Office) -> None:
    with pytest.raises(commands.CannotIssue, match="another-persons"):
        commands.reissue_certificate(
            certificate=office.issued(),
            record=office.record(),
            reason=Reason.CORRECTED,
            actor=office.operator,
            at=AT,
        )
