"""Many at once: in steps that are kept, to be run again, with as many queries for many as for few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core.models import EventRow
from lachan.issuer import commands, queries, signing
from lachan.issuer.models import Intent, Record, Signature, Waiting
from lachan.issuer.tests.conftest import AT, Office
from lachan.issuer.tests.many import records

pytestmark = pytest.mark.django_db


def asked_for(office: Office, size: int = 1_000) -> list[int]:
    return list(commands.request_batch(records=Record.objects.all(), actor=office.operator, at=AT, size=size))


def test_each_record_without_a_certificate_gets_one(office: Office) -> None:
    records(office, 25)
    office.issued()
    withdrawn = office.record()
    commands.withdraw_backing(record=withdrawn, reason="x", actor=office.operator, at=AT)
    assert asked_for(office, size=10) == [10, 10, 5]
    assert asked_for(office, size=10) == []
    assert office.sign() == 25
    assert Signature.objects.count() == Intent.objects.count() == 26
    assert not Intent.objects.filter(record=withdrawn).exists()


def test_a_batch_that_ended_in_the_middle_goes_on_where_it_was(office: Office) -> None:
    records(office, 30)
    steps = commands.request_batch(records=Record.objects.all(), actor=office.operator, at=AT, size=10)
    assert next(steps) == 10
    steps.close()  # type: ignore[attr-defined]
    assert sum(asked_for(office)) == 20
    assert Intent.objects.count() == Waiting.objects.count() == 30


def test_every_certificate_of_a_batch_is_its_own_and_verifies(office: Office) -> None:
    from lachan.codecs.hcert import verify

    records(office, 40)
    asked_for(office)
    office.sign()
    trust = queries.trust(AT)
    texts = list(Signature.objects.values_list("text", flat=True))
    verdicts = [verify(text, trust=trust, at=AT) for text in texts]
    assert all(v.ok for v in verdicts)
    assert len({v.certificate.entry["ci"] for v in verdicts if v.certificate}) == 40
    named = {i.uvci: i.person.name.split()[0] for i in Intent.objects.select_related("person")}
    assert all(
        v.certificate and v.certificate.payload["nam"]["fn"] == named[v.certificate.entry["ci"]]
        for v in verdicts
    )


@pytest.mark.parametrize("count", [5, 200])
def test_a_step_takes_the_same_number_of_queries_for_few_and_for_many(office: Office, count: int) -> None:
    records(office, count)
    with CaptureQueriesContext(connection) as asking:
        asked_for(office)
    with CaptureQueriesContext(connection) as signing_:
        signing.sign_batch(keyring=office.keyring, at=AT)
    assert len(asking) <= 18
    assert len(signing_) <= 16


def test_each_certificate_of_a_batch_has_its_cause(office: Office) -> None:
    records(office, 12)
    asked_for(office)
    office.sign()
    requested = EventRow.objects.filter(kind="CertificateRequested")
    issued = EventRow.objects.filter(kind="CertificateIssued")
    assert {e.caused_by_id for e in issued} == {e.pk for e in requested}
    assert {e.caused_by_id for e in requested} == set(Record.objects.values_list("event_id", flat=True))


def test_what_waits_is_counted(office: Office) -> None:
    assert queries.backlog() == queries.certificates.Backlog(0, None)
    records(office, 7)
    asked_for(office)
    waiting = queries.backlog()
    assert (waiting.waiting, waiting.oldest_at) == (7, AT)
