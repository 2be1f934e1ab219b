"""Outlines of units from the command line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from lachan.site.cli import imports as cli
from lachan.systems.riskmap.tests.conftest import commune
from lachan.systems.riskmap.tests.test_boundaries import collection, feature


@pytest.mark.django_db
def test_the_command_says_what_it_took_and_what_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "ready", lambda: None)
    commune()
    file = tmp_path / "communes.geojson"
    file.write_bytes(collection(feature(field="xa"), feature("99999", field="xa")))
    said = CliRunner().invoke(cli.import_, ["boundaries", str(file), "--source", "x", "--code-field", "XA"])
    assert said.exit_code == 2
    assert "2 99999:" in said.output
    file.write_bytes(b"{")
    assert CliRunner().invoke(cli.import_, ["boundaries", str(file), "--source", "x"]).exit_code == 1
