"""Settings from the environment: a wrong value refuses to start and says which."""

import stat
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lachan.site import environment


@pytest.mark.parametrize("value", ["maybe", "2", "tru"])
def test_a_flag_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LACHAN_DEBUG", value)
    with pytest.raises(ImproperlyConfigured, match="LACHAN_DEBUG must be 1 or 0"):
        environment.flag("LACHAN_DEBUG")


@pytest.mark.parametrize(
    ("value", "meant"), [("1", True), ("on", True), ("0", False), ("", False), ("No", False)]
)
def test_flags_are_read_as_people_write_them(
    monkeypatch: pytest.MonkeyPatch, value: str, *, meant: bool
) -> None:
    monkeypatch.setenv("LACHAN_DEBUG", value)
    assert environment.flag("LACHAN_DEBUG", default=not meant) is meant


@pytest.mark.parametrize(
    ("given", "hosts", "https", "meant"),
    [
        ("", ["shield.example", "x"], True, "https://shield.example"),
        ("", ["*", ".shield.example"], False, "http://shield.example"),
        ("", ["*"], False, "http://localhost"),
        ("https://khai.example:8443/", ["x"], False, "https://khai.example:8443"),
    ],
)
def test_the_address_of_the_site_is_given_or_its_first_host(
    monkeypatch: pytest.MonkeyPatch, given: str, hosts: list[str], meant: str, *, https: bool
) -> None:
    monkeypatch.setenv("LACHAN_ADDRESS", given)
    assert environment.address("LACHAN_ADDRESS", hosts=hosts, https=https) == meant


@pytest.mark.parametrize(
    "given", ["shield.example", "ftp://shield.example", "https://", "https://x.example/?a=1"]
)
def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("LACHAN_ADDRESS", given)
    with pytest.raises(ImproperlyConfigured, match="LACHAN_ADDRESS must be an address"):
        environment.address("LACHAN_ADDRESS", hosts=["x"], https=True)


@pytest.mark.parametrize("value", ["-1", "501", "ten", "1.5", "١"])
def test_a_number_has_bounds(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LACHAN_DB_POOL", value)
    with pytest.raises(ImproperlyConfigured, match="from 0 to 500"):
        environment.whole_number("LACHAN_DB_POOL", default=0, least=0, most=500)


@pytest.mark.parametrize(
    ("dsn", "said"),
    [
        ("sqlite:///x.db", "must begin with postgresql://"),
        ("postgresql://u@h:1/", "names no database"),
        ("postgresql://u@h:1/d?nonsense=1", "cannot be read"),
    ],
)
def test_an_unusable_database_url_is_refused_with_a_reason(dsn: str, said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        environment.database(dsn, pool=0)


def test_the_sentence_does_not_show_the_password() -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment.database("postgresql://u:hunter2@h:1/d?nonsense=1", pool=0)
    assert "hunter2" not in str(refusal.value)


def test_a_database_url_becomes_djangos_settings() -> None:
    made = environment.database("postgresql://u:p%40ss@h:5433/d?sslmode=require", pool=4)
    assert [made[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "d",
        "u",
        "p@ss",
        "h",
        "5433",
    ]
    assert made["OPTIONS"]["sslmode"] == "require"
    assert made["OPTIONS"]["pool"]["max_size"] == 4
    assert "pool" not in environment.database("postgresql://u@h/d", pool=0)["OPTIONS"]


def test_the_secret_key_is_made_once_and_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LACHAN_SECRET_KEY", raising=False)
    keys: set[str] = set()
    threads = [threading.Thread(target=lambda: keys.add(environment.secret_key(tmp_path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_a_short_secret_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LACHAN_SECRET_KEY", "short")
    with pytest.raises(ImproperlyConfigured, match="at least 50"):
        environment.secret_key(tmp_path)
