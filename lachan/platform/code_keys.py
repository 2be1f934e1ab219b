"""The keys of personal codes: pairs that sign what is printed, secrets that make what telephones show.

They lie in one file of the installation (`CODE_KEYS`), never in the database: a line a key, `sort first-day base64`.
A printed key that another has followed keeps its public half only, so that old cards stay good and no more are made.
Why so: docs/decisions, "Personal codes".
"""

import logging
import os
import secrets
import stat
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from lachan.codecs.signed_code import FIRST_DAY, key_name
from lachan.platform.folders import keep_once

log = logging.getLogger("lachan.code_keys")
PRINTED, PUBLIC, LIVE = "printed", "printed-public", "live"
KEY_BYTES: Final = 32


class BadKeyFile(ValueError):
    """A line of the file is no key."""


@dataclass(frozen=True, slots=True)
class PrintedKey:
    """`since`: the first day on which it signs. `private` None: another key has followed it."""

    since: date
    public: Ed25519PublicKey
    private: Ed25519PrivateKey | None = field(default=None, repr=False)

    @property
    def name(self) -> str:
        return key_name(self.public)


@dataclass(frozen=True, slots=True)
class LiveKey:
    since: date
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CodeKeys:
    """All keys that are accepted. Those of a coming day are accepted already, so that every machine has them then."""

    printed: tuple[PrintedKey, ...] = ()
    live: tuple[LiveKey, ...] = ()

    def signing(self, on: date) -> PrintedKey | None:
        """The key that signs on this day."""
        able = [key for key in self.printed if key.since <= on and key.private is not None]
        return max(able, key=lambda key: key.since, default=None)

    def showing(self, on: date) -> LiveKey | None:
        """The key with which telephones make codes on this day."""
        return max((k for k in self.live if k.since <= on), key=lambda key: key.since, default=None)

    @property
    def public(self) -> tuple[Ed25519PublicKey, ...]:
        return tuple(key.public for key in self.printed)

    @property
    def secrets(self) -> tuple[bytes, ...]:
        return tuple(key.secret for key in self.live)


def current() -> CodeKeys:
    """The keys of this installation, as the file has them now; none where it is missing or broken.

    Gates go on without: no scan is refused. `lachan doctor` tells.
    """
    path: Path = settings.CODE_KEYS
    try:
        if settings.CODE_KEYS_OF_ONE_MACHINE and not path.exists():
            keep_once(path, written(_first()))
        seen = path.stat()
        return _read_once(path, (seen.st_ino, seen.st_mtime_ns, seen.st_size))
    except (OSError, ValueError) as error:
        log.error("The keys of personal codes cannot be read: %s", type(error).__name__)
        return CodeKeys()


@lru_cache(maxsize=4)
def _read_once(path: Path, _version: tuple[int, int, int]) -> CodeKeys:
    return parsed(path.read_text(encoding="ascii"))


def _first() -> CodeKeys:
    printed = with_printed(CodeKeys(), since=FIRST_DAY, on=FIRST_DAY)
    return with_live(printed, since=FIRST_DAY, on=FIRST_DAY)


def parsed(text: str) -> CodeKeys:
    """Read what `written` wrote. Raises BadKeyFile."""
    printed, live = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            sort, day, encoded = line.split()
            since, raw = date.fromisoformat(day), b64decode(encoded, validate=True)
            if sort == LIVE and len(raw) == KEY_BYTES:
                live.append(LiveKey(since, raw))
            else:
                printed.append(_printed(sort, since, raw))
        except (ValueError, KeyError) as error:
            raise BadKeyFile(f"line {number} is no key") from error
    return CodeKeys(tuple(printed), tuple(live))


def _printed(sort: str, since: date, raw: bytes) -> PrintedKey:
    if sort == PUBLIC:
        return PrintedKey(since, Ed25519PublicKey.from_public_bytes(raw))
    if sort != PRINTED:
        raise BadKeyFile("a sort that is not known")
    private = Ed25519PrivateKey.from_private_bytes(raw)
    return PrintedKey(since, private.public_key(), private)


def written(keys: CodeKeys) -> str:
    """The text of the file."""
    lines = ["# Keys of personal codes. Whoever has this file can make them: keep it as the secret key."]
    for key in keys.printed:
        if key.private is None:
            lines.append(_line(PUBLIC, key.since, key.public.public_bytes_raw()))
        else:
            lines.append(_line(PRINTED, key.since, key.private.private_bytes_raw()))
    lines += [_line(LIVE, live.since, live.secret) for live in keys.live]
    return "\n".join(lines) + "\n"


def _line(sort: str, since: date, raw: bytes) -> str:
    return f"{sort} {since.isoformat()} {b64encode(raw).decode()}"


def with_printed(keys: CodeKeys, *, since: date, on: date) -> CodeKeys:
    """One more key, which signs from `since` on; the private halves of those that signed before `on` are gone."""
    private = Ed25519PrivateKey.generate()
    used = keys.signing(on)
    kept = [
        key if key is used or key.since > on else replace(key, private=None)
        for key in keys.printed
    ]  # fmt: skip
    return replace(keys, printed=(*kept, PrintedKey(since, private.public_key(), private)))


def with_live(keys: CodeKeys, *, since: date, on: date) -> CodeKeys:
    """One more secret, which telephones use from `since` on; of those before only the one in use is kept."""
    used = keys.showing(on)
    kept = [key for key in keys.live if key is used or key.since > on]
    return replace(keys, live=(*kept, LiveKey(since, secrets.token_bytes(KEY_BYTES))))


def without(keys: CodeKeys, name: str) -> CodeKeys:
    """Without the printed key of this name: what it signed is no longer believed. Raises KeyError."""
    left = tuple(key for key in keys.printed if key.name != name)
    if len(left) == len(keys.printed):
        raise KeyError(name)
    return replace(keys, printed=left)


def save(path: Path, keys: CodeKeys) -> None:
    """Put the file in the place of the one that is there, whole, and readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(written(keys))
        file.flush()
        os.fsync(file.fileno())
    made.replace(path)


def open_to_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
