"""The files of real outbreaks lie beside the repository, or where LACHAN_SHARED_DATA says; they are no part of it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lachan.site.cli import imports as cli

ROOT = Path(__file__).resolve().parents[2]
MAPPINGS = ROOT / "docs" / "examples" / "mappings"


@dataclass(frozen=True)
class Import:
    """What `lachan import` said: exit code, words on the screen, and the lines of the report."""

    code: int
    shown: str
    report: Path


Importer = Callable[..., Import]


@pytest.fixture(scope="session")
def outbreaks() -> Path:
    folder = Path(os.environ.get("LACHAN_SHARED_DATA", ROOT.parent / "shared" / "data")) / "outbreaks"
    if not folder.is_dir():
        pytest.skip(f"no outbreak files at {folder}; set LACHAN_SHARED_DATA")
    return folder


@pytest.fixture
def lachan_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importer:
    """`lachan_import("cases", file, mapping=...)`: the command itself, on the test database."""
    monkeypatch.setattr(cli, "ready", lambda: None)

    def run(kind: str, file: Path, *more: str, mapping: Path | None = None) -> Import:
        report = tmp_path / f"{file.name}.{kind}.report.csv"
        options = ["--mapping", str(mapping)] if mapping else []
        result: Result = CliRunner().invoke(
            cli.import_, [kind, str(file), *options, *more, "--report", str(report)]
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Import(result.exit_code, result.output, report)

    return run
