"""The line of a session as its tables see it: who waits where, what is open to be drawn from, and what comes next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import cast

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, clock, prepared
from lachan.core.errors import Refusal
from lachan.core.models import Area, Person, Place, Posting
from lachan.systems.vaccination.models import (
    Dose,
    Invitation,
    Lot,
    Observation,
    ScreeningForm,
    Session,
    Vial,
    Visit,
)
from lachan.systems.vaccination.queries.policy import rules_at, rules_on
from lachan.systems.vaccination.queries.recipients import recipients_of
from lachan.systems.vaccination.rules.courses import Offer, Recipient, Refused, judge_dose, next_dose
from lachan.systems.vaccination.rules.line import Screened, Step, may_go_at, step_of

MOST_IN_LINE = 2_000


class NotInYourLine(Refusal):
    """The same answer for "no such session, visit or dose" and "not of your site"."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "line-not-visible", _("There is nothing with this number in the sessions of your posting.")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """An open visit: what was concluded, which dose was given, and from when the person may go."""

    visit: Visit
    step: Step
    form: ScreeningForm | None
    dose: Dose | None
    may_go_at: datetime | None

    @property
    def person(self) -> Person:
        return self.visit.person

    def may_go(self, at: datetime) -> bool:
        return self.may_go_at is not None and self.may_go_at <= at

    def minutes_left(self, at: datetime) -> int:
        """Whole minutes of the watch to come, counted up."""
        return -(-int((self.may_go_at - at).total_seconds()) // 60) if self.may_go_at else 0


def _scope(posting: Posting, prefix: str) -> Q:
    if posting.area is not None:
        return areas.inside(f"{prefix}area__", posting.area)
    return Q(**{f"{prefix}pk": posting.place_id})


def _covers(posting: Posting, site: Place) -> bool:
    """`_scope` of a site that has been read, with its area."""
    return areas.holds(posting.area, site.area) if posting.area else site.pk == posting.place_id


def line_sessions(posting: Posting, *, at: datetime) -> QuerySet[Session]:
    """Sessions of today at the posting's site, or in its area; the earliest first."""
    start, end = clock.day_bounds(clock.local_date(at))
    found = Session.objects.filter(
        _scope(posting, "site__"), starts_at__gte=start, starts_at__lt=end, cancelled_at__isnull=True
    )
    return found.select_related("site__area", "lot").order_by("starts_at", "pk")


def line_session(posting: Posting, number: int) -> Session:
    """A session at a site of the posting, of any day. Raises NotInYourLine."""
    for row in prepared.rows(SESSION, [number]):
        session, site, area, lot = prepared.instances(row, *SESSION_OF)
        session.site, site.area, session.lot = site, area, lot
        if _covers(posting, site):
            return cast(Session, session)
    raise NotInYourLine


SESSION_OF = (Session, Place, Area, Lot)
SESSION = f"""
    SELECT {", ".join(map(prepared.columns, SESSION_OF, ("s", "p", "a", "l")))}
    FROM vaccination_session s JOIN core_place p ON p.id = s.site_id JOIN core_area a ON a.id = p.area_id
    LEFT JOIN vaccination_lot l ON l.id = s.lot_id
    WHERE s.id = %s
"""  # noqa: S608 - our own names


def line_visit(posting: Posting, number: int) -> Visit:
    """Raises NotInYourLine."""
    found = Visit.objects.filter(_scope(posting, "session__site__"), pk=number)
    visit = found.select_related("session__site__area", "session__lot", "person").first()
    if visit is None:
        raise NotInYourLine
    return visit


def line_dose(posting: Posting, number: int) -> Dose:
    """A dose given at a site of the posting. Raises NotInYourLine."""
    found = Dose.objects.filter(_scope(posting, "site__"), pk=number)
    dose = found.select_related("visit__session", "vial", "lot", "site__area", "person__merged_into").first()
    if dose is None:
        raise NotInYourLine
    return dose


def line_vial(session: Session, number: int) -> Vial:
    """A vial opened at the site. Raises NotInYourLine."""
    found = Vial.objects.filter(store=session.site_id, pk=number).select_related("lot").first()
    if found is None:
        raise NotInYourLine
    return found


def line_lot(session: Session, number: int) -> Lot:
    """A lot of the session's vaccine that stands at the site. Raises NotInYourLine."""
    found = Lot.objects.filter(stocks__store=session.site_id, product=session.product, pk=number).first()
    if found is None:
        raise NotInYourLine
    return found


def in_line(session: Session) -> list[InLine]:
    """Everybody who is in the line, by number: four statements, whatever their number."""
    open_ = Visit.objects.filter(session=session, left_at__isnull=True).select_related("person")
    return stands_of(list(open_.order_by("number")[:MOST_IN_LINE]))


def stands_of(visits: Sequence[Visit]) -> list[InLine]:
    """Where each of these visits stands."""
    ids = [visit.pk for visit in visits]
    latest = ScreeningForm.objects.filter(visit__in=ids).order_by("visit", "-pk").distinct("visit")
    forms = {form.visit_id: form for form in latest}
    doses = {d.visit_id: d for d in Dose.objects.filter(visit__in=ids, withdrawn_at__isnull=True)}
    seen = Observation.objects.filter(dose__in=[d.pk for d in doses.values()]).values_list("dose", flat=True)
    watched = frozenset(seen)
    return [_stand(visit, forms.get(visit.pk), doses.get(visit.pk), watched) for visit in visits]


def _stand(visit: Visit, form: ScreeningForm | None, dose: Dose | None, watched: frozenset[int]) -> InLine:
    step = step_of(
        screened=_screened(form) if form else None, dosed=dose is not None,
        observed=dose is not None and dose.pk in watched, left=visit.left_at is not None,
    )  # fmt: skip
    until = may_go_at(dose.given_at, rules_at(dose.given_at).observation_minutes) if dose else None
    return InLine(visit=visit, step=step, form=form, dose=dose, may_go_at=until)


def _screened(form: ScreeningForm) -> Screened:
    return Screened(outcome=form.outcome, careful_here=form.careful_here, consent=form.consent)


def by_step(line: Sequence[InLine]) -> Mapping[Step, list[InLine]]:
    """The lists of the tables. Those in observation who may go first come first."""
    found: dict[Step, list[InLine]] = defaultdict(list)
    for one in line:
        found[one.step].append(one)
    found["observation"].sort(key=lambda one: (one.may_go_at is None, one.may_go_at))
    return found


def drawable(session: Session, *, at: datetime) -> list[Vial]:
    """Vials open at the site from which this session may draw, what has to be used first first."""
    found = Vial.objects.filter(
        Q(left__gt=0) | Q(most__gt=F("doses") + F("extra")), store=session.site_id, use_by__gt=at,
        lot__product=session.product, opened_at__lte=at,
    )  # fmt: skip
    return list(found.select_related("lot").order_by("use_by", "pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the rules say before the injection: the offer, or why not; and the doses that are known."""

    offer: Offer | Refused | None
    known: Recipient | None


def preview(one: InLine, *, at: datetime) -> Preview:
    """As `commands.inject` will judge."""
    known = recipients_of([one.person]).get(one.person.pk)
    if known is None:
        return Preview(offer=None, known=None)
    form = one.form
    weak = form is not None and form.weak_immunity
    offer = judge_dose(
        replace(known, immunocompromised=weak), product=one.visit.session.product, on=clock.local_date(at),
        policy=rules_at(at), consent=form is not None and form.mix_consent,
        guardian_consent=form is not None and bool(form.guardian),
    )  # fmt: skip
    return Preview(offer=offer, known=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The next dose of a person: the kind, its number, the first day, and of which products."""

    kind: str
    number: int
    from_on: date
    products: tuple[str, ...]
    verified: bool


def planned_next(person: Person, *, on: date) -> Planned | None:
    """By the rules of the day, after the doses that stand; None where no more is allowed (or nothing is known)."""
    known = recipients_of([person]).get(person.pk)
    if known is None:
        return None
    offer = next_dose(known, on=on, policy=rules_on(on))
    if isinstance(offer, Refused) or not offer.choices:
        return None
    first = min(choice.from_on for choice in offer.choices)
    soon = [choice for choice in offer.choices if choice.from_on == first]
    return Planned(
        kind=offer.kind, number=offer.number, from_on=first, products=tuple(c.product for c in soon),
        verified=all(c.verified for c in soon),
    )  # fmt: skip


def reach(posting: Posting) -> QuerySet[Person, int]:
    """Ids of people in the line of the posting's site, or invited to a session there that is not over."""
    if posting.place_id is None:
        return Person.objects.none().values_list("pk", flat=True)
    here = Visit.objects.filter(session__site=posting.place_id, left_at__isnull=True)
    asked = Invitation.objects.filter(session__site=posting.place_id, closed_at__isnull=True)
    first, second = (
        Person.objects.filter(pk__in=here.values("person")).values_list("pk", flat=True),
        Person.objects.filter(pk__in=asked.values("person")).values_list("pk", flat=True),
    )
    return first.union(second)
