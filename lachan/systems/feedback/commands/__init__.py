"""Everything that writes in feedback, gathered from its parts."""

from lachan.systems.feedback.commands.calls import CannotCall, plan_call_backs, record_call
from lachan.systems.feedback.commands.clusters import notice_clusters
from lachan.systems.feedback.commands.escalation import escalate_overdue
from lachan.systems.feedback.commands.filing import CannotFile, Told, file_report
from lachan.systems.feedback.commands.handling import acknowledge, answer, claim, hand_on, let_go, refuse
from lachan.systems.feedback.commands.joining import merge_duplicate, separate
from lachan.systems.feedback.commands.reporter import CannotReply, close, close_silent, rate, reopen
from lachan.systems.feedback.commands.turns import CannotHandle

__all__ = [
    "CannotCall",
    "CannotFile",
    "CannotHandle",
    "CannotReply",
    "Told",
    "acknowledge",
    "answer",
    "claim",
    "close",
    "close_silent",
    "escalate_overdue",
    "file_report",
    "hand_on",
    "let_go",
    "merge_duplicate",
    "notice_clusters",
    "plan_call_backs",
    "rate",
    "record_call",
    "refuse",
    "reopen",
    "separate",
]
