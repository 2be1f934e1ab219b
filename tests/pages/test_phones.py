"""Telephones on a record: whoever holds one opens the health book, so noting and taking off are officers' work."""

import pytest

from lachan.core import access, persons
from lachan.core.models import AccessLog, EventRow, Identifier, IdentifierKind, Person
from lachan.core.sealed import blind_index
from lachan.platform import messages
from tests.pages.conftest import SignIn, text_of
from tests.town import Town, moment

pytestmark = pytest.mark.django_db
PHONE = "+84905123456"
INDEX = blind_index(IdentifierKind.PHONE, PHONE)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Texts that were queued: telephone and words."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(messages, "queue_text", lambda *, phone, text, **_: found.append((phone, text)))
    return found


def test_a_telephone_is_noted_and_opens_the_book(hoa: Person, sign_in: SignIn) -> None:
    client = sign_in("commune_officer")
    assert not access.of_phone(INDEX).exists()
    page = client.post(f"/people/{hoa.code}/phones", {"phone": "0905 123 456"}, follow=True)
    assert "Đã ghi số điện thoại" in text_of(page)
    assert list(access.of_phone(INDEX)) == [hoa]
    assert AccessLog.objects.filter(person=hoa, part="identifier", purpose="correction").exists()
    assert EventRow.objects.get(kind="PersonCorrected").facts == {"fields": ["phone"]}


def test_telephones_that_open_a_record_are_told_of_another_one(
    hoa: Person, sign_in: SignIn, told: list[tuple[str, str]]
) -> None:
    """An officer who notes a telephone of their own reads the record as its owner: not without the owner knowing."""
    client, url = sign_in("commune_officer"), f"/people/{hoa.code}/phones"
    client.post(url, {"phone": "0905 123 456"})
    assert told == []
    client.post(url, {"phone": "0912 999 888"})
    [(phone, text)] = told
    assert phone == PHONE
    assert "một số điện thoại khác" in text
    assert "999" not in text
    client.post(url, {"phone": "0912 999 888"})
    assert len(told) == 1
    off = hoa.identifiers.get(blind_index=INDEX)
    client.post(f"{url}/{off.pk}/off")
    assert told[1:] == [(PHONE, told[-1][1])]
    assert "không còn mở được" in told[-1][1]


def test_what_is_no_telephone_is_refused_in_words(hoa: Person, sign_in: SignIn) -> None:
    page = sign_in("commune_officer").post(f"/people/{hoa.code}/phones", {"phone": "12"}, follow=True)
    assert "10 chữ số" in text_of(page)
    assert not hoa.identifiers.exists()


def test_a_telephone_that_is_taken_off_opens_the_book_no_more(hoa: Person, sign_in: SignIn) -> None:
    phone = persons.claim_identifier(hoa, IdentifierKind.PHONE, PHONE, at=moment(-1))
    client = sign_in("commune_officer")
    assert "Không còn là số của người này" in text_of(client.get(f"/people/{hoa.code}/"))
    assert client.post(f"/people/{hoa.code}/phones/{phone.pk}/off").status_code == 303
    assert not access.of_phone(INDEX).exists()
    assert EventRow.objects.filter(kind="PersonCorrected", person=hoa).count() == 1
    assert client.post(f"/people/{hoa.code}/phones/{phone.pk}/off").status_code == 404


def test_a_telephone_of_a_joined_record_is_taken_off_too(town: Town, hoa: Person, sign_in: SignIn) -> None:
    twin = town.resident("Tran Thi Hoa")
    phone = persons.claim_identifier(twin, IdentifierKind.PHONE, PHONE, at=moment(-1))
    persons.merge(kept=hoa, merged=twin, reason="same", actor=town.staff["health_officer"], at=moment(0))
    assert list(access.of_phone(INDEX)) == [hoa]
    client = sign_in("commune_officer")
    page = client.get(f"/people/{hoa.code}/").content.decode()
    assert f"/people/{hoa.code}/phones/{phone.pk}/off" in page
    client.post(f"/people/{hoa.code}/phones/{phone.pk}/off")
    assert not access.of_phone(INDEX).exists()


def test_an_identity_number_is_not_taken_off_here(hoa: Person, sign_in: SignIn) -> None:
    card = persons.claim_identifier(hoa, IdentifierKind.NATIONAL_ID, "048180001234", at=moment(-1))
    answer = sign_in("commune_officer").post(f"/people/{hoa.code}/phones/{card.pk}/off")
    assert answer.status_code == 404
    assert Identifier.objects.filter(pk=card.pk).exists()


def test_who_may_not_reveal_numbers_is_not_offered_it(hoa: Person, sign_in: SignIn) -> None:
    client = sign_in("sampler")
    assert "phones" not in client.get(f"/people/{hoa.code}/").content.decode()
    assert client.post(f"/people/{hoa.code}/phones", {"phone": PHONE}).status_code == 403
