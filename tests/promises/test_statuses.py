"""A status is computed from evidence, and there is no command that sets one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
SAYS_A_STATUS = {"status", "state", "classification", "level", "colour", "color", "verdict"}
STORED = {
    # What `rules` made of evidence, kept so that many can be asked at once: test_chain.py computes each again.
    "tracing.Case.classification": "test_classifications_are_what_the_findings_amount_to",
    "tracing.Contact.level": "test_stored_levels_are_those_of_the_plain_search",
    "checkpoints.Scan.verdict": "test_verdicts_at_gates_are_what_the_evidence_says",
    # No status of anybody: a province is of level 1, an answer was 201 Created.
    "core.Area.level": "",
    "platform.StoredAnswer.status": "",
    # What a person decided on a number that was held back; and signed for an area (and where gates keep it); what the
    # rules proposed, a row each time.
    "centre.CountDecision.verdict": "",
    "riskmap.Signature.level": "",
    "checkpoints.AreaLevel.level": "",
    "riskmap.Proposal.level": "",
}


def command_files() -> list[Path]:
    systems = (ROOT / "lachan" / "systems").rglob("*.py")
    return [p for p in systems if "commands" in (p.stem, p.parent.name) and "tests" not in p.parts]


def taken(tree: ast.AST) -> Iterator[str]:
    """`function(parameter` of every public function, `Class.field` of every class that a command may be given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            arguments = node.args
            every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
            yield from (f"{node.name}({a.arg}" for a in every if a.arg in SAYS_A_STATUS)
        if isinstance(node, ast.ClassDef):
            fields = [
                b.target.id
                for b in node.body
                if isinstance(b, ast.AnnAssign) and isinstance(b.target, ast.Name)
            ]
            yield from (f"{node.name}.{name}" for name in fields if name in SAYS_A_STATUS)


def test_no_command_takes_a_status() -> None:
    files = command_files()
    assert len(files) > 30
    assert not [
        f"{p.relative_to(ROOT)}: {found}" for p in files for found in taken(ast.parse(p.read_text("utf-8")))
    ]


@pytest.mark.parametrize(
    "source",
    ["def close(*, order, status): ...", "def move(level, at): ...", "class Change:\n    verdict: str"],
)
def test_a_command_that_takes_one_would_be_noticed(source: str) -> None:
    assert list(taken(ast.parse(source)))


def test_no_table_keeps_a_status_that_nothing_computes_again() -> None:
    ours = [m for m in apps.get_models() if m.__module__.startswith("lachan.")]
    kept = {
        f"{m._meta.app_label}.{m.__name__}.{f.name}"
        for m in ours
        for f in m._meta.local_fields
        if f.name in SAYS_A_STATUS
    }
    assert kept == STORED.keys()


def test_what_is_stored_of_a_computation_is_computed_again() -> None:
    tree = ast.parse((ROOT / "tests" / "promises" / "test_chain.py").read_text("utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {name for name in STORED.values() if name} <= tests
