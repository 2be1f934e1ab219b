import time
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from pytest_django import DjangoDbBlocker

from lachan.core import areas
from lachan.core.area_sources import AreaRow
from lachan.core.models import Area, AreaSuccessor

OLD_DAY, NEW_DAY = date(2021, 12, 1), date(2025, 7, 1)


def row(code: str, level: int, parent: str, since: str, until: str | None = None) -> AreaRow:
    end = date.fromisoformat(until) if until else None
    return AreaRow(
        code, level, f"Unit {code}", "", "", parent, date.fromisoformat(since), end, None, None, None
    )


@pytest.fixture(scope="module")
def vietnam(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[float]:
    """The whole country, loaded once for the tests below; the seconds that it took."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        started = time.monotonic()
        areas.load_vietnam()
        yield time.monotonic() - started
        transaction.set_rollback(True)


@pytest.mark.usefixtures("db")
class TestOtherCountries:
    def test_a_child_younger_than_its_parent_is_put_below_it(self) -> None:
        root = areas.country("LA", "Laos", "Laos")
        added = areas.load(
            [
                row("L1", 1, "", "2000-01-01", "2010-01-01"),
                row("L1", 1, "", "2010-01-01"),
                row("L1-1", 2, "L1", "2005-06-01"),
                row("L1-2", 2, "L1", "2010-01-01"),
                row("L1-3", 3, "L1", "2020-01-01"),
            ],
            root=root,
        )
        assert added == 5
        parents = {a.code: a.parent.valid_from.year for a in Area.objects.filter(level__gt=1) if a.parent}
        assert parents == {"L1-1": 2000, "L1-2": 2010, "L1-3": 2010}
        youngest = Area.objects.select_related("parent").get(code="L1-3")
        assert youngest.parent is not None
        assert youngest.path == f"{youngest.parent.path}{youngest.pk}/"

    def test_a_unit_is_below_the_smallest_of_the_units_with_that_code(self) -> None:
        root = areas.country("LA", "Laos", "Laos")
        areas.load(
            [row("X", 1, "", "2000-01-01"), row("X", 2, "X", "2000-01-01"), row("Y", 3, "X", "2001-01-01")],
            root=root,
        )
        child = Area.objects.select_related("parent").get(code="Y")
        assert child.parent is not None
        assert child.parent.level == 2

    def test_a_child_before_its_parent_existed_is_refused_and_nothing_is_kept(self) -> None:
        root = areas.country("LA", "Laos", "Laos")
        with pytest.raises(LookupError, match="L1-1"):
            areas.load([row("L1", 1, "", "2010-01-01"), row("L1-1", 2, "L1", "2005-01-01")], root=root)
        assert not Area.objects.filter(level__gt=0).exists()

    def test_loading_twice_adds_nothing(self) -> None:
        root = areas.country("LA", "Laos", "Laos")
        rows = [row("L1", 1, "", "2010-01-01"), row("L1-1", 2, "L1", "2012-01-01")]
        assert [areas.load(rows, root=root), areas.load(rows, root=root)] == [2, 0]


@pytest.mark.usefixtures("db")
class TestVietnam:
    """One load serves every test of the class: each runs in a savepoint of its own inside it."""

    @pytest.fixture(autouse=True)
    def country(self, vietnam: float) -> None:
        self.seconds = vietnam

    def test_all_units_are_loaded_within_fifteen_seconds(self) -> None:
        counts = Counter(Area.objects.filter(level__gt=0).values_list("valid_from__year", "level"))
        assert counts == {(2021, 1): 63, (2021, 2): 705, (2021, 3): 10_599, (2025, 1): 34, (2025, 3): 3_321}
        assert self.seconds < 15

    def test_loading_again_adds_nothing(self) -> None:
        before = (Area.objects.count(), AreaSuccessor.objects.count())
        assert areas.load_vietnam() == 0
        assert (Area.objects.count(), AreaSuccessor.objects.count()) == before

    def test_every_path_is_the_chain_of_parents(self) -> None:
        for area in Area.objects.filter(level__gt=0).select_related("parent"):
            assert area.parent is not None
            assert area.path == f"{area.parent.path}{area.pk}/"
            assert area.parent.valid_from <= area.valid_from

    @pytest.mark.parametrize(
        "typed",
        ["Phường Bến Nghé", "phuong ben nghe", "BẾN NGHÉ", "ben nghe quan 1", "bến nghé hồ chí minh"],
    )
    def test_a_commune_is_found_with_and_without_marks(self, typed: str) -> None:
        assert "26740" in {a.code for a in areas.search(typed, day=OLD_DAY)}

    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("quan 1 ben nghe", "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"),
            ("hồ chí minh bến nghé", "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"),
            ("phuong 1 quan 10", "Phường 01, Quận 10, Thành phố Hồ Chí Minh"),
            ("quan 10 phuong 1", "Phường 01, Quận 10, Thành phố Hồ Chí Minh"),
            ("phuong 10 quan 3", "Phường 10, Quận 3, Thành phố Hồ Chí Minh"),
            ("quan 1", "Quận 1, Thành phố Hồ Chí Minh"),
            ("đà nẵng", "Thành phố Đà Nẵng"),
            ("hai chau da nang", "Quận Hải Châu, Thành phố Đà Nẵng"),
        ],
    )
    def test_words_in_any_order_find_the_nearest_first(self, typed: str, first: str | None) -> None:
        found = [areas.full_name(a) for a in areas.search(typed, day=OLD_DAY)]
        assert (found[0] if found else None) == first

    def test_a_word_of_the_units_above_alone_is_no_match(self) -> None:
        found = areas.search("hồ chí minh", day=OLD_DAY, limit=500)
        assert found[0].name == "Thành phố Hồ Chí Minh"
        begun = [w for a in found for w in a.search_key.split() if w.startswith(("ho", "chi", "minh"))]
        assert len(begun) >= len(found) > 1

    def test_long_and_odd_text_is_searched_within_a_second(self) -> None:
        started = time.monotonic()
        for typed in ("a " * 300, "xa " * 60, "% _ \\ '", "phuong", "Ð" * 500):
            areas.search(typed, day=OLD_DAY)
        assert time.monotonic() - started < 3

    def test_search_knows_the_units_of_the_day_only(self) -> None:
        assert {a.level for a in areas.search("bình dương", day=OLD_DAY, limit=50)} >= {1, 3}
        assert 1 not in {a.level for a in areas.search("bình dương", day=NEW_DAY, limit=50)}
        assert areas.search("  ", day=NEW_DAY) == []
        assert areas.search("không có nơi này", day=NEW_DAY) == []

    def test_within_is_the_area_and_everything_below_it(self) -> None:
        district = Area.objects.get(code="760", level=2)
        inside = areas.within(district)
        assert inside.count() == 1 + Area.objects.filter(parent=district).count() == 11
        ben_nghe = Area.objects.get(code="26740", valid_to__isnull=False)
        assert areas.contains(district, ben_nghe)
        assert not areas.contains(ben_nghe, district)
        assert areas.full_name(ben_nghe) == "Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh"

    def test_each_day_has_one_scheme(self) -> None:
        assert Counter(areas.on(OLD_DAY).filter(level__gt=0).values_list("level", flat=True)) == {
            1: 63, 2: 705, 3: 10_599,
        }  # fmt: skip
        assert Counter(areas.on(NEW_DAY).filter(level__gt=0).values_list("level", flat=True)) == {
            1: 34, 3: 3_321,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("old_level", "old", "new_level", "new"),
        [(1, "74", 1, "79"), (1, "77", 1, "79"), (1, "02", 1, "08"), (2, "755", 3, "26732"), (3, "00010", 3, "00004")],
    )  # fmt: skip
    def test_provinces_island_districts_and_communes_have_successors(
        self, old_level: int, old: str, new_level: int, new: str
    ) -> None:
        link = AreaSuccessor.objects.filter(
            old__code=old, old__level=old_level, old__valid_to=NEW_DAY,
            new__code=new, new__level=new_level, new__valid_from=NEW_DAY,
        )  # fmt: skip
        assert link.count() == 1

    def test_every_unit_of_today_came_from_one_before(self) -> None:
        assert not areas.on(NEW_DAY).filter(level__gt=0, predecessors__isnull=True).exists()
        levels = Counter(AreaSuccessor.objects.values_list("old__level", "new__level"))
        assert (levels[1, 1], levels[2, 3]) == (63, 5)
        assert set(levels) == {(1, 1), (2, 3), (3, 3)}
