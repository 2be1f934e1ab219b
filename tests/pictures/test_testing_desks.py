# ruff: noqa: F401, F811 (fixtures are imported by name)
"""The desks of testing in a real browser: keys counted, focus kept, pictures to look at."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from lachan.codecs.person_qr import person_text
from lachan.core import actors, clock
from lachan.core.models import Actor, Person, Role
from lachan.systems.testing import commands
from lachan.systems.testing.models import Result, Tube
from lachan.systems.testing.tests.conftest import (
    Bench,
    bench,
    commune,
    laboratory,
    nurse,
    people,
    staff,
    station,
    technician,
    verifier,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., "Page"]
People = Callable[[int], list[Person]]


def user_of(actor: Actor, role: str, **where: Any) -> Any:
    from django.contrib.auth.models import User

    actor.user = User.objects.create(username=f"{role}-{actor.pk}")
    actor.save()
    actors.post(actor, role, at=clock.now() - timedelta(days=1), **where)
    return actor.user


@pytest.fixture
def forty(people: People) -> list[Person]:
    return people(40)


SLOW = """
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) { setTimeout(() => send.call(this, body), 400); };
"""


def scan(page: "Page", text: str) -> None:
    """A scanner types fast, ends with Enter, does not know where the focus is and waits for no answer."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def saved(page: "Page", tubes: int) -> None:
    """Once the desk says that so many tubes are saved, and waits for the next scan."""
    expect(page.locator("#collect p.muted").last).to_have_text(re.compile(rf"\b{tubes}\b"))
    expect(page.locator("#scan")).to_be_focused()


def test_ten_people_are_swabbed_with_scans_alone(
    open_page: Open,
    bench: Bench,
    forty: list[Person],
    pictures: Path,
) -> None:
    page = open_page("/testing/collect/", user=user_of(bench.nurse, Role.SAMPLER, place=bench.station))
    for number, person in enumerate(forty[:10]):
        scan(page, f"VN-{number:06d}")
        scan(page, person_text(person.code))
    saved(page, 10)
    assert Tube.objects.count() == 10
    page.screenshot(path=pictures / "testing-collect-1280.png", full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS] == []


def test_a_slow_network_loses_no_scan(open_page: Open, bench: Bench, forty: list[Person]) -> None:
    page = open_page("/testing/collect/", user=user_of(bench.nurse, Role.SAMPLER, place=bench.station))
    page.evaluate(SLOW)
    for number, person in enumerate(forty[:3]):
        scan(page, f"VN-{number:06d}")
        scan(page, person_text(person.code))
    page.keyboard.type("VN-0000")
    saved(page, 3)
    page.keyboard.type("03")
    expect(page.locator("#scan")).to_have_value("VN-000003")
    assert list(Tube.objects.order_by("barcode").values_list("barcode", flat=True)) == [
        "VN-000000", "VN-000001", "VN-000002"
    ]  # fmt: skip


def test_without_a_network_the_scans_are_kept_in_their_order(
    open_page: Open, bench: Bench, forty: list[Person]
) -> None:
    page = open_page("/testing/collect/", user=user_of(bench.nurse, Role.SAMPLER, place=bench.station))
    page.evaluate(SLOW)
    page.context.set_offline(True)
    scan(page, "VN-000001")
    scan(page, person_text(forty[0].code))
    expect(page.locator("#toasts .stop")).to_be_visible()
    expect(page.locator("#scan")).to_have_value("VN-000001")
    page.context.set_offline(False)
    page.wait_for_timeout(100)
    scan(page, "VN-000001")  # in the place of the selected text
    saved(page, 1)
    assert [t.barcode for t in Tube.objects.all()] == ["VN-000001"]


def test_the_scan_box_takes_the_next_code_after_a_refusal(
    open_page: Open,
    bench: Bench,
    forty: list[Person],
) -> None:
    page = open_page("/testing/collect/", user=user_of(bench.nurse, Role.SAMPLER, place=bench.station))
    for text in ("VN-000001", person_text(forty[0].code), "VN-000001", person_text(forty[1].code)):
        scan(page, text)
    scan(page, "VN-000002")
    saved(page, 2)
    assert sorted(t.barcode for t in Tube.objects.all()) == ["VN-000001", "VN-000002"]


def test_a_run_is_typed_without_a_mouse(
    open_page: Open,
    bench: Bench,
    forty: list[Person],
) -> None:
    tubes = bench.received(*([p] for p in forty[:4]), at=clock.now())
    page = open_page(
        "/testing/bench/", user=user_of(bench.technician, Role.LAB_TECHNICIAN, place=bench.laboratory)
    )
    page.locator("input[name=result]").first.focus()
    for typed in ("-", "+ N21,4", "-", "?"):
        page.keyboard.type(typed)
        if typed != "?":
            page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    outcomes = Result.objects.order_by("tube__collected_at", "tube").values_list("outcome", flat=True)
    assert list(outcomes) == ["negative", "positive", "negative", "indeterminate"]
    assert len(tubes) == 4


@pytest.fixture
def busy(bench: Bench, forty: list[Person]) -> Bench:
    """Work on every desk."""
    now = clock.now()
    requests = [
        commands.TestRequest(
            person_id=p.pk, assay="pcr", reason="contact-day", due_on=clock.local_date(now) - timedelta(n % 4)
        )
        for n, p in enumerate(forty[20:30])
    ]
    commands.order_tests(requests=requests, actor=bench.nurse, at=now)
    tubes = bench.received(*([p] for p in forty[:8]), forty[8:12], at=now - timedelta(hours=30))
    commands.pool_tubes(
        barcode="P-000001", tubes=tubes[4:8], laboratory=bench.laboratory, actor=bench.technician, at=now
    )
    bench.reported(tubes[0].barcode, "positive", at=now - timedelta(hours=3), ct={"N": 21.4, "E": 23.0})
    entries = [
        commands.ResultEntry(barcode=t.barcode, outcome=o, ct=ct)
        for t, o, ct in zip(tubes[1:3], ("positive", "negative"), ({"N": 30.5}, {}), strict=True)
    ]
    commands.enter_results(entries=entries, actor=bench.technician, at=now)
    waiting = [bench.collected([p], at=now) for p in forty[30:33]]
    commands.send_batch(
        tubes=waiting[:2], laboratory=bench.laboratory, from_place=bench.station, actor=bench.nurse, at=now
    )
    return bench


SERIOUS = ("serious", "critical")
DESKS = [
    ("home", "/testing/", Role.SAMPLER), ("orders", "/testing/orders/", Role.SAMPLER),
    ("send", "/testing/send/", Role.SAMPLER), ("boxes", "/testing/boxes/", Role.LAB_TECHNICIAN),
    ("bench", "/testing/bench/", Role.LAB_TECHNICIAN), ("pool", "/testing/pool/", Role.LAB_TECHNICIAN),
    ("verify", "/testing/verify/", Role.LAB_VERIFIER), ("turnaround", "/testing/turnaround/", Role.LAB_VERIFIER),
    ("lab-home", "/testing/", Role.LAB_VERIFIER), ("tube", "tube", Role.LAB_VERIFIER),
    ("box", "box", Role.LAB_TECHNICIAN), ("person", "person", Role.COMMUNE_OFFICER),
    ("new-order", "/testing/orders/new", Role.COMMUNE_OFFICER), ("amend", "amend", Role.LAB_VERIFIER),
]  # fmt: skip


def address(path: str) -> str:
    from lachan.systems.testing.models import Batch

    result = Result.objects.filter(verified_at__isnull=False).first()
    assert result is not None
    made = {
        "tube": f"/testing/tubes/{result.subject.barcode}/",
        "box": f"/testing/boxes/{Batch.objects.latest('pk').pk}/",
        "person": f"/testing/people/{Tube.objects.order_by('pk')[0].members.get().person.code}/",
        "amend": f"/testing/results/{result.pk}/amend",
    }
    return made.get(path, path)


def test_the_desks_fit_a_phone_and_a_screen(open_page: Open, busy: Bench, pictures: Path) -> None:
    for name, path, role in DESKS:
        place = busy.laboratory if role in (Role.LAB_TECHNICIAN, Role.LAB_VERIFIER) else busy.station
        where = {"area": place.area} if role == Role.COMMUNE_OFFICER else {"place": place}
        user = user_of(staff(f"{name}"), role, **where)
        for width in (360, 1280):
            page = open_page(address(path), width=width, user=user)
            page.screenshot(path=pictures / f"testing-{name}-{width}.png", full_page=True)
            assert page.locator("h1").count() == 1, name
            wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wide <= 0, (name, width)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in SERIOUS] == [], name
