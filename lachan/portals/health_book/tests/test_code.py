"""One's code in the book: new every half-minute, with or without script, and on paper."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from PIL import Image

from lachan.codecs import qr
from lachan.codecs.live_code import STEP, check_live_code
from lachan.codecs.person_qr import PersonCode, recognise
from lachan.codecs.signed_code import check_signed_code
from lachan.core import clock
from lachan.core.models import AccessLog, Person
from lachan.platform import code_keys
from lachan.portals.health_book.tests.conftest import NOW, OTHER, SHARED, Enter, Families, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, settings: Any) -> code_keys.CodeKeys:
    settings.CODE_KEYS, settings.CODE_KEYS_OF_ONE_MACHINE = tmp_path / "code-keys", True
    return code_keys.current()


def scanned(html: str) -> str:
    """What a camera reads off the drawing of the page."""
    drawn = re.search(r'viewBox="0 0 (\d+) .*?<path d="([^"]+)"', html, re.S)
    assert drawn
    size, path = int(drawn[1]), drawn[2]
    image = Image.new("L", (size, size), 255)
    for x, y, width, height in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\d+Z", path):
        image.paste(0, (int(x), int(y), int(x) + int(width), int(y) + int(height)))
    [found] = zxingcpp.read_barcodes(image.resize((size * 4, size * 4), Image.Resampling.NEAREST))
    return found.text


def test_the_drawing_that_a_test_reads_is_what_was_drawn() -> None:
    assert scanned(qr.svg("LC1:ABC")) == "LC1:ABC"


def get(client: Client, person: Person, rest: str) -> str:
    answer = client.get(f"/health-book/{person.code}/{rest}")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def test_the_book_shows_a_code_of_this_half_minute_and_until_when_it_holds(
    families: Families, enter: Enter, keys: code_keys.CodeKeys
) -> None:
    client = enter(SHARED, be=families.hoa)
    page = get(client, families.hoa, "")
    assert check_live_code(scanned(page), keys.secrets, NOW).code == families.hoa.code
    until = (NOW + 2 * STEP).astimezone(clock.zone())
    assert f"Holds until {until:%H:%M:%S}" in page
    assert 'data-next="30000" data-left="60000"' in page
    assert "<noscript>" in page
    assert "Show a new code" in text_of(client.get(f"/health-book/{families.hoa.code}/"))


def test_the_code_renews_itself_without_a_new_look_in_the_log(
    families: Families, enter: Enter, keys: code_keys.CodeKeys
) -> None:
    client = enter(SHARED, be=families.hoa)
    first = scanned(get(client, families.hoa, ""))
    looks = AccessLog.objects.count()
    with clock.frozen(NOW + STEP):
        piece = get(client, families.hoa, "live")
        assert check_live_code(scanned(piece), keys.secrets, NOW + STEP).code == families.hoa.code
    assert "<html" not in piece
    assert scanned(piece) != first
    assert AccessLog.objects.count() == looks
    assert scanned(get(client, families.be, "live")).startswith("LC3:" + families.be.code)


@pytest.mark.parametrize("rest", ["live", "printed"])
def test_nobody_gets_the_code_of_another(families: Families, enter: Enter, rest: str) -> None:
    client = enter(OTHER)
    for code in (families.hoa.code, "0" * 17, "xyz"):
        assert client.get(f"/health-book/{code}/{rest}").status_code == 404
    closed = Client().get(f"/health-book/{families.hoa.code}/{rest}")
    assert (closed.status_code, closed["Location"].split("?")[0]) == (302, "/health-book/sign-in")


def test_a_session_that_has_ended_makes_no_more_codes(families: Families, enter: Enter) -> None:
    client = enter(OTHER)
    with clock.frozen(NOW + timedelta(hours=13)):
        assert client.get(f"/health-book/{families.ba.code}/live").status_code == 302


def test_the_code_on_paper_is_signed_and_its_look_is_noted(
    families: Families, enter: Enter, keys: code_keys.CodeKeys
) -> None:
    page = get(enter(OTHER), families.ba, "printed")
    assert check_signed_code(scanned(page), keys.public).code == families.ba.code
    assert AccessLog.objects.latest("pk").part == "card"


def test_without_keys_the_book_shows_the_code_of_before_and_promises_nothing(
    families: Families, enter: Enter, settings: Any, tmp_path: Path
) -> None:
    settings.CODE_KEYS, settings.CODE_KEYS_OF_ONE_MACHINE = tmp_path / "none", False
    client = enter(OTHER)
    for rest in ("", "live", "printed"):
        page = get(client, families.ba, rest)
        assert recognise(scanned(page)) == PersonCode(families.ba.code)
        assert "Holds until" not in page
        assert "data-live" not in page
