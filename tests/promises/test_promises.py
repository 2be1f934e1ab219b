"""PROMISES.md names a test for each promise, and each of them exists; PRIVACY.md says what the rules say."""

import ast
import re
from pathlib import Path

from lachan.site import privacy

ROOT = Path(__file__).resolve().parents[2]


def test_every_promise_names_a_test_that_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", (ROOT / "PROMISES.md").read_text(encoding="utf-8"))
    assert len(named) >= 10
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}, f"{path}::{name}"


def test_the_privacy_page_is_up_to_date() -> None:
    assert privacy.FILE.read_text(encoding="utf-8") == privacy.text()
