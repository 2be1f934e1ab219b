"""Taking in what somebody reports."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.codecs.errors import FormatError
from lachan.codecs.photographs import Photograph, encode_anew
from lachan.core import clock
from lachan.core.codes import new_code
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import Event, ReportFiled, UrgentReportFiled
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Area
from lachan.core.names import search_key
from lachan.core.sealed import blind_index, seal
from lachan.policy.feedback import Category, FeedbackPolicy
from lachan.systems.feedback.models import MOST_PHOTOS, Photo, Report, Turn
from lachan.systems.feedback.models.reports import PHONE
from lachan.systems.feedback.queries.policy import category_of, ladder_of, rules_on
from lachan.systems.feedback.rules.clocks import due_at

Channel = Literal["web", "hotline", "program"]
_PICTURE = {
    "picture-length": _("A picture is larger than 12 MB. Choose a smaller one."),
    "picture-scans": _("This picture cannot be read. Take it again, or send a screenshot of it."),
    "picture-format": _("The picture is neither JPEG, PNG nor WebP."),
    "picture-size": _("The picture has too many pixels. Choose a smaller one."),
    "picture-broken": _("The picture is damaged. Choose another one."),
}


class CannotFile(Refusal):
    """report-empty, or the pictures: picture-many, picture-length, picture-scans, picture-format, picture-size,
    picture-broken."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What somebody reports. `phone` E.164 or empty; `verified`: a code sent to it was typed; `pictures`: files,
    four at most; `language` that of the texts to the reporter."""

    category: str
    area: Area
    text: str
    place: str = ""
    name: str = ""
    phone: str = ""
    verified: bool = False
    channel: Channel = "web"
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    language: str = "vi"


def file_report(*, told: Told, actor: Actor, at: datetime) -> Report:
    """Keep the report and give it to the first unit of its ladder. Raises CannotFile, NoSuchCategory."""
    policy = rules_on(clock.local_date(at))
    category = category_of(policy, told.category)
    if not told.text.strip():
        raise CannotFile("report-empty", _("Write what happened."))
    photographs = _photographs(told.pictures)
    filing = uuid7()
    with transaction.atomic():
        report = Report.objects.create(
            **_facts(told), policy_id=policy.basis.id, filed_at=at, filed_by=actor, filing_event_id=filing
        )
        Photo.objects.bulk_create(
            Photo(report=report, number=n, body=p.body, width=p.width, height=p.height, taken_at=at)
            for n, p in enumerate(photographs, 1)
        )
        _first_turn(report, category, policy, actor, at)
        emit(_events(report, category, filing, at), actor=actor)
    return report


def _photographs(files: Sequence[bytes]) -> list[Photograph]:
    given = [file for file in files if file]
    if len(given) > MOST_PHOTOS:
        raise CannotFile(
            "picture-many", _("At most %(most)d photos. Leave some out.") % {"most": MOST_PHOTOS}
        )
    try:
        return [encode_anew(file) for file in given]
    except FormatError as error:
        raise CannotFile(error.code, _PICTURE[error.code]) from error


def _facts(told: Told) -> dict[str, Any]:
    sealed = (seal(PHONE, told.phone), blind_index(PHONE, told.phone)) if told.phone else (None, None)
    return {
        "code": new_code(), "category": told.category, "area": told.area, "place": told.place,
        "text": told.text.strip(), "text_key": search_key(told.text)[:8000], "name": told.name,
        "sealed_phone": sealed[0], "phone_index": sealed[1], "verified": told.verified and bool(told.phone),
        "channel": told.channel, "language": told.language,
    }  # fmt: skip


def _first_turn(
    report: Report, category: Category, policy: FeedbackPolicy, actor: Actor, at: datetime
) -> None:
    ladder = ladder_of(report.area, category)
    Turn.objects.create(
        report=report, area=ladder[0], reason="filed", step=0, top=len(ladder) == 1, clock_from=at, begins_at=at,
        due_at=due_at(at, category.acknowledge, policy, clock.zone()), by=actor,
    )  # fmt: skip


def _events(report: Report, category: Category, filing: UUID, at: datetime) -> list[Event]:
    ref = f"feedback.report:{report.pk}"
    filed = ReportFiled(
        report_id=report.pk,
        category=category.code,
        channel=report.channel,
        happened_at=at,
        ref=ref,
        id=filing,
    )
    if not category.urgent:
        return [filed]
    call_back = category.call_back and report.sealed_phone is not None
    return [
        filed,
        UrgentReportFiled(
            report_id=report.pk, category=category.code, call_back=call_back, happened_at=at, ref=ref, caused_by=filing
        ),
    ]  # fmt: skip
