"""What makes a case, when it infects, who is a contact of which level. Pure: evidence and policy in, answer out."""

from lachan.systems.tracing.rules.cases import (
    Assessment,
    Finding,
    FindingKind,
    assess,
    classify,
    infectious_window,
    is_symptomatic,
    standing,
)
from lachan.systems.tracing.rules.levels import Edge, Ended, Place, Window, cleared, eligible, levels

__all__ = [
    "Assessment",
    "Edge",
    "Ended",
    "Finding",
    "FindingKind",
    "Place",
    "Window",
    "assess",
    "classify",
    "cleared",
    "eligible",
    "infectious_window",
    "is_symptomatic",
    "levels",
    "standing",
]
