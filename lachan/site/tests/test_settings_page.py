"""The page of settings names each one that the code reads, and no other."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NAME = re.compile(r"\b(?:LACHAN_[A-Z_]+[A-Z]|DATABASE_URL)\b")


def test_every_setting_of_the_code_is_on_the_page() -> None:
    sources = [path for path in (ROOT / "lachan").rglob("*.py") if "tests" not in path.parts]
    read = {name for path in sources for name in NAME.findall(path.read_text(encoding="utf-8"))}
    page = (ROOT / "docs" / "operations" / "settings.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE))
    assert read - rows == set()
    assert rows - read == {"LACHAN_SHARED_DATA"}
