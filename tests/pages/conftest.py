"""Signed-in clients on a day of the town's story."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.test import Client

from lachan.core import clock
from lachan.core.models import Actor, Person
from tests.town import Town, moment

NOW = moment(2, 10)
SignIn = Callable[..., Client]


@pytest.fixture
def now(town: Town) -> Iterator[datetime]:
    """Wednesday morning; the two scans were on Monday, the positive swab this morning."""
    with clock.frozen(NOW):
        yield NOW


@pytest.fixture
def sign_in(town: Town, now: datetime) -> SignIn:
    """`sign_in("tracer")`: a browser of the tracer of the town; also takes an actor."""

    def signed_in(who: str | Actor = "commune_officer") -> Client:
        client = Client()
        actor = town.staff[who] if isinstance(who, str) else who
        assert actor.user is not None
        client.force_login(actor.user)
        return client

    return signed_in


@pytest.fixture
def hoa(town: Town) -> Person:
    return town.resident("Trần Thị Hoà")


@pytest.fixture
def outbreak(town: Town, hoa: Person) -> dict[str, Person]:
    """Hoà is positive; Ba was at the market with her; Tư lives with Ba; An lives in another commune."""
    home = town.household()
    ba, tu = town.resident("Lê Văn Bá", home=home, sex="m"), town.resident("Lê Thị Tư", home=home)
    an = town.resident("Đặng Văn Ân", area=town.there, sex="m")
    town.visit(hoa, town.market, moment(0, 9))
    town.visit(ba, town.market, moment(0, 9, 15))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    return {"hoa": hoa, "ba": ba, "tu": tu, "an": an}


def text_of(answer: object) -> str:
    """What the page says, without tags, white space as one space."""
    import re
    from html import unescape

    html = answer.content.decode()  # type: ignore[attr-defined]
    html = re.sub(r"<(script|style|svg).*?</\1>", " ", html, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
