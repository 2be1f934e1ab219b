"""What the documents name exists: words of the glossary, files behind links, light pictures, commands."""

import re
from functools import cache
from pathlib import Path

import click
import pytest

from lachan.site.cli import main

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md"), *(ROOT / "lachan").glob("**/README.md")]
)
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
ROWS = re.findall(r"^\| (.+) \| (.+) \| `(\w+)` \|$", GLOSSARY, flags=re.M)
MOST_BYTES = 150_000


@cache
def words_of_the_code() -> frozenset[str]:
    """Every name in the package's code, tests aside; parts of names joined by underscores too."""
    files = [f for f in (ROOT / "lachan").glob("**/*.py") if "tests" not in f.parts]
    names = set(re.findall(r"[A-Za-z_]\w*", " ".join(f.read_text() for f in files)))
    return frozenset(names)


def test_the_glossary_has_one_word_per_concept() -> None:
    assert len(ROWS) > 40
    assert GLOSSARY.count("\n| ") == len(ROWS) + 1, "a row that cannot be read"
    for column in zip(*ROWS, strict=True):
        assert len(set(column)) == len(column)


@pytest.mark.parametrize("word", [row[2] for row in ROWS])
def test_a_word_of_the_glossary_is_a_word_of_the_code(word: str) -> None:
    assert word in words_of_the_code()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    text = document.read_text()
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r'src="([^"]+)"', text)
    missing = [
        link for link in links if not re.match(r"\w+:", link) and not (document.parent / link).exists()
    ]
    assert missing == []


def test_pictures_are_light() -> None:
    pictures = list((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures
    assert [p.name for p in pictures if p.stat().st_size > MOST_BYTES] == []


def commands(group: click.Group = main, before: str = "") -> set[str]:
    found = set()
    for name, command in group.commands.items():
        found |= (
            commands(command, f"{before}{name} ")
            if isinstance(command, click.Group)
            else {f"lachan {before}{name}"}
        )
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.relative_to(ROOT).as_posix())
def test_every_command_that_a_document_tells_to_run_exists(document: Path) -> None:
    told = re.findall(r"^    (?:\w+=\S+ )*(lachan(?: [a-z]+)+)", document.read_text(), flags=re.M)
    known = commands()
    assert [line for line in told if not any(f"{line} ".startswith(f"{command} ") for command in known)] == []
