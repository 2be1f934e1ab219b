"""Texts to who reported and left a number: that something was done, and where to read what."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import translation

from lachan.core.codes import format_code
from lachan.platform.messages import queue_text
from lachan.platform.pages import outside
from lachan.systems.feedback import words
from lachan.systems.feedback.models import Report

SENT_WITHIN = timedelta(days=1)


def tell_reporter(report: Report, what: str, *, at: datetime) -> None:
    """Queue a text about a report and those joined to it, in the transaction of what was done."""
    joined = Report.objects.filter(joins__kept=report, joins__undone_at__isnull=True).order_by("pk")
    tell_reporters([report, *joined], what, at=at)


def tell_reporters(reports: Iterable[Report], what: str, *, at: datetime) -> None:
    """`what`: acknowledged, handed-on, escalated, answered, not-ours."""
    for report in reports:
        if report.sealed_phone:
            queue_text(phone=report.phone, text=text_of(report, what), until=at + SENT_WITHIN)


def text_of(report: Report, what: str) -> str:
    """In the language in which it was reported."""
    with translation.override(report.language):
        link = outside(reverse("feedback:state", args=[report.code]))
        return str(words.TOLD[what]) % {"code": format_code(report.code), "link": link}
