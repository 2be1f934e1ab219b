"""The loader is total, versions tile the calendar, overlays are drawn over their base."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.policy import PolicyError, load, profiles
from lachan.policy.__main__ import main
from lachan.policy.book import OPTIONAL, PARTS, timeline_of
from lachan.policy.tests.documents import CLASSES, document
from lachan.policy.timeline import Timeline

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["F1", "any", "none", "pass", "home", "isolation", "negative_or_ct", "venue", "immune"]),
    st.lists(st.one_of(st.integers(0, 30), st.text(max_size=4)), max_size=3),
    st.dictionaries(st.text(max_size=4), st.integers(), max_size=2),
)


def _containers(node: Any) -> list[Any]:
    """Every table and list of a parsed document."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    own = [node] if isinstance(node, dict | list) and node else []
    return own + [inner for child in children for inner in _containers(child)]


@given(part=st.sampled_from(PARTS), draw=st.data())
def test_a_mutated_table_loads_or_is_refused_by_name(part: str, draw: st.DataObject) -> None:
    parsed = document(part)
    for _ in range(draw.draw(st.integers(1, 3))):
        _spoil(draw, parsed)
    timeline = _accepted(part, parsed)
    assert timeline is None or timeline.at(timeline.spans[0].start) is timeline.spans[0].policy


def _spoil(draw: st.DataObject, parsed: dict[str, Any]) -> None:
    """Replace, remove or add one value somewhere in the document."""
    node = draw.draw(st.sampled_from(_containers(parsed) or [{"emptied": 1}]))
    key = draw.draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
    match draw.draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            node[key] = draw.draw(ODD)
        case "remove":
            del node[key]
        case _ if isinstance(node, dict):
            node[draw.draw(st.text(max_size=5))] = draw.draw(ODD)
        case _:
            node.append(draw.draw(ODD))


def _accepted(part: str, parsed: dict[str, Any]) -> Timeline[Any] | None:
    """The timeline, or None for a refusal; any other exception fails the test that asks."""
    try:
        return timeline_of(CLASSES[part], parsed, "tonight.toml")
    except PolicyError:
        return None


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("profile", profiles())
def test_versions_tile_the_calendar_up_to_today(profile: str, part: str) -> None:
    timeline = getattr(load(profile), part)
    if timeline is None:
        assert part in OPTIONAL
        return
    spans = timeline.spans
    assert [span.end for span in spans[:-1]] == [span.start for span in spans[1:]]
    assert spans[-1].end is None


@given(st.dates(date(2020, 3, 12), date(2030, 1, 1)))
def test_the_version_in_force_is_the_last_that_began(day: date) -> None:
    timeline = load("vn/covid19").quarantine
    began = [span.policy for span in timeline.spans if span.start <= day]
    assert timeline.at(day) is began[-1]


def test_a_profile_is_read_once() -> None:
    assert load("vn/covid19") is load("vn/covid19")


NIGHT = date(2022, 1, 10)


def _overlay(folder: Path, *, valid_to: date | None, crowd_limit: int = 7) -> Path:
    """A province's folder with one tracing version from NIGHT on."""
    version = document("tracing")["version"][3] | {"crowd_limit": crowd_limit, "id": "tonight"}
    version |= {"valid_from": NIGHT} | ({"valid_to": valid_to} if valid_to else {})
    lines = [f"{name} = {_toml(value)}" for name, value in version.items()]
    (folder / "tracing.toml").write_text("[[version]]\n" + "\n".join(lines), encoding="utf-8")
    return folder


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else str(value)
        if not isinstance(value, str)
        else f'"{value}"'
    )


def test_an_overlay_holds_from_its_night_on(tmp_path: Path) -> None:
    book = load("vn/covid19", _overlay(tmp_path, valid_to=None))
    days = (NIGHT - timedelta(days=1), NIGHT, date(2026, 1, 1))
    assert [book.at(day).tracing.crowd_limit for day in days] == [100, 7, 7]
    assert book.at(NIGHT).quarantine == load("vn/covid19").at(NIGHT).quarantine


@pytest.mark.parametrize("ends", [date(2022, 2, 1), date(2022, 4, 15), date(2022, 6, 1)])
def test_after_an_overlay_ends_the_base_returns(tmp_path: Path, ends: date) -> None:
    book = load("vn/covid19", _overlay(tmp_path, valid_to=ends))
    base = load("vn/covid19")
    assert book.at(ends - timedelta(days=1)).tracing.basis.id == "tonight"
    assert book.at(ends) == base.at(ends)
    assert book.at(NIGHT - timedelta(days=1)) == base.at(NIGHT - timedelta(days=1))


def test_a_changed_overlay_is_read_again(tmp_path: Path) -> None:
    folder = _overlay(tmp_path, valid_to=None)
    first = load("vn/covid19", folder)
    assert load("vn/covid19", folder) is first
    _overlay(folder, valid_to=None, crowd_limit=30)
    os.utime(folder / "tracing.toml", ns=(1, 1))
    assert load("vn/covid19", folder).at(NIGHT).tracing.crowd_limit == 30


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[[version]", b"a = " + b"[" * 100_000, b""])
def test_a_file_that_is_not_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tracing.toml").write_bytes(content)
    with pytest.raises(PolicyError, match=r"tracing\.toml"):
        load("vn/covid19", tmp_path)


def test_a_misnamed_file_is_refused_and_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / "traceing.toml").write_text("")
    with pytest.raises(PolicyError, match="traceing"):
        load("vn/covid19", tmp_path)


def test_an_absent_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="absent"):
        load("vn/covid19", tmp_path / "absent")


def test_the_check_lists_what_is_in_force_or_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["vn/covid19", str(_overlay(tmp_path, valid_to=None))]) == 0
    assert "2022-01-10 to further notice  tonight" in capsys.readouterr().out
    assert main(["vn/none"]) == 1
    assert "vn/exercise" in capsys.readouterr().err


def test_a_version_that_extends_has_the_rules_it_does_not_write(tmp_path: Path) -> None:
    (tmp_path / "tracing.toml").write_text(
        '[[version]]\nid = "tonight"\ndecision = "12/UBND"\nvalid_from = 2022-01-10\nverified = true\n'
        'extends = "vn/covid19/vn-covid19-tracing-2021-12"\ncrowd_limit = 7\n',
        encoding="utf-8",
    )
    built_in = load("vn/covid19").tracing.at(NIGHT)
    tonight = load("vn/covid19", tmp_path).tracing.at(NIGHT)
    assert built_in.basis.id == "vn-covid19-tracing-2021-12"
    assert (tonight.basis.id, tonight.crowd_limit) == ("tonight", 7)
    assert replace(tonight, basis=built_in.basis, crowd_limit=built_in.crowd_limit) == built_in
