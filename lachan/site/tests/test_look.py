"""The shared look: contrast from the tokens, weight, and what the content security policy forbids."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from lachan.core import clock
from lachan.platform.screen import Badge, Column, Level, PersonLine, Row
from lachan.site.templatetags.look import figure

SITE = Path(__file__).resolve().parents[1]
PACKAGE = SITE.parent
STATIC = SITE / "static" / "lachan"
CSS = (STATIC / "style.css").read_text()

BLOCKS = {
    "light": CSS[CSS.index(":root {") : CSS.index("}", CSS.index(":root {"))],
    "dark": CSS[(at := CSS.index(':root[data-theme="dark"] {')) : CSS.index("}", at)],
}
DEVICE_DARK = CSS[(at := CSS.index(':root:not([data-theme="light"]) {')) : CSS.index("}", at)]

GROUNDS = ("paper", "surface", "sunken")
TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "accent", "ok", "warn", "stop") for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in ("accent", "ok", "warn", "stop")),
    *(("ink", f"{tone}-soft") for tone in ("accent", "ok", "warn", "stop")),
    *(("muted", f"{tone}-soft") for tone in ("accent", "warn")),
    ("on-accent", "accent"), ("on-band", "band"), ("band-muted", "band"),
    ("on-pass", "pass-fill"), ("on-check", "check-fill"), ("on-stop", "stop-fill"),
    *((f"on-level-{level}", f"level-{level}") for level in range(1, 5)),
]  # fmt: skip
EDGES = [*((edge, ground) for edge in ("edge", "focus") for ground in GROUNDS), ("band-focus", "band")]


def tokens(theme: str) -> dict[str, str]:
    """Colours of a theme; the dark one inherits what it does not change."""
    found: dict[str, str] = {}
    for name in ("light", theme):
        found |= dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", BLOCKS[name]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_contrast_in_both_themes(theme: str) -> None:
    colours = tokens(theme)
    low = {(a, b): round(contrast(colours[a], colours[b]), 2) for a, b in TEXT}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_boxes_and_the_focus_can_be_seen(theme: str) -> None:
    colours = tokens(theme)
    low = {(a, b): round(contrast(colours[a], colours[b]), 2) for a, b in EDGES}
    assert {pair: ratio for pair, ratio in low.items() if ratio < 3} == {}


def test_levels_grow_darker_so_that_no_hue_is_needed() -> None:
    colours = tokens("light")
    light = [luminance(colours[f"level-{level}"]) for level in range(1, 5)]
    assert all(before > after * 1.15 for before, after in pairwise(light)), light


def test_dark_is_the_same_whether_the_device_or_the_person_asks() -> None:
    assert BLOCKS["dark"].split("{")[1].split() == DEVICE_DARK.split("{")[1].split()


def test_style_and_script_are_small() -> None:
    assert len(gzip.compress(CSS.encode())) < 10_000  # as it travels
    assert len((STATIC / "app.js").read_bytes()) < 8_192
    assert len((STATIC / "scan.js").read_bytes()) < 4_096


def test_every_token_used_is_defined() -> None:
    defined = set(re.findall(r"--([a-z0-9-]+):", CSS))
    assert set(re.findall(r"var\(--([a-z0-9-]+)", CSS)) <= defined


def test_no_template_has_inline_script_style_or_foreign_address() -> None:
    """The content security policy would refuse it in the browser; here it is refused earlier."""
    wrong = [
        f"{path.relative_to(PACKAGE)}: {found[0]}"
        for path in PACKAGE.rglob("templates/**/*.html")
        for found in re.finditer(
            r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:|(?:src|href)=[\"']https?://[^\"']*",
            path.read_text(),
        )
    ]
    assert wrong == []


def test_styleguide_is_shown_in_the_demo_only(client: Client, settings: object) -> None:
    settings.DEBUG = False  # type: ignore[attr-defined]
    settings.LACHAN_DEMO = False  # type: ignore[attr-defined]
    assert client.get("/styleguide").status_code == 404


def render(source: str, **context: object) -> str:
    request = RequestFactory().get("/list", {"q": "bến nghé", "cursor": "old"})
    with translation.override("en"):
        return Template("{% load look %}" + source).render(Context({"request": request, **context}))


def test_next_page_keeps_the_filter_in_the_address() -> None:
    assert render("{% same_address cursor='new' %}") == "?q=b%E1%BA%BFn+ngh%C3%A9&amp;cursor=new"
    assert render("{% same_address cursor=None q='' %}") == "?"


def test_recent_moments_say_how_long_ago() -> None:
    at = clock.now()
    assert "(just now)" in render("{% moment at %}", at=at)
    assert "(4 minutes ago)" in render("{% moment at %}", at=at - timedelta(minutes=4, seconds=9))
    assert "(1 hour ago)" in render("{% moment at %}", at=at - timedelta(minutes=70))
    assert "ago" not in render("{% moment at %}", at=at - timedelta(days=2))
    assert "ago" not in render("{% moment at %}", at=at + timedelta(days=2))


def test_the_foot_of_a_page_tells_the_time_of_the_programs_clock() -> None:
    with clock.frozen(datetime(2026, 11, 20, 3, 0, tzinfo=UTC)):
        assert render("{% as_of_now %}") == "as of 10:00 20/11/2026"


def test_table_escapes_cells_and_renders_pieces() -> None:
    rows = [Row(("<b>", Badge("Late", "warn"), Level(4), PersonLine("An <i>", age=0)), url="/x", name="An")]
    columns = [Column("A", numeric=True), Column("B"), Column("C"), Column("D")]
    html = render("{% table columns rows pick='contact' %}", columns=columns, rows=rows)
    assert "&lt;b&gt;" in html
    assert '<span class="badge warn">Late</span>' in html
    assert "Very high risk" in html
    assert "An &lt;i&gt;" in html
    assert 'data-label="B"' in html


def test_table_without_rows_says_what_will_appear() -> None:
    html = render("{% table columns rows empty_title='No contacts yet' %}", columns=[Column("A")], rows=[])
    assert "No contacts yet" in html
    assert "<table" not in html


def test_row_that_does_not_fit_its_head_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        render("{% table columns rows %}", columns=[Column("A"), Column("B")], rows=[Row(("a",))])


def test_verdict_is_one_of_three() -> None:
    assert "STOP" in render("{% verdict 'stop' 'Under order' %}")
    with pytest.raises(ValueError, match="pass, check or stop"):
        render("{% verdict 'maybe' '' %}")


def test_masked_identifier_can_be_asked_for_by_form() -> None:
    html = render(
        "{% masked 'x' tail='217' url='/show' purposes=purposes %}",
        purposes=[("care", "Care")],
        csrf_token="t0k3n",
    )
    assert "••••" in html
    assert "t0k3n" in html
    assert 'action="/show"' in html
    assert '<option value="care">' in html


@pytest.mark.parametrize(("language", "shown"), [("vi", "2.060"), ("en", "2,060")])
def test_figures_are_grouped_as_the_language_does(language: str, shown: str) -> None:
    with translation.override(language):
        assert (figure(2060), figure(7), figure(None), figure("–")) == (shown, "7", "", "–")
