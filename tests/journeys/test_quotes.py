"""The journeys in docs are told in the words of the tests that run them."""

from pathlib import Path

import pytest

from tests.journeys import quotes
from tests.journeys.quotes import PAGES, ROOT, quoted, renewed


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.name)
def test_every_quote_is_up_to_date(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert quoted(text), "a journey quotes the test that runs it"
    assert renewed(text) == text, "run python -m tests.journeys.quotes"


def test_the_main_story_is_told_whole() -> None:
    text = (PAGES / "from-scan-to-release.md").read_text(encoding="utf-8")
    source = (ROOT / "tests/journeys/test_scan_to_release.py").read_text(encoding="utf-8")
    tests = [
        line.split("(")[0].removeprefix("def ")
        for line in source.splitlines()
        if line.startswith("def test_")
    ]
    assert [name for name in quoted(text) if name.startswith("test_")] == tests


def test_an_old_quote_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "story.py").write_text('"""Once."""\n\n\ndef test_it() -> None:\n    assert 1\n')
    monkeypatch.setattr(quotes, "ROOT", tmp_path)
    end = "<!-- end of quote -->"
    old = f"<!-- quote: story.py::test_it -->\nold\n{end}\n<!-- quote: story.py -->\n{end}"
    new = renewed(old)
    assert "def test_it() -> None:\n    assert 1\n```" in new
    assert "> Once." in new
    assert renewed(new) == new
    with pytest.raises(LookupError):
        renewed(old.replace("test_it", "test_gone"))
