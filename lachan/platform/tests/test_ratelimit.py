"""So many in so long: never more, whatever comes at once, and anew when the time is over."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import RequestFactory
from hypothesis import given
from hypothesis import settings as drawing
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from lachan.platform import ratelimit
from lachan.platform.models import Counter
from lachan.platform.ratelimit import Limit, TooMany, take

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
THREE = Limit("three", 3, timedelta(minutes=10))


def taken(limit: Limit, key: str, at: datetime) -> bool:
    try:
        take(limit, key, at=at)
    except TooMany:
        return False
    return True


@pytest.mark.django_db
def test_what_is_over_the_limit_is_refused_until_its_time_is_over() -> None:
    assert [taken(THREE, "a", AT + timedelta(minutes=m)) for m in (0, 1, 2, 3, 9)] == [True] * 3 + [False] * 2
    with pytest.raises(TooMany) as refused:
        take(THREE, "a", at=AT + timedelta(minutes=9))
    assert refused.value.until == AT + timedelta(minutes=10)
    assert refused.value.status == 429
    assert "15:10" in str(refused.value.message)
    assert taken(THREE, "a", AT + timedelta(minutes=10))


@pytest.mark.django_db
def test_keys_and_limits_do_not_count_for_each_other() -> None:
    assert [taken(Limit("one", 1, THREE.within), key, AT) for key in "aab"] == [True, False, True]
    assert taken(Limit("another", 1, THREE.within), "a", AT)


@pytest.mark.django_db
def test_who_is_forgiven_starts_anew() -> None:
    one = Limit("one", 1, THREE.within)
    take(one, "a", at=AT)
    ratelimit.forgive(one, "a")
    assert taken(one, "a", AT)


@pytest.mark.django_db
def test_a_refusal_of_another_day_names_the_day() -> None:
    day = Limit("day", 1, timedelta(days=1))
    take(day, "a", at=AT)
    with pytest.raises(TooMany, match="24/11/2026"):
        take(day, "a", at=AT)


@pytest.mark.django_db
def test_the_table_holds_no_key_in_clear() -> None:
    take(THREE, "+84912345678", at=AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT c::text FROM platform_counter c")
        assert "912345678" not in str(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_three_are_taken() -> None:
    def one(_number: int) -> bool:
        try:
            return taken(THREE, "a", AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(one, range(20))) == 3


@pytest.mark.django_db(transaction=True)
def test_reading_before_writing_would_take_more_than_three() -> None:
    """The race that the guarded statement closes: read, then write."""
    Counter.objects.create(name="n", key=b"k" * 16, count=2, starts_at=AT, ends_at=AT + THREE.within)
    seen = [Counter.objects.get().count for _ in range(2)]
    for count in seen:
        Counter.objects.filter(count__lt=3).update(count=count + 1)
    assert [count < 3 for count in seen] == [True, True]
    assert Counter.objects.get().count == 3


class Windows(TestCase):
    @drawing(max_examples=40, deadline=None)
    @given(st.lists(st.integers(0, 1_800), max_size=25), st.integers(1, 5))
    def test_no_period_takes_more_than_its_limit(self, steps: list[int], most: int) -> None:
        """Between the first of a period and its end no more than `most` are taken; a plain count agrees."""
        limit, now, opened, count = Limit("drawn", most, timedelta(hours=1)), AT, None, 0
        Counter.objects.all().delete()
        for step in steps:
            now += timedelta(seconds=step)
            if opened is None or now >= opened + limit.within:
                opened, count = now, 0
            expected = count < most
            assert taken(limit, "k", now) is expected
            count += expected


@pytest.mark.parametrize(
    ("direct", "noted", "proxy", "address"),
    [
        ("10.0.0.1", "203.0.113.7", False, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", True, "203.0.113.7"),
        ("10.0.0.1", "", True, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", False, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", False, "203.0.113.7"),
        ("unix:", "nonsense", True, "unknown"),
    ],
)
def test_the_address_is_the_one_that_the_proxy_saw(
    settings: Any, direct: str, noted: str, proxy: bool, address: str
) -> None:
    """What a client notes itself stands before it, and is not believed."""
    settings.BEHIND_PROXY = proxy
    given_by: dict[str, Any] = {"HTTP_X_FORWARDED_FOR": noted} if noted else {}
    request = RequestFactory().get("/", REMOTE_ADDR=direct, **given_by)
    assert ratelimit.address_of(request) == address
