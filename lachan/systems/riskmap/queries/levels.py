"""Signed levels and what is proposed, as a posting or the public sees them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, clock
from lachan.core.errors import Refusal
from lachan.core.models import Area, Posting
from lachan.systems.riskmap.models import Proposal, Signature
from lachan.systems.riskmap.rules.weekly import WEEK, last_day, week_of

WEEKS_SHOWN = 12


class AreaNotVisible(Refusal):
    """The same answer for "no such area" and "not yours"."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "area-not-visible", _("There is no such area in this week that your posting may see.")
        )


def last_week(at: datetime) -> date:
    """The Monday of the last week that is over: what is to be judged now."""
    return week_of(clock.local_date(at)) - WEEK


def units(posting: Posting, week_on: date) -> QuerySet[Area]:
    """The provinces, districts and communes of that week on the ground of the posting; at a place there are none."""
    if posting.area is None:
        return Area.objects.none()
    within = areas.on(last_day(week_on)).filter(level__gt=0, path__startswith=posting.area.path)
    return within.select_related("parent__parent")


def unit_for(posting: Posting, number: int, week_on: date) -> Area:
    """Raises AreaNotVisible."""
    found = units(posting, week_on).filter(pk=number).first()
    if found is None:
        raise AreaNotVisible
    return found


def unit_of(code: str, week_on: date) -> Area:
    """The unit that had this code in that week. Raises AreaNotVisible."""
    found = areas.on(last_day(week_on)).filter(code=code, level__gt=0).select_related("parent__parent")
    if area := found.order_by("-level").first():
        return area
    raise AreaNotVisible


def standing() -> QuerySet[Signature]:
    return Signature.objects.filter(withdrawn_at__isnull=True)


def with_levels(found: QuerySet[Area], week_on: date) -> QuerySet[Area]:
    """Areas with `signed` (level), `proposed` (level), `by_proposal` (key) and `missing` for that week."""
    signed = standing().filter(area=OuterRef("pk"), week_on=week_on)
    newest = Proposal.objects.filter(area=OuterRef("pk"), week_on=week_on).order_by("-revision")
    return found.annotate(
        signed=Subquery(signed.values("level")[:1]), proposed=Subquery(newest.values("level")[:1]),
        by_proposal=Subquery(newest.values("pk")[:1]), missing=Subquery(newest.values("missing")[:1]),
    )  # fmt: skip


def to_sign(posting: Posting, week_on: date) -> QuerySet[Area]:
    """Units with a proposed level that nobody has signed."""
    found = with_levels(units(posting, week_on), week_on)
    return found.filter(Q(signed__isnull=True, proposed__isnull=False))


def not_assessed(posting: Posting, week_on: date) -> QuerySet[Area]:
    """Units that neither figures nor a person have given a level."""
    return with_levels(units(posting, week_on), week_on).filter(Q(signed__isnull=True, proposed__isnull=True))


def signed_levels(codes: Iterable[int], week_on: date) -> Mapping[int, Signature]:
    """By id of the area, what stands for the week."""
    return {s.area_id: s for s in standing().filter(area__in=list(codes), week_on=week_on)}


def proposal_of(area: Area, week_on: date) -> Proposal | None:
    return Proposal.objects.filter(area=area, week_on=week_on).order_by("-revision").first()


def signature_of(area: Area, week_on: date) -> Signature | None:
    return standing().filter(area=area, week_on=week_on).select_related("signed_by", "proposal").first()


def history_of(area: Area) -> QuerySet[Signature]:
    """Everything that was ever signed for the area, withdrawn or not, the last week first."""
    return (
        Signature.objects.filter(area=area)
        .select_related("signed_by", "withdrawn_by")
        .order_by(F("week_on").desc(), "-pk")
    )


def weeks_signed(*, root: Area | None = None) -> list[date]:
    """Weeks for which a level stands, the last first."""
    found = standing() if root is None else standing().filter(area__path__startswith=root.path)
    return list(found.order_by("-week_on").values_list("week_on", flat=True).distinct()[:WEEKS_SHOWN])
