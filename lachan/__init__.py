"""Lá Chắn: one outbreak, nine systems, one record."""

from pathlib import Path


def _version() -> str:
    changelog = Path(__file__).resolve().parent.parent / "CHANGELOG.md"
    for line in changelog.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            return line[3:].split()[0]
    raise RuntimeError("CHANGELOG.md has no version heading")


__version__ = _version()
