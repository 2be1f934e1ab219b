"""What people see after a vaccination on the desks, on the pages for everybody and in the health book: photographed,
never scrolling sideways, read by axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from lachan.core.models import Actor, Person, Role
from lachan.portals.response_centre import commands as calls
from lachan.portals.response_centre.models import Call
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import CorrectionRequest, Dose, Reaction
from tests.journeys.vaccination_day import PHONE, Day, begin, open_book, vaccinated
from tests.pictures.looks import LOOKS, Open, check, look_at
from tests.town import Town, staff_member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def day(town: Town, open_page: Open, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Day:
    """One dose, after which much happened: a serious reaction, a recalled lot, a wrong birth date, a call."""
    day = begin(town, open_page, monkeypatch, settings)
    dose = vaccinated(day)
    person = dose.person
    given: dict[str, Any] = {"actor": town.system, "at": day.at}
    commands.report_reaction(
        person=person, told_by="person", symptoms=["breathless", "faint"], criteria=["hospital"], words="Khó thở",
        dose=dose, **given,
    )  # fmt: skip
    commands.ask_correction(
        person=person, kind="birth_date", wanted="3/5/1981", words="Giấy khai sinh", **given
    )
    officers = [town.staff[Role.VACCINE_OFFICER], town.staff[f"{Role.VACCINE_OFFICER}-above"]]
    commands.hold_lot(lot=day.lot, reason="Phản ứng nặng", actor=officers[0], at=day.at)
    commands.recall_lot(lot=day.lot, reason="Kết luận điều tra", actor=officers[1], at=day.at)
    town.staff[Role.CENTRE_OFFICER] = staff_member(
        Role.CENTRE_OFFICER, town, area=town.province, suffix="-up"
    )
    _answer_the_phone(day, person, town.staff[f"{Role.CALL_AGENT}-above"])
    day.loop()
    commands.count_residents(at=day.at)
    return day


def _answer_the_phone(day: Day, person: Person, agent: Actor) -> None:
    """With the caller's record open, and a word to the next shift."""
    area = day.town.province
    given: dict[str, Any] = {"actor": agent, "at": day.at}
    call = calls.take_call(area=area, phone=PHONE, subject="reaction", **given)
    calls.open_record(call=call, person=person, purpose="care", **given)
    calls.wish_call_back(area=area, phone="+84905000111", subject="health", note="Hỏi về mũi hai", **given)
    calls.write_note(area=area, text="Một ca nặng đang chờ gọi.", **given)


def of_desks(day: Day) -> dict[str, dict[str, str]]:
    """Pages by whose they are."""
    number, lot = Call.objects.get().pk, day.lot.pk
    after, wrong = Reaction.objects.get().pk, CorrectionRequest.objects.get().pk
    return {
        f"{Role.CALL_AGENT}-above": {
            "calls-desk": "/response/", "calls-wish": "/response/wishes/new", "calls-ended": "/response/calls/",
            "calls-call": f"/response/calls/{number}/", "calls-notes": "/response/notes",
        },
        Role.CENTRE_OFFICER: {
            "campaign": "/centre/campaign/", "campaign-area": f"/centre/campaign/{day.town.here.pk}/",
        },
        f"{Role.VACCINE_OFFICER}-above": {
            "reactions": "/vaccination/reactions/", "reaction-new": "/vaccination/reactions/new",
            "reaction": f"/vaccination/reactions/{after}/", "corrections": "/vaccination/corrections/",
            "correction": f"/vaccination/corrections/{wrong}/", "lot": f"/vaccination/lots/{lot}/",
            "lot-doses": f"/vaccination/lots/{lot}/doses", "recipients": f"/vaccination/lots/{lot}/recipients",
        },
    }  # fmt: skip


EVERYBODY_S = {
    "public": "/public/", "public-sites": "/public/sites", "public-figures": "/public/vaccination",
    "public-area": "/public/vaccination/48/", "walks": "/walks",
}  # fmt: skip


def test_desks_after_the_vaccination_are_photographed_and_fit_the_screen(
    open_page: Open, day: Day, pictures: Path
) -> None:
    for scheme, width in LOOKS:
        for role, paths in of_desks(day).items():
            user = day.town.staff[role].user
            look_at(open_page, paths, pictures, mark="faces", scheme=scheme, width=width, user=user)


def test_pages_for_everybody_and_the_book_are_photographed_and_fit_the_screen(
    open_page: Open, day: Day, pictures: Path
) -> None:
    book = f"/health-book/{Dose.objects.get().person.code}/"
    paths = {"record": book, "reaction": f"{book}reaction", "corrections": f"{book}correction",
             "correction": f"{book}correction?kind=birth_date", "printed": f"{book}printed"}  # fmt: skip
    for scheme, width in LOOKS:
        look_at(open_page, EVERYBODY_S, pictures, mark="faces", scheme=scheme, width=width)
        page = open_book(day, width=width, scheme=scheme)
        for name, path in paths.items():
            page.goto(urljoin(page.url, path))
            check(page, pictures / f"faces-book-{name}-{scheme}-{width}.png", width)
