"""`lachan codes`, and what the doctor says of the keys."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lachan.platform import code_keys
from lachan.site import diagnosis
from lachan.site.cli import main


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    settings.CODE_KEYS, settings.CODE_KEYS_OF_ONE_MACHINE = tmp_path / "folder" / "code-keys", False
    return tmp_path / "folder" / "code-keys"


def codes(*words: str) -> Result:
    return CliRunner().invoke(main, ["codes", *words])


def test_keys_are_made_once_listed_renewed_and_withdrawn(file: Path) -> None:
    assert codes("make").exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = codes("make")
    assert (again.exit_code, "there already" in again.output) == (1, True)
    [first] = code_keys.current().printed
    assert codes("renew", "printed").exit_code == codes("renew", "live").exit_code == 0
    keys = code_keys.current()
    assert (len(keys.printed), len(keys.live)) == (2, 2)
    assert codes("list").exit_code == 0
    withdrawn = codes("withdraw", first.name.lower(), "--yes")
    assert withdrawn.exit_code == 0
    assert "No key signs now" in withdrawn.output
    assert first.name not in {key.name for key in code_keys.current().printed}
    assert codes("withdraw", "ZZZZ", "--yes").exit_code == 1


def test_no_secret_is_listed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes("make")
    keys = code_keys.current()
    listed = codes("list").output + capsys.readouterr().out
    secrets = [line.split()[2] for line in file.read_text().splitlines() if not line.startswith("#")]
    hidden = [*secrets, keys.live[0].secret.hex()]
    seen = re.sub(r"[\s│]", "", listed)
    assert not [secret for secret in hidden if secret[:12] in seen]


def test_a_key_of_yesterday_is_refused_and_a_missing_or_broken_file_is_said(file: Path) -> None:
    assert "Run: lachan codes make" in codes("list").output
    codes("make")
    assert codes("renew", "printed", "--since", "2020-01-01").exit_code == 2
    file.write_text("live today AAAA\n")
    assert "line 1 is no key" in codes("list").output


def test_the_doctor_says_when_keys_are_missing_or_open(file: Path) -> None:
    assert diagnosis.codes().remedy.startswith("Run: lachan codes make")
    codes("make")
    assert diagnosis.codes().well
    file.chmod(0o644)
    assert diagnosis.codes().remedy == f"Run: chmod 600 {file}"
