"""From a record to a code that the world accepts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.codecs.hcert import Trust, TrustedKey, verify
from lachan.core import persons
from lachan.issuer import queries
from lachan.issuer.models import Signature, Waiting
from lachan.issuer.rules import Facts
from lachan.issuer.tests.conftest import AT, DOSE, Office
from lachan.issuer.tests.test_rules import PCR, RECOVERED

pytestmark = pytest.mark.django_db


def test_a_record_becomes_a_certificate_that_verifies(office: Office) -> None:
    certificate = office.issued()
    signature = Signature.objects.get(intent=certificate)
    trust = Trust([TrustedKey.of_certificate(bytes(signature.key.certificate))])
    verdict = verify(signature.text, trust=trust, at=AT)
    assert verdict.ok, verdict.sentence
    assert verdict.certificate is not None
    assert queries.standing(certificate, AT) == queries.Standing.VALID
    assert not Waiting.objects.exists()


def test_certificates_of_a_person_are_found_through_merges(office: Office) -> None:
    kept, merged = office.person(), office.person()
    first, second = office.issued(office.record(person=kept)), office.issued(office.record(person=merged))
    persons.merge(kept=kept, merged=merged, reason="same papers", actor=office.operator, at=AT)
    kept.refresh_from_db()
    merged.refresh_from_db()
    for person in (kept, merged):
        assert set(queries.certificates_of(person)) == {first, second}
    third = office.request(office.record(person=merged))
    assert third.person_id == kept.pk


@pytest.mark.parametrize("kind", ["v", "t", "r"])
def test_each_kind_of_record_is_certified(office: Office, kind: str) -> None:
    facts: Facts = {"v": DOSE, "t": PCR, "r": RECOVERED}[kind]  # type: ignore[assignment]
    certificate = office.issued(office.record(facts))
    verdict = verify(certificate.signature.text, trust=queries.trust(AT), at=AT)
    assert verdict.ok
    assert verdict.certificate is not None
    assert verdict.certificate.kind == kind == certificate.kind


def test_where_a_certificate_stands_is_computed(office: Office) -> None:
    standing = queries.Standing
    certificate = office.request()
    assert queries.standing(certificate, AT) == standing.WAITING
    office.sign()
    found = queries.by_uvci(certificate.uvci)
    assert found is not None
    ends = found.expires_at
    moments = (AT, ends - timedelta(seconds=1), ends)
    assert [queries.standing(found, at) for at in moments] == [
        standing.VALID,
        standing.VALID,
        standing.EXPIRED,
    ]
    assert queries.by_uvci("URN:UVCI:01:VN:NONE#1") is None


def test_a_desk_full_of_certificates_takes_one_query(office: Office) -> None:
    person = office.person()
    for _ in range(3):
        office.issued(office.record(person=person))
    with CaptureQueriesContext(connection) as asked:
        found = queries.standings(queries.certificates_of(person), AT)
    assert [where for _certificate, where in found] == [queries.Standing.VALID] * 3
    assert len(asked) == 1
