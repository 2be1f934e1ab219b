"""Mutation testing of the path on which certificates are verified: `make mutants`.

Runs mutmut as pyproject.toml says (it remembers what it has done below `mutants/`), prints the score of each module
and the mutants that no test noticed. Those that mean the same as the original are listed in EQUIVALENT with the reason,
and are not counted. Ends with 1 below the aim.
"""

import ast
import csv
import difflib
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "mutants" / "lachan" / "codecs" / "hcert"
EQUIVALENT = ROOT / "fuzz" / "equivalent.csv"
STATS = ROOT / "mutants" / "mutmut-stats.json"
AIM = 0.9
# They run while their module is read, before any test: mutmut notes them with the one test that comes first.
AT_IMPORT = ("schema.x__schema", "schema.x__entry", "schema.x__text", "signatures.x__ec_checker")
QUICK = "lachan.codecs.hcert.verdict.*"
_LIVES = {0, 33}  # every test passed; no test reaches it


def lives(exit_code: int | None) -> bool:
    return exit_code is None or exit_code in _LIVES


def results() -> dict[str, int | None]:
    """The exit code of the tests for each mutant; None: not run."""
    found: dict[str, int | None] = {}
    for path in sorted(RESULTS.glob("*.py.meta")):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {name.removeprefix("lachan.codecs.hcert."): code for name, code in found.items()}


def changed(name: str) -> str:
    """The changed lines of a mutant, by which it is known: numbers move when code does."""
    module, function = name.split(".", 1)
    bodies = _bodies(module)
    before, after = bodies[f"{function_of(function)}__mutmut_orig"], bodies[function]
    lines = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
    return " ".join(
        " ".join(line.split()) for line in lines if line[:1] in "+-" and " def " not in f" {line[1:]}"
    )


@cache
def _bodies(module: str) -> dict[str, list[str]]:
    tree = ast.parse((RESULTS / f"{module}.py").read_text(encoding="utf-8"))
    return {
        node.name: ast.unparse(node).splitlines()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def equivalent() -> dict[tuple[str, str], str]:
    if not EQUIVALENT.exists():
        return {}
    with EQUIVALENT.open(encoding="utf-8") as lines:
        return {(row["function"], row["change"]): row["reason"] for row in csv.DictReader(lines)}


def function_of(name: str) -> str:
    return name.rsplit("__mutmut_", 1)[0]


def credit_all_tests() -> None:
    """Let every test judge what was made while modules were read."""
    stats = json.loads(STATS.read_text(encoding="utf-8"))
    for name in AT_IMPORT:
        stats["tests_by_mangled_function_name"][f"lachan.codecs.hcert.{name}"] = sorted(
            stats["duration_by_test"]
        )
    STATS.write_text(json.dumps(stats), encoding="utf-8")


def mutate(*names: str) -> None:
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "2", *names]
    subprocess.run(command, cwd=ROOT, check=False)


def main() -> int:
    if not STATS.exists():
        mutate(QUICK)
    credit_all_tests()
    mutate(*sys.argv[1:])
    found, same = results(), equivalent()
    alive = {name: changed(name) for name, code in found.items() if lives(code)}
    excused = {name for name, change in alive.items() if (function_of(name), change) in same}
    counted, left = Counter(name.split(".")[0] for name in found if name not in excused), Counter[str]()
    for name, change in alive.items():
        if name not in excused:
            left[name.split(".")[0]] += 1
            print(f"{name}: {change}")
    for module, count in counted.items():
        print(f"{module:<14}{count - left[module]:>6} of {count:>5} killed, {1 - left[module] / count:.1%}")
    score = 1 - left.total() / max(counted.total(), 1)
    print(f"{len(excused)} mean the same; score {score:.1%} of {counted.total()}, the aim is {AIM:.0%}")
    return 0 if counted and score >= AIM else 1


if __name__ == "__main__":
    sys.exit(main())
