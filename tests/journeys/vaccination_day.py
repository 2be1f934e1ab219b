"""What the journeys of vaccination share: a town with a site, a lot and an issuer, a clock that moves when they say so,
and the health book as it is opened on a phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from playwright.sync_api import expect

from lachan.core import clock, persons
from lachan.core.dates import BirthDate
from lachan.core.models import IdentifierKind, Person, Place, Role
from lachan.core.persons import Identity
from lachan.issuer.tests.codes import publish
from lachan.issuer.tests.conftest import Office, office_at
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Dose, Lot, Session, Visit
from tests.book import enter_book
from tests.promises.scene_line import HEALTHY
from tests.town import Town, moment, staff_member

if TYPE_CHECKING:
    import pytest
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
NAME, PHONE = "Lê Thị Hạnh", "+84905123456"
MORNING = moment(21, 8)


@dataclass
class Day:
    """`at` is what every clock of the site shows, also those of the server's threads."""

    town: Town
    office: Office
    site: Place
    lot: Lot
    open_page: Open
    at: datetime = MORNING

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)

    def loop(self) -> None:
        """The workers finish what waits: events, signatures, lists."""
        self.town.loop(self.at)
        if self.office.sign(self.at):
            publish(self.office, self.at)
        self.town.loop(self.at)

    def desk(self, role: str, path: str = "/") -> Page:
        return self.open_page(path, user=self.town.staff[role].user)


def begin(town: Town, open_page: Open, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Day:
    """Eight in the morning. Above the commune's own staff, a vaccine officer and a call agent of the province."""
    settings.LACHAN_DEMO = True
    office = office_at(MORNING)
    office.key_in_use(MORNING)
    publish(office, MORNING)
    for role in (Role.VACCINE_OFFICER, Role.CALL_AGENT):
        town.staff[f"{role}-above"] = staff_member(role, town, area=town.province, suffix="-above")
    before: dict[str, Any] = {"actor": town.system, "at": MORNING - timedelta(days=9)}
    site = commands.open_store(name="Trạm y tế Hải Châu", area=town.here, site=True, **before)
    lot = commands.record_receipt(
        store=site, product="comirnaty", number="ABV1234", expires_on=date(2027, 3, 1), doses=60, **before
    ).lot
    day = Day(town, office, site, lot, open_page)
    monkeypatch.setattr(clock, "now", lambda: day.at)
    return day


def vaccinated(day: Day) -> Dose:
    """Hạnh had the first dose of a session that is still open, and has its certificate."""
    about = Identity(
        name=NAME, birth=BirthDate(1980, 3, 5), sex="f", home_area=day.town.here,
        identifiers={IdentifierKind.PHONE: PHONE},
    )  # fmt: skip
    given: dict[str, Any] = {"actor": day.town.system, "at": day.at}
    session = commands.plan_session(
        site=day.site, product=day.lot.product, starts_at=day.at, ends_at=day.at + timedelta(hours=9), tables=1,
        places=20, lot=day.lot, **given,
    )  # fmt: skip
    vial = commands.open_vial(store=day.site, lot=day.lot, session=session, **given)
    here = examined(day, session, persons.register(about, **given))
    dose = commands.inject(visit=here, vial=vial, table=1, **given)
    day.wait(minutes=31)
    day.loop()
    return dose


def examined(day: Day, session: Session, person: Person) -> Visit:
    """Somebody waits for the injection."""
    given: dict[str, Any] = {"actor": day.town.system, "at": day.at}
    here = commands.receive(session=session, person=person, known_by="code", walk_in=True, **given)
    commands.screen(visit=here, examined=HEALTHY, **given)
    return here


def open_book(day: Day, **look: Any) -> Page:
    """Number, code (shown by the demonstration), oneself."""
    page = day.open_page("/health-book/", **{"width": 360} | look)
    enter_book(page)
    expect(page.locator("h1")).to_have_text(NAME)
    return page


def certificate_in(book: Page) -> bytes:
    """The picture of the only certificate in the book."""
    book.reload()
    link = book.get_by_role("link", name="Chứng nhận dạng ảnh")
    expect(link).to_have_count(1)
    picture = book.context.request.get(urljoin(book.url, link.get_attribute("href") or ""))
    assert picture.headers["content-type"] == "image/png"
    return picture.body()


def verify(day: Day, picture: bytes) -> Page:
    """What anybody sees who photographs the certificate."""
    page = day.open_page("/verify", width=360)
    file: Any = {"name": "certificate.png", "mimeType": "image/png", "buffer": picture}
    page.locator("#picture").set_input_files(file)
    expect(page.locator(".verdict")).to_be_visible()
    return page
