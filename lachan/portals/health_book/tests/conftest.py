"""Hoa and her daughter share a telephone; Hoa is positive, her neighbour Ba has a telephone of his own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from lachan.core import clock, persons
from lachan.core.models import IdentifierKind, Person
from lachan.platform.otp import shown_as
from tests.town import Town, build, moment

NOW = moment(4, 10)
SHARED, OTHER, UNKNOWN = "+84912345678", "+84987654321", "+84933333333"
Enter = Callable[..., Client]


@dataclass
class Families:
    town: Town
    hoa: Person
    be: Person
    ba: Person


@pytest.fixture
def families(db: None) -> Iterator[Families]:
    town = build()
    home = town.household()
    made = Families(
        town, town.resident("Trần Thị Hoa", home=home), town.resident("Lê Thị Bé", home=home),
        town.resident("Đỗ Văn Ba", sex="m"),
    )  # fmt: skip
    for person, phone in ((made.hoa, SHARED), (made.be, SHARED), (made.ba, OTHER)):
        persons.claim_identifier(person, IdentifierKind.PHONE, phone, at=moment(-20))
    with clock.frozen(NOW):
        yield made


@pytest.fixture
def outbreak(families: Families) -> Families:
    """Hoa and Ba met at the market; her verified positive made orders, tests and messages for all three."""
    town = families.town
    town.visit(families.hoa, town.market, moment(0, 9))
    town.visit(families.ba, town.market, moment(0, 9, 15))
    town.test(families.hoa, outcome="positive", at=moment(2, 8), known_at=moment(2, 9))
    town.loop(moment(2, 9, 1))
    return families


@pytest.fixture
def enter(families: Families, monkeypatch: pytest.MonkeyPatch) -> Enter:
    """`enter(phone, be=person)`: a browser in which the book was opened by the code."""
    monkeypatch.setattr("secrets.randbelow", lambda _n: 1234567)

    def entered(phone: str, *, be: Person | None = None, language: str = "en", **more: Any) -> Client:
        client = Client(headers={"accept-language": language}, **more)
        client.cookies["language"] = language
        assert client.post("/health-book/sign-in", {"phone": phone}).status_code == 303
        answer = client.post("/health-book/code", {"code": shown_as("1234567")})
        assert answer.status_code == 303, answer.content.decode()
        if be is not None:
            client.post("/health-book/family", {"person": be.code})
        return client

    return entered


def text_of(answer: Any) -> str:
    """What the page says, without tags, white space as one space."""
    import re
    from html import unescape

    html = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
