"""What takes two, and whose area covers whose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.core.models import Role
from lachan.platform.staff.rules import covers, needs_second

PATHS = st.lists(st.integers(1, 30), min_size=1, max_size=4).map(
    lambda ids: "/" + "/".join(map(str, ids)) + "/"
)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize(("level", "wide"), [(0, True), (1, True), (2, False), (3, False), (None, False)])
def test_administrators_of_a_province_or_the_country_take_two(
    role: str, level: int | None, wide: bool
) -> None:
    assert needs_second(role, level) is (wide and role == Role.ADMINISTRATOR)


@given(PATHS, PATHS)
def test_an_area_covers_itself_and_what_lies_in_it_only(mine: str, other: str) -> None:
    ids, others = ([int(i) for i in path.split("/") if i] for path in (mine, other))
    assert covers(mine, other) is (others[: len(ids)] == ids)


def test_no_area_covers_nothing() -> None:
    assert not covers("", "/1/")
