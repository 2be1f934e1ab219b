"""Taking back: one, a lot, a place in a period; and what offline verifiers know of it."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.codecs.hcert import Trust, TrustedKey, verify
from lachan.codecs.revoked import Revoked
from lachan.core import places
from lachan.core.models import EventRow, PlaceKind
from lachan.issuer import commands, lists, queries, rules
from lachan.issuer.models import Intent, ListKind, Publication, Reason, Record, Revocation, SignerKey
from lachan.issuer.queries import Standing
from lachan.issuer.tests.conftest import AT, TODAY, YESTERDAY, Office
from lachan.issuer.tests.many import records

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def publishing(office: Office) -> Office:
    office.key_in_use(purpose="lists")
    return office


def revoked(office: Office, certificate: Intent, *, at: Any = AT) -> None:
    commands.revoke_certificate(certificate=certificate, reason=Reason.FRAUD, actor=office.operator, at=at)


def published(office: Office, kind: ListKind, at: Any = AT) -> Publication:
    lists.refresh(keyring=office.keyring, at=at)
    return Publication.objects.filter(kind=kind).latest("made_at")


def test_one_certificate_is_taken_back_for_good(office: Office) -> None:
    certificate, other = office.issued(), office.issued()
    revoked(office, certificate)
    assert queries.standing(Intent.objects.get(pk=certificate.pk), AT) == Standing.REVOKED
    assert queries.standing(other, AT) == Standing.VALID
    with pytest.raises(commands.CannotRevoke, match="revoked-before"):
        revoked(office, certificate)
    told = EventRow.objects.get(kind="CertificateRevoked")
    assert told.caused_by is not None
    order = told.caused_by
    assert (order.kind, order.caused_by_id) == ("CertificatesRecalled", certificate.event_id)
    assert told.person_id == certificate.person_id


def test_a_lot_is_recalled_with_all_that_stands_on_it(office: Office) -> None:
    bad = [office.issued(office.record(lot="BAD-7")) for _ in range(3)]
    waiting = office.request(office.record(lot="BAD-7"))
    good = office.issued(office.record(lot="BAD-77"))
    order = commands.revoke_lot(lot=" BAD-7 ", evidence="letter 12", actor=office.operator, at=AT)
    office.sign()
    assert order.certificates == 4
    assert set(Revocation.objects.values_list("pk", flat=True)) == {c.pk for c in [*bad, waiting]}
    assert queries.standing(good, AT) == Standing.VALID
    assert commands.revoke_lot(lot="BAD-7", actor=office.operator, at=AT).certificates == 0
    with pytest.raises(commands.CannotRevoke, match="no-lot"):
        commands.revoke_lot(lot=" ", actor=office.operator, at=AT)


def test_a_place_and_period_is_taken_back_without_its_neighbours(office: Office) -> None:
    elsewhere = places.open_place(kind=PlaceKind.VACCINATION_SITE, name="Khác", area=office.area, at=AT)
    days = {n: office.issued(office.record(happened_on=TODAY - timedelta(n))) for n in range(4)}
    there = office.issued(office.record(place=elsewhere, happened_on=TODAY - timedelta(1)))
    given: dict[str, Any] = {"place": office.site, "actor": office.operator, "at": AT}
    order = commands.revoke_place(starts_on=TODAY - timedelta(2), ends_on=TODAY, **given)
    assert order.certificates == 2
    gone = set(Revocation.objects.values_list("pk", flat=True))
    assert gone == {days[1].pk, days[2].pk}
    assert there.pk not in gone
    with pytest.raises(commands.CannotRevoke, match="period-backwards"):
        commands.revoke_place(starts_on=TODAY, ends_on=TODAY, **given)


def test_a_withdrawn_record_takes_its_certificates_with_it(office: Office) -> None:
    certificate = office.issued()
    commands.withdraw_backing(record=certificate.record, reason="not given", actor=office.operator, at=AT)
    assert queries.standing(Intent.objects.get(pk=certificate.pk), AT) == Standing.REVOKED
    told = EventRow.objects.get(kind="CertificateRevoked")
    assert told.facts["reason"] == "record-withdrawn"


def test_a_recall_of_many_takes_as_many_queries_as_of_few(office: Office) -> None:
    counted = []
    for lot, count in (("FEW", 3), ("MANY", 300)):
        records(office, count, lot=lot)
        for _ in commands.request_batch(records=Record.objects.filter(lot=lot), actor=office.operator, at=AT):
            pass
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert commands.revoke_lot(lot=lot, actor=office.operator, at=AT).certificates == count
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_offline_verifiers_know_what_is_revoked(publishing: Office) -> None:
    certificate, other = publishing.issued(), publishing.issued()
    never_signed = publishing.request()
    revoked(publishing, certificate)
    revoked(publishing, never_signed)
    row = published(publishing, ListKind.REVOKED)
    listed = Revoked(bytes(row.content))
    assert row.entries == 2
    assert len(listed) == 3
    listed.require_signer([TrustedKey.of_certificate(bytes(row.key.certificate))])
    assert listed.holds(certificate.uvci, b"")
    assert listed.holds(None, bytes(certificate.signature.signature)), "by the signature alone too"
    assert listed.holds(never_signed.uvci, b"")
    assert not listed.holds(other.uvci, bytes(other.signature.signature))
    key = TrustedKey.of_certificate(bytes(certificate.signature.key.certificate))
    trust = Trust([key], revoked=listed, as_of=listed.made_at)
    assert verify(certificate.signature.text, trust=trust, at=AT).code == "revoked"
    assert verify(other.signature.text, trust=trust, at=AT).level(AT) == "valid"


def test_a_list_older_than_a_day_is_amber_never_green(publishing: Office) -> None:
    certificate = publishing.issued()
    published(publishing, ListKind.REVOKED)
    trust = queries.trust(AT)
    levels = {
        hours: verify(certificate.signature.text, trust=trust, at=AT + hours * HOUR).level(AT + hours * HOUR)
        for hours in (0, 24, 25)
    }
    assert levels == {0: "valid", 24: "valid", 25: "unsure"}


def test_lists_are_published_each_hour_and_at_once_after_a_revocation(publishing: Office) -> None:
    office, certificate = publishing, publishing.issued()
    assert {p.kind for p in lists.refresh(keyring=office.keyring, at=AT)} == {"revoked", "trust", "did"}
    assert lists.refresh(keyring=office.keyring, at=AT + HOUR / 2) == []
    revoked(office, certificate, at=AT + HOUR / 2)
    [again] = lists.refresh(keyring=office.keyring, at=AT + HOUR / 2 + timedelta(seconds=5))
    assert (again.kind, again.entries) == ("revoked", 1)
    assert len(lists.refresh(keyring=office.keyring, at=AT + 2 * HOUR)) == 3
    lists.refresh(keyring=office.keyring, at=AT + timedelta(days=20))
    assert not Publication.objects.filter(made_at__lt=AT + timedelta(days=6)).exists()


def test_a_compromised_key_leaves_the_trust_list_at_once(publishing: Office) -> None:
    office = publishing
    other = office.key_in_use()
    lost = SignerKey.objects.filter(purpose="certificates").earliest("pk")
    lists.refresh(keyring=office.keyring, at=AT)
    commands.declare_compromised(key=lost, reason="stolen", actor=office.operator, at=AT + HOUR / 4)
    row = published(office, ListKind.TRUST, AT + HOUR / 2)
    listed = msgspec.json.decode(bytes(row.content))["payload"]["keys"]
    assert [k["certificate"] for k in listed] == [b64(bytes(other.certificate))]


def b64(raw: bytes) -> str:
    from base64 import b64encode

    return b64encode(raw).decode()


def test_what_has_ended_is_listed_no_longer(publishing: Office) -> None:
    certificate = publishing.issued()
    revoked(publishing, certificate)
    at = AT + rules.LONGEST + HOUR
    publishing.key_in_use(at, purpose="lists")
    assert published(publishing, ListKind.REVOKED, at).entries == 0


def test_without_a_key_for_lists_none_is_published(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    assert lists.refresh(keyring=office.keyring, at=AT) == []
    assert "no key for lists" in caplog.text
    assert YESTERDAY < TODAY
