"""Signers of other countries: loaded from their lists, green while these are new, gone when removed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from lachan.core import areas, clock
from lachan.core.models import EventRow
from lachan.issuer import commands, judging, queries
from lachan.issuer.commands import CannotLoad
from lachan.issuer.judging import Judged
from lachan.issuer.models import ForeignList, ForeignSigner, ListKind, Publication
from lachan.issuer.tests import foreign
from lachan.issuer.tests.codes import publish, stranger
from lachan.issuer.tests.conftest import AT, Office
from lachan.issuer.tests.desk import browser_of, officer

pytestmark = pytest.mark.django_db
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def judged(text: str, later: timedelta = timedelta(0)) -> Judged:
    return judging.judge([text], trust=judging.trust(AT + later), at=AT + later)


def seen(text: str, later: timedelta = timedelta(0)) -> tuple[str, str]:
    found = judged(text, later)
    return found.level, found.code


def test_a_country_s_certificates_are_green_while_its_list_is_new(office: Office) -> None:
    assert seen(foreign.text()) == ("unsure", "kid-unknown")
    foreign.load(office.operator)
    assert seen(foreign.text()) == ("valid", "valid"), "our own lists are not asked"
    assert judged(foreign.text()).lists_as_of == AT
    assert seen(foreign.text(), 24 * HOUR) == ("valid", "valid")
    assert seen(foreign.text(), 24 * HOUR + SECOND) == ("unsure", "lists-old")


def test_a_new_list_of_ours_makes_no_old_list_of_others_new(office: Office) -> None:
    foreign.load(office.operator)
    publish(office, AT + 25 * HOUR)
    assert seen(foreign.text(), 25 * HOUR) == ("unsure", "lists-old")


def test_an_unknown_signer_of_a_country_whose_list_is_new_is_red(office: Office) -> None:
    forged = foreign.text(stranger())
    assert seen(forged) == ("unsure", "kid-unknown")
    foreign.load(office.operator)
    assert seen(forged) == ("invalid", "kid-unknown")
    assert seen(forged, 25 * HOUR) == ("unsure", "kid-unknown"), "a newer list may have it"
    assert seen(foreign.text(stranger(), country="DE", says="DE")) == ("unsure", "kid-unknown")


def test_what_the_country_took_back_is_red(office: Office) -> None:
    foreign.load(office.operator, revoked=foreign.took_back(foreign.UVCI))
    assert seen(foreign.text()) == ("invalid", "revoked")
    foreign.load(office.operator, at=AT + HOUR, revoked=foreign.took_back("another"))
    assert seen(foreign.text(), HOUR) == ("valid", "valid")


def test_a_country_takes_back_its_own_certificates_only(office: Office) -> None:
    ours = office.issued()
    publish(office)
    foreign.load(office.operator, revoked=foreign.took_back(ours.uvci))
    assert seen(ours.signature.text) == ("valid", "valid")


def test_lists_are_as_old_as_their_oldest_part(office: Office) -> None:
    old = foreign.took_back("another", at=AT - 23 * HOUR)
    row = foreign.load(office.operator, fetched_at=AT - HOUR, revoked=old)
    assert row.as_of == AT - 23 * HOUR
    assert foreign.load(office.operator, at=AT + HOUR, fetched_at=AT - HOUR).as_of == AT - HOUR


def test_a_signer_of_another_country_does_not_speak_for_ours(office: Office) -> None:
    publish(office)
    foreign.load(office.operator)
    assert seen(foreign.text(country="VN")) == ("invalid", "key-usage")
    assert seen(foreign.text(says="VN")) == ("invalid", "key-usage")


def test_a_removed_list_counts_no_more_and_all_of_it_is_on_record(office: Office) -> None:
    row = foreign.load(office.operator)
    judged(foreign.text())
    commands.remove_trust_list(row=row, actor=office.colleague, at=AT + HOUR)
    assert seen(foreign.text(), HOUR) == ("unsure", "kid-unknown")
    row.refresh_from_db()
    assert (row.loaded_by, row.removed_by, row.removed_at) == (office.operator, office.colleague, AT + HOUR)
    told = list(EventRow.objects.filter(kind__startswith="TrustList").order_by("recorded_at", "id"))
    assert [e.kind for e in told] == ["TrustListLoaded", "TrustListRemoved"]
    assert (told[0].facts, told[1].caused_by_id) == ({"country": "FR", "keys": 1, "form": "eu"}, told[0].pk)
    with pytest.raises(commands.CannotRemove):
        commands.remove_trust_list(row=row, actor=office.colleague, at=AT + HOUR)


def test_a_new_list_takes_the_place_of_the_one_before(office: Office) -> None:
    foreign.load(office.operator)
    foreign.load(office.operator, foreign.gateway(foreign.der("fr-2")), at=AT + HOUR)
    assert [row.signers.count() for row in queries.foreign_lists()] == [1]
    assert ForeignList.objects.count() == 2
    assert seen(foreign.text(foreign.signer("fr-2")), HOUR) == ("valid", "valid")
    assert seen(foreign.text(), HOUR) == ("invalid", "kid-unknown")


def test_of_a_list_of_all_countries_one_is_taken(office: Office) -> None:
    both = foreign.gateway(foreign.der(), foreign.der("de", "DE"))
    foreign.load(office.operator, both)
    german = foreign.text(foreign.signer("de", "DE"), country="DE", says="DE")
    assert (seen(foreign.text()), seen(german)[0]) == (("valid", "valid"), "unsure")


def test_another_installation_s_list_is_read_and_its_signature_checked(office: Office, settings: Any) -> None:
    certificate = office.issued()
    publish(office)
    content = bytes(Publication.objects.get(kind=ListKind.TRUST).content)
    revoked = bytes(Publication.objects.get(kind=ListKind.REVOKED).content)
    settings.ISSUER_COUNTRY = "LA"
    altered = content.replace(b'"version":1', b'"version":2')
    with pytest.raises(CannotLoad, match="list-signature"):
        foreign.load(office.operator, altered, country="VN")
    row = foreign.load(office.operator, content, country="VN", at=AT + HOUR, revoked=revoked)
    assert (row.form, row.as_of) == ("lachan", AT)
    keys = judging.trust(AT + HOUR).keys
    assert [key.lists is not None for key in keys].count(True) == 1
    assert certificate.signature.key.certificate in [key.certificate for key in keys]


def test_a_did_document_is_read(office: Office, settings: Any) -> None:
    publish(office)
    settings.ISSUER_COUNTRY = "LA"
    content = bytes(Publication.objects.get(kind=ListKind.DID).content)
    assert foreign.load(office.operator, content, country="VN").signers.count() == 1


def test_only_signers_under_the_authority_are_taken_where_one_is_given(office: Office) -> None:
    foreign.load(office.operator, authority=foreign.der())  # signed by itself
    with pytest.raises(CannotLoad, match="not-under-authority"):
        foreign.load(office.operator, authority=foreign.der("other"))
    with pytest.raises(CannotLoad, match="not-under-authority"):
        foreign.load(office.operator, authority=b"no certificate")


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("list-format", {"content": b"hello"}),
    ("list-empty", {"content": b"[]"}),
    ("not-of-country", {"country": "DE"}),
    ("own-country", {"country": "vn"}),
    ("country", {"country": "FRA"}),
    ("country", {"country": "F1"}),
    ("no-source", {"source": "  "}),
    ("from-future", {"fetched_at": AT + SECOND}),
    ("revoked-unreadable", {"revoked": b"LCRL"}),
    ("revoked-unreadable", {"revoked": foreign.took_back("x", by=foreign.signer("other"))}),
]


@pytest.mark.parametrize(("code", "wrong"), REFUSED)
def test_bad_lists_are_refused_in_words_and_change_nothing(
    office: Office, code: str, wrong: dict[str, Any]
) -> None:
    kept = foreign.load(office.operator)
    with pytest.raises(CannotLoad) as refused:
        foreign.load(office.operator, **wrong)
    assert refused.value.code == code
    assert str(refused.value.message).endswith(".")
    assert [row.pk for row in queries.foreign_lists()] == [kept.pk]


def _copy(row: ForeignList, **changed: Any) -> dict[str, Any]:
    names = ("country", "source", "form", "digest", "as_of", "event_id", "loaded_by", "loaded_at")
    return {name: getattr(row, name) for name in names} | changed


def _signer(row: ForeignList, **changed: Any) -> ForeignSigner:
    names = ("list", "kid", "certificate", "uses", "not_before", "not_after")
    own = row.signers.get()
    return ForeignSigner.objects.create(**{name: getattr(own, name) for name in names} | changed)


WRONG: dict[str, Callable[[ForeignList], object]] = {
    "foreign_list_one_a_country": lambda row: ForeignList.objects.create(**_copy(row)),
    "foreign_list_of_a_country": lambda row: ForeignList.objects.create(**_copy(row, country="fr")),
    "foreign_list_says_where_from": lambda row: ForeignList.objects.create(
        **_copy(row, country="DE", source="")
    ),
    "foreign_list_not_of_the_future": lambda row: ForeignList.objects.create(
        **_copy(row, country="DE", as_of=AT + SECOND)
    ),
    "foreign_list_removed_by_somebody": lambda row: ForeignList.objects.create(**_copy(row, removed_at=AT)),
    "foreign_signer_once_a_list": _signer,
    "foreign_signer_signs_something": lambda row: _signer(row, kid=bytes(8), uses=[]),
    "foreign_signer_period_forward": lambda row: _signer(row, kid=bytes(8), not_after=AT - 99 * foreign.DAY),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_database_refuses_it_too(office: Office, name: str) -> None:
    row = foreign.load(office.operator)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        WRONG[name](row)


# --- at the desk --------------------------------------------------------------------------------------------------


def sent(content: bytes = b"", **more: str) -> dict[str, Any]:
    file = SimpleUploadedFile("dsc.json", content or foreign.gateway(foreign.der()))
    return {"country": "fr", "source": "gateway", "file": file} | more


@pytest.fixture
def client(office: Office) -> Iterator[Client]:
    with clock.frozen(AT):
        yield browser_of(officer(areas.country()))


def test_an_officer_loads_a_list_sees_its_age_and_removes_it(client: Client) -> None:
    assert client.post("/certificates/foreign/load", sent()).status_code == 303
    page = client.get("/certificates/foreign/").content.decode()
    assert all(part in page for part in ("Pháp", "gateway", "1 khoá"))
    row = queries.foreign_lists().get()
    assert client.post(f"/certificates/foreign/{row.pk}/remove").status_code == 303
    assert not queries.foreign_lists().exists()
    assert client.post(f"/certificates/foreign/{row.pk}/remove").status_code == 404


def test_a_bad_file_is_refused_at_the_desk_in_words(client: Client) -> None:
    refused = client.post("/certificates/foreign/load", sent(b"hello"))
    assert refused.status_code == 422
    assert not ForeignList.objects.exists()


def test_an_officer_of_a_commune_sees_the_lists_and_changes_none(office: Office) -> None:
    row = foreign.load(office.operator)
    with clock.frozen(AT):
        client = browser_of(officer(office.area))
        assert "multipart" not in client.get("/certificates/foreign/").content.decode()
        assert client.post("/certificates/foreign/load", sent(country="de")).status_code == 422
        client.post(f"/certificates/foreign/{row.pk}/remove")
    assert list(queries.foreign_lists()) == [row]
