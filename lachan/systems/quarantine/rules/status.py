"""The status of an order: a reading of the evidence, stored nowhere."""

from __future__ import annotations

from typing import Literal

Status = Literal["active", "due", "waiting-for-bed", "in-facility", "released", "lifted", "superseded"]


def status(*, kind: str, closed_how: str, has_bed: bool, due: bool) -> Status:
    """`closed_how` is empty while the order is open; `due` the verdict of `release_due`."""
    if closed_how == "released":
        return "released"
    if closed_how == "superseded":
        return "superseded"
    if closed_how:
        return "lifted"
    if due:
        return "due"
    if kind != "facility":
        return "active"
    return "in-facility" if has_bed else "waiting-for-bed"
