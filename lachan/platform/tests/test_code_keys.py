"""The keys of personal codes: kept closed, renewed by name, never missed by a page."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.live_code import check_live_code
from lachan.codecs.signed_code import check_signed_code, parse_signed_code
from lachan.core.codes import new_code
from lachan.platform import code_keys, personal_codes
from lachan.platform.code_keys import BadKeyFile, CodeKeys, current, parsed, with_live, with_printed, written

TODAY = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 3, 0, 7, tzinfo=UTC)
DAY = timedelta(days=1)
CODE = new_code()


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    settings.CODE_KEYS, settings.CODE_KEYS_OF_ONE_MACHINE = tmp_path / "code-keys", True
    return tmp_path / "code-keys"


def two_keys() -> CodeKeys:
    """The first, and one that follows it in a week."""
    first = with_printed(CodeKeys(), since=TODAY, on=TODAY)
    return with_printed(first, since=TODAY + 7 * DAY, on=TODAY)


def test_keys_are_made_once_however_many_ask_and_closed_to_others(file: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _n: written(current()), range(16)))
    assert len(set(found)) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert not code_keys.open_to_others(file)
    file.chmod(0o640)
    assert code_keys.open_to_others(file)


def test_with_several_machines_keys_are_not_made_by_themselves(file: Path, settings: Any) -> None:
    settings.CODE_KEYS_OF_ONE_MACHINE = False
    assert current() == CodeKeys()
    assert not file.exists()
    assert personal_codes.printed(CODE, at=AT) == f"LC1:{CODE}"
    assert personal_codes.shown(CODE, at=AT) is None


@pytest.mark.parametrize(
    "text", ["printed 2026-11-23 AAAA\n", "seal 2026-11-23 " + "A" * 43 + "=\n", "live\n", "é"]
)
def test_a_broken_file_stops_no_page(text: str, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    file.write_text(text, encoding="utf-8")
    assert current() == CodeKeys()
    assert "AAAA" not in caplog.text
    assert "personal codes" in caplog.text


def test_a_line_that_is_no_key_is_named() -> None:
    with pytest.raises(BadKeyFile, match="line 2"):
        parsed("# keys\nprinted yesterday AAAA\n")


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30), st.integers(0, 9)), max_size=8))
def test_what_is_written_is_read_and_whatever_is_renewed_one_key_is_in_use(
    steps: list[tuple[bool, int, int]],
) -> None:
    keys, on = with_live(with_printed(CodeKeys(), since=TODAY, on=TODAY), since=TODAY, on=TODAY), TODAY
    signed = []
    for printed, pause, ahead in steps:
        on += pause * DAY
        add = with_printed if printed else with_live
        keys = add(keys, since=on + ahead * DAY, on=on)
        assert written(parsed(written(keys))) == written(keys)
        signing, showing = keys.signing(on), keys.showing(on)
        assert signing is not None
        assert signing.private is not None
        assert showing is not None
        signed.append(signing.name)
    assert set(signed) <= {key.name for key in keys.printed}


def test_a_new_key_signs_from_its_day_on_and_cards_of_the_old_one_stay_good(file: Path) -> None:
    code_keys.save(file, two_keys())
    old, new = current().printed
    before, after = (personal_codes.printed(CODE, at=AT + days * DAY) for days in (6, 7))
    assert (parse_signed_code(before).key_name, parse_signed_code(after).key_name) == (old.name, new.name)
    for text in (before, after):
        assert check_signed_code(text, current().public).code == CODE


def test_of_a_key_that_was_followed_the_private_half_goes_with_the_next_renewal() -> None:
    keys = with_printed(two_keys(), since=TODAY + 20 * DAY, on=TODAY + 10 * DAY)
    assert [key.private is None for key in keys.printed] == [True, False, False]
    assert written(keys).startswith("#")
    assert written(keys).count("\nprinted-public ") == 1


def test_a_withdrawn_key_is_believed_no_more(file: Path) -> None:
    code_keys.save(file, two_keys())
    text = personal_codes.printed(CODE, at=AT)
    code_keys.save(file, code_keys.without(current(), parse_signed_code(text).key_name))
    with pytest.raises(FormatError) as refused:
        check_signed_code(text, current().public)
    assert refused.value.code == "signed-key"
    with pytest.raises(KeyError):
        code_keys.without(current(), "ZZZZ")


def test_a_telephone_shows_a_new_code_each_half_minute_and_says_until_when(file: Path) -> None:
    shown = personal_codes.shown(CODE, at=AT)
    assert shown is not None
    assert (shown.next_at, shown.until) == (AT + timedelta(seconds=23), AT + timedelta(seconds=53))
    check_live_code(shown.text, current().secrets, shown.until - timedelta(milliseconds=1))
    with pytest.raises(FormatError, match="too old"):
        check_live_code(shown.text, current().secrets, shown.until)
    following = personal_codes.shown(CODE, at=shown.next_at)
    assert following is not None
    assert following.text != shown.text


def test_while_the_secret_changes_codes_of_both_are_good(file: Path) -> None:
    code_keys.save(file, with_live(CodeKeys(), since=TODAY, on=TODAY))
    before = personal_codes.shown(CODE, at=AT)
    code_keys.save(file, with_live(current(), since=TODAY, on=TODAY))
    after = personal_codes.shown(CODE, at=AT)
    assert before is not None
    assert after is not None
    for shown in (before, after):
        assert check_live_code(shown.text, current().secrets, AT).code == CODE
    later = with_live(current(), since=TODAY + 9 * DAY, on=TODAY + DAY)
    assert len(later.live) == 2
