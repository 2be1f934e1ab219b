"""Reports, whose turn they are, what was done with them, calls back. A state stands nowhere: it is computed."""

from lachan.systems.feedback.models.calls import OUTCOMES, CallBack, CallTry
from lachan.systems.feedback.models.clusters import Cluster
from lachan.systems.feedback.models.reports import CHANNELS, MOST_PHOTOS, Join, Photo, Report
from lachan.systems.feedback.models.turns import REASONS, Rating, Step, Turn

__all__ = [
    "CHANNELS", "MOST_PHOTOS", "OUTCOMES", "REASONS", "CallBack", "CallTry", "Cluster", "Join", "Photo", "Rating",
    "Report", "Step", "Turn",
]  # fmt: skip
