"""Settings from the environment. A wrong value refuses to start, in a sentence that says which and why."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from lachan.platform.folders import keep_once

YES, NO = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "1" if default else "0").strip().lower()
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return value in YES


def whole_number(name: str, *, default: int, least: int, most: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def words(name: str, *, default: list[str]) -> list[str]:
    found = [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
    return found or default


def address(name: str, *, hosts: Sequence[str], https: bool) -> str:
    """Scheme and host of a site, without a slash at the end; if none is set, its first host that is a name."""
    host = next((h.lstrip(".") for h in hosts if h != "*"), "localhost")
    value = os.environ.get(name, "").strip() or f"{'https' if https else 'http'}://{host}"
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ImproperlyConfigured(f"{name} must be an address like https://shield.example, not {value!r}.")
    return value.rstrip("/")


def secret_key(folder: Path) -> str:
    """`LACHAN_SECRET_KEY`, else a key made once and kept in `folder`, readable by its owner alone."""
    if given := os.environ.get("LACHAN_SECRET_KEY"):
        if len(given) < 50:
            raise ImproperlyConfigured("LACHAN_SECRET_KEY must have at least 50 characters.")
        return given
    kept = folder / "secret-key"
    if not kept.exists():
        keep_once(kept, secrets.token_urlsafe(64))
    return kept.read_text()


def database(dsn: str, *, pool: int) -> dict[str, Any]:
    """Django's description of the database at `dsn`; it pools up to `pool` connections, 0 for no pool."""
    if not dsn.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(
            "DATABASE_URL must begin with postgresql:// ; other databases are not supported."
        )
    try:
        parts = conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be read: {str(error).strip()}.") from None
    if not parts.get("dbname"):
        raise ImproperlyConfigured(
            "DATABASE_URL names no database: postgresql://user:password@host:5432/name."
        )
    known = {key: str(parts.pop(name, None) or "") for key, name in DJANGO_NAMES.items()}
    options: dict[str, Any] = {"connect_timeout": 5, "application_name": "lachan", **parts}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 3, "max_lifetime": 3600}
    return {"ENGINE": "django.db.backends.postgresql", **known, "CONN_MAX_AGE": 0, "OPTIONS": options}


DJANGO_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
