"""The shape of the house, measured: small functions, small files, every constraint violated on purpose."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted(
    p for p in (ROOT / "lachan").rglob("*.py") if "migrations" not in p.parts and "tests" not in p.parts
)
TESTS = sorted(p for p in [*(ROOT / "lachan").rglob("tests/**/*.py"), *(ROOT / "tests").rglob("*.py")])
Function = ast.FunctionDef | ast.AsyncFunctionDef
VAGUE = {"utils", "helpers", "common", "manager", "data", "info"}


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def ninth_decile(values: list[int]) -> float:
    return quantiles(values, n=10)[8]


def test_functions_are_small() -> None:
    lengths = [length(f) for p in CODE for f in functions(p)]
    longest = max((length(f), f"{p.name}:{f.name}") for p in CODE for f in functions(p))
    assert median(lengths) <= 8
    assert ninth_decile(lengths) <= 25
    assert longest[0] <= 60, longest


def test_files_are_small() -> None:
    sizes = [(lines(p), str(p.relative_to(ROOT))) for p in CODE]
    assert ninth_decile([n for n, _ in sizes]) <= 200
    assert max(sizes)[0] <= 400, max(sizes)


def test_every_function_says_what_it_takes_and_gives() -> None:
    bare = [f"{p.name}:{f.name}" for p in CODE for f in functions(p) if f.returns is None]
    assert not bare


def test_no_name_says_nothing() -> None:
    assert not [str(p) for p in [*CODE, *TESTS] if p.stem in VAGUE or p.parent.name in VAGUE]


def test_every_constraint_of_a_model_is_violated_on_purpose_by_a_test() -> None:
    tested = "\n".join(p.read_text(encoding="utf-8") for p in TESTS)
    ours = [m for m in apps.get_models() if m.__module__.startswith("lachan.")]
    names = {c.name for model in ours for c in model._meta.constraints}
    assert names
    assert not {n for n in names if not re.search(rf"\b{n}\b", tested)}


def test_no_model_hides_logic_in_save() -> None:
    hidden = [
        f"{p.parent.parent.name}:{f.name}"
        for p in CODE
        if "models" in (p.stem, p.parent.name)
        for f in functions(p)
        if f.name in ("save", "delete", "clean")
    ]
    assert not hidden


def test_rules_never_ask_the_clock() -> None:
    asking = re.compile(r"clock\.now\(|datetime\.now\(|date\.today\(|timezone\.now\(")
    below_doors = [p for p in CODE if {"rules", "commands", "handlers"} & {p.stem, p.parent.name}]
    assert below_doors
    assert not [str(p.relative_to(ROOT)) for p in below_doors if asking.search(p.read_text(encoding="utf-8"))]


def test_test_code_is_about_as_long_as_the_code() -> None:
    code, tests = sum(map(lines, CODE)), sum(map(lines, TESTS))
    assert tests >= 0.6 * code, f"{tests} lines of tests for {code} lines of code"


@pytest.mark.parametrize("system", ["checkpoints", "testing", "tracing", "quarantine", "feedback"])
def test_each_system_has_every_part(system: str) -> None:
    folder = ROOT / "lachan" / "systems" / system
    parts = ("rules", "models", "commands", "queries", "handlers", "api", "views", "forms", "urls")
    missing = [p for p in parts if not (folder / f"{p}.py").exists() and not (folder / p).is_dir()]
    if system == "checkpoints":
        missing = [m for m in missing if m != "handlers"]  # it hears nothing: it reads evidence as it scans
    assert not missing
    for name in ("README.md", "templates", "tests", "locale/vi/LC_MESSAGES/django.po"):
        assert (folder / name).exists(), name


def test_long_lists_are_read_where_their_cursor_is_closed() -> None:
    """`QuerySet.iterator()` left to the garbage collector may stop a process for ever (lachan.core.streams)."""
    readers = [p for p in CODE if ".iterator(" in p.read_text(encoding="utf-8")]
    assert [str(p.relative_to(ROOT)) for p in readers] == ["lachan/core/streams.py"]
