"""Where an installation keeps what must outlive it: the database, the secret key, collected static files."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def data_folder() -> Path:
    """`LACHAN_DATA`, else the user's own; for root /var/lib, as the database's user cannot enter /root."""
    if chosen := os.environ.get("LACHAN_DATA"):
        return Path(chosen).expanduser().resolve()
    if home := os.environ.get("XDG_DATA_HOME"):
        return Path(home) / "lachan"
    if os.geteuid() == 0:
        return Path("/var/lib/lachan")
    return Path.home() / ".local" / "share" / "lachan"


def database_folder() -> Path:
    return data_folder() / "postgres"


def ensure_data_folder() -> Path:
    """Others may pass through (the database's user must), but not look."""
    folder = data_folder()
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o711)
    return folder


def keep_once(kept: Path, text: str) -> None:
    """Write a secret, readable by its owner alone; when another process was quicker, its secret counts."""
    made = kept.with_name(f"{kept.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    try:
        os.link(made, kept)
    except FileExistsError:
        pass
    finally:
        made.unlink()
