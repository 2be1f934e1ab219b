"""Printing the situation, to be read again as it was."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.centre.models.counters import LANGUAGES, SituationReport
from lachan.centre.situation import printing
from lachan.centre.situation.summary import Summary, summary
from lachan.core import clock
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import SituationReported
from lachan.core.models import Actor, Area


class CannotReport(Refusal):
    """report-language."""

    status = 422


def make_report(*, area: Area, language: str, actor: Actor, at: datetime) -> SituationReport:
    """The situation of the area as of now, because somebody asks for it. Raises CannotReport."""
    if language not in LANGUAGES:
        raise CannotReport("report-language", _("Reports are made in Vietnamese and in English."))
    return _kept(_printed(summary(area, at=at), language, at, asked_by=actor), actor)


def make_daily_reports(*, areas: Iterable[Area], actor: Actor, at: datetime) -> int:
    """The report of the morning for each of these areas in each language; how many were made. Those of the day that
    are there already stay as they are."""
    made, day = 0, clock.local_date(at)
    for area in areas:
        there = SituationReport.objects.filter(area=area, day=day, asked_by__isnull=True)
        missing = [code for code in LANGUAGES if code not in set(there.values_list("language", flat=True))]
        if missing:
            found = summary(area, at=at)
            made += sum(_kept_once(_printed(found, code, at), actor) for code in missing)
    return made


def _printed(found: Summary, language: str, at: datetime, asked_by: Actor | None = None) -> SituationReport:
    return SituationReport(
        area=found.area, day=clock.local_date(at), language=language, as_of=found.as_of, asked_by=asked_by,
        recount=found.recount, pdf=printing.pdf(found, language=language),
        workbook=printing.workbook(found, language=language),
    )  # fmt: skip


@transaction.atomic
def _kept(report: SituationReport, actor: Actor) -> SituationReport:
    report.save()
    emit([_told(report)], actor=actor)
    return report


def _kept_once(report: SituationReport, actor: Actor) -> bool:
    """Two workers may print the same morning; one of them is kept."""
    try:
        _kept(report, actor)
    except IntegrityError as error:
        if "report_one_each_morning" not in str(error):
            raise
        return False
    return True


def _told(report: SituationReport) -> SituationReported:
    return SituationReported(
        report_id=report.pk, area_id=report.area_id, language=report.language, happened_at=report.as_of,
        ref=f"centre.report:{report.pk}",
    )  # fmt: skip
