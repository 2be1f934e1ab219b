"""A home of 2021 and an office of 2025: who sees whom when units changed their names, codes and borders."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from lachan.core import access, actors, areas
from lachan.core.models import Actor, ActorKind, Area, AreaSuccessor, Person, Posting, Role
from tests.rows import residents

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
CHANGED = date(2025, 7, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vietnam")]


@pytest.fixture(scope="module")
def vietnam(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The units of 2021 and of 2025, as they are."""
    with django_db_blocker.unblock(), transaction.atomic():
        areas.load_vietnam()
        yield
        transaction.set_rollback(True)


def of_2021(code: str) -> Area:
    return Area.objects.get(code=code, valid_to=CHANGED)


def of_2025(code: str) -> Area:
    return Area.objects.get(code=code, valid_from=CHANGED)


def commune_of(province: Area) -> Area:
    """A commune that lies in this province whole, in its time."""
    return Area.objects.filter(path__startswith=province.path, level=3).order_by("pk")[0]


def office(where: Area) -> Posting:
    actor = Actor.objects.create(kind=ActorKind.STAFF, name="Officer", created_at=AT)
    posting = actors.post(actor, Role.HEALTH_OFFICER, area=where, at=AT)
    return Posting.objects.select_related("area").get(pk=posting.pk)


def lives_in(area: Area) -> Person:
    return residents(1, area=area, at=AT)[0]


def sees(posting: Posting, person: Person) -> bool:
    return access.visible(posting).filter(pk=person.pk).exists()


def whole_and_divided() -> tuple[AreaSuccessor, AreaSuccessor, AreaSuccessor]:
    """A commune that went into another whole; and two parts of one that was divided."""
    communes = AreaSuccessor.objects.filter(old__level=3).select_related("old", "new").order_by("pk")
    divided = communes.filter(share__isnull=True)
    first = divided[0]
    second = divided.filter(old=first.old).exclude(pk=first.pk)[0]
    return communes.filter(share=1)[0], first, second


def test_an_office_of_today_sees_homes_written_down_in_the_communes_that_it_was_made_of() -> None:
    whole, one, other = whole_and_divided()
    assert sees(office(whole.new), lives_in(whole.old))
    home = lives_in(one.old)
    assert sees(office(one.new), home)
    assert sees(office(other.new), home)
    assert not sees(office(whole.new), home)


def test_an_office_of_before_sees_homes_written_down_in_the_communes_of_today() -> None:
    whole, one, other = whole_and_divided()
    assert sees(office(whole.old), lives_in(whole.new))
    for part in (one, other):
        assert sees(office(part.old), lives_in(part.new))
    assert not sees(office(one.old), lives_in(whole.new))


def test_a_code_that_another_province_had_before_opens_nothing_of_it() -> None:
    """91 was Kiên Giang and is An Giang, which was 89 and took Kiên Giang in."""
    an_giang, kien_giang_then, an_giang_then = of_2025("91"), of_2021("91"), of_2021("89")
    assert (an_giang.name, kien_giang_then.name) == ("Tỉnh An Giang", "Tỉnh Kiên Giang")
    today = office(an_giang)
    assert sees(today, lives_in(commune_of(kien_giang_then)))
    assert sees(today, lives_in(commune_of(an_giang_then)))
    came_from = {
        province: AreaSuccessor.objects.filter(old__path__startswith=province.path, old__level=3, share=1)[
            0
        ].new
        for province in (kien_giang_then, an_giang_then)
    }
    of_before = office(kien_giang_then)
    assert sees(of_before, lives_in(came_from[kien_giang_then]))
    assert not sees(of_before, lives_in(came_from[an_giang_then]))
    assert not sees(of_before, lives_in(commune_of(an_giang_then)))
    same_code_elsewhere = office(of_2025("79"))
    assert not sees(same_code_elsewhere, lives_in(commune_of(kien_giang_then)))


def test_a_district_sees_what_its_communes_became_and_nothing_of_the_next() -> None:
    district, neighbour = of_2021("760"), of_2021("769")
    became = AreaSuccessor.objects.filter(old__parent=district).values_list("new", flat=True)
    sight = office(district)
    for commune in Area.objects.filter(pk__in=became):
        assert sees(sight, lives_in(commune))
    assert not sees(sight, lives_in(commune_of(neighbour)))


def test_every_unit_stands_on_its_own_ground_and_the_country_on_its_own_alone() -> None:
    root = areas.country()
    assert areas.ground(root) == (root.path,)
    for area in Area.objects.order_by("code")[::400]:
        paths = areas.ground(area)
        assert areas.holds(area, area)
        assert not any(a != b and a.startswith(b) for a in paths for b in paths)


def test_ground_is_asked_for_once_a_posting_and_is_short_for_a_province_of_today() -> None:
    posting = office(of_2025("91"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(5):
            access.visible(posting).exists()
    successors = [q for q in asked.captured_queries if "core_areasuccessor" in q["sql"]]
    assert len(successors) <= 2
    assert posting.area
    assert len(areas.ground(posting.area)) == 3
