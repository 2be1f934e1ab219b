"""What feedback does when it hears of something urgent, or of much of the same."""

from collections.abc import Sequence
from datetime import datetime

from lachan.core import actors
from lachan.core.events import ReportFiled, UrgentReportFiled
from lachan.systems.feedback import commands


def notice_clusters(events: Sequence[ReportFiled], at: datetime) -> None:
    """Many of one kind from one area are told to the centre."""
    commands.notice_clusters(filed=events, actor=actors.system(at=at), at=at)


def plan_call_backs(events: Sequence[UrgentReportFiled], at: datetime) -> None:
    """Whoever left a number is called back."""
    commands.plan_call_backs(urgent=events, actor=actors.system(at=at), at=at)
