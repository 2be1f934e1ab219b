"""Pure rules: what is known of a person, the verdict at a gate, the visits that scans add up to."""

from lachan.systems.checkpoints.rules.evidence import (
    Contact,
    Evidence,
    Negative,
    OpenOrder,
    Shot,
    evidence_of,
)
from lachan.systems.checkpoints.rules.judging import Judgement, breaks, conditions, judge
from lachan.systems.checkpoints.rules.marks import MARKS, Timing, time_marks, timing
from lachan.systems.checkpoints.rules.visits import LONGEST, Limits, Passage, Visit, Walk, walk

__all__ = [
    "LONGEST", "MARKS", "Contact", "Evidence", "Judgement", "Limits", "Negative", "OpenOrder", "Passage", "Shot",
    "Timing", "Visit", "Walk", "breaks", "conditions", "evidence_of", "judge", "time_marks", "timing", "walk",
]  # fmt: skip
