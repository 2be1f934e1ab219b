"""Pure rules: what is known of a person, the verdict at a gate, the visits that scans add up to."""

from lachan.systems.checkpoints.rules.certified import Certified, certified, is_certificate
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
from lachan.systems.checkpoints.rules.proving import Keys, Proof, doubted, prove
from lachan.systems.checkpoints.rules.travel import Sight, Spot, impossible_travel
from lachan.systems.checkpoints.rules.visits import LONGEST, Limits, Passage, Visit, Walk, walk

__all__ = [
    "LONGEST", "MARKS", "Certified", "Contact", "Evidence", "Judgement", "Keys", "Limits", "Negative", "OpenOrder",
    "Passage", "Proof", "Shot", "Sight", "Spot", "Timing", "Visit", "Walk", "breaks", "certified", "conditions",
    "doubted", "evidence_of", "impossible_travel", "is_certificate", "judge", "prove", "time_marks", "timing", "walk",
]  # fmt: skip
