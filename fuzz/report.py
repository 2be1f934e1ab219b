"""Fuzz each layer for a while beside a naive fuzzer, and print the edges that each reached: `make fuzz SECONDS=60`.

The naive fuzzer starts from nothing, and gives its bytes to the door through which strangers' text comes; it has the
same time, and the same edges are counted (those of lachan.codecs). Two run at once. Ends with 1 when a promise did not
hold, or where a layer's fuzzer reached no more edges than the naive one at its door. `seeds`: what the
seeds reach.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fuzz.targets import TARGETS, Target

ROOT = Path(__file__).resolve().parents[1]
FINDINGS = Path("fuzz", "findings")  # below ROOT
_LONGEST = 4_400


@dataclass(frozen=True, slots=True)
class Run:
    """What libFuzzer said: edges reached by the seeds and at the end, inputs tried, and what it found."""

    name: str
    naive: bool
    seeded: int
    edges: int
    runs: int
    found: str


def fuzzed(name: str, naive: bool, seconds: int) -> Run:
    with tempfile.TemporaryDirectory(prefix="lachan-fuzz-") as folder:
        corpus = Path(folder)
        if not naive:
            write_seeds(TARGETS[name], corpus)
        command = [
            sys.executable, "-m", "fuzz", name, *(["--naive"] if naive else []), f"-max_total_time={seconds}",
            f"-max_len={_LONGEST}", "-timeout=5", "-rss_limit_mb=1024", "-print_final_stats=1",
            f"-artifact_prefix={FINDINGS}/{name.replace(' ', '-')}-", str(corpus),
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
        )
    seeded = _highest(r"INITED cov: (\d+)", done.stderr)
    edges = _highest(r"\bcov: (\d+)", done.stderr)
    runs = _highest(r"number_of_executed_units: (\d+)", done.stderr)
    return Run(name, naive, seeded, edges, runs, _found(name, done))


def write_seeds(target: Target, corpus: Path) -> None:
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)


def _highest(pattern: str, said: str) -> int:
    return max((int(number) for number in re.findall(pattern, said)), default=0)


def _found(name: str, done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode == 0:
        return ""
    written = re.findall(r"Test unit written to (\S+)", done.stderr)
    said = re.findall(r"^\s*(?:\w+\.)*\w*(?:Error|Exception)\b.*$", done.stderr + done.stdout, re.MULTILINE)
    repeat = "; ".join(f'.venv/bin/python -m fuzz "{name}" {path}' for path in written)
    return f"{said[-1].strip() if said else done.stderr[-500:]}\n    repeat: {repeat}"


def jobs(names: list[str]) -> list[tuple[str, bool]]:
    """Each target, and one naive fuzzer a door."""
    doors = {TARGETS[name].door: name for name in reversed(names)}
    return [(name, False) for name in names] + [(name, True) for name in doors.values()]


def report(runs: list[Run]) -> bool:
    """Print the table, and tell whether every layer passed its naive fuzzer and nothing was found."""
    naive = {TARGETS[run.name].door: run for run in runs if run.naive}
    good = True
    print(f"{'layer':<14}{'seeds':>7}{'edges':>7}{'naive':>7}{'inputs':>12}{'naive':>12}")
    for run in (run for run in runs if not run.naive):
        beside = naive[TARGETS[run.name].door]
        grew = run.edges > beside.edges
        print(
            f"{run.name:<14}{run.seeded:>7}{run.edges:>7}{beside.edges:>7}{run.runs:>12,}{beside.runs:>12,}"
            f"{'' if grew else '  no more edges than the naive fuzzer'}"
        )
        good = good and grew
    for run in runs:
        if run.found:
            good = False
            print(f"FOUND {run.name}{' (naive)' if run.naive else ''}: {run.found}")
    return good


def main() -> int:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--seconds", type=int, default=60, help="for each fuzzer (60)")
    reader.add_argument("--at-once", type=int, default=2, help="how many run at once (2)")
    reader.add_argument("names", nargs="*", help=f"of {', '.join(TARGETS)}; all")
    given = reader.parse_args()
    (ROOT / FINDINGS).mkdir(exist_ok=True)
    with ThreadPoolExecutor(given.at_once) as pool:
        started = [
            pool.submit(fuzzed, name, naive, given.seconds)
            for name, naive in jobs(given.names or list(TARGETS))
        ]
        return 0 if report([run.result() for run in started]) else 1


if __name__ == "__main__":
    sys.exit(main())
