"""The built-in tables, parsed afresh so that a test may spoil them."""

from __future__ import annotations

import tomllib
from typing import Any

from lachan.policy.book import HOME
from lachan.policy.model import CheckpointPolicy, QuarantinePolicy, TestingPolicy, TracingPolicy

CLASSES: dict[str, type[Any]] = {
    "tracing": TracingPolicy,
    "quarantine": QuarantinePolicy,
    "testing": TestingPolicy,
    "checkpoints": CheckpointPolicy,
}


def document(part: str, profile: str = "vn/covid19") -> dict[str, Any]:
    return tomllib.loads((HOME / profile / f"{part}.toml").read_text(encoding="utf-8"))
