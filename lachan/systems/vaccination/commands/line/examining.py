"""The examination before the injection: the form in force is answered, and its conclusion computed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from lachan.core import clock, persons
from lachan.core.eventlog import emit
from lachan.core.events import VisitScreened
from lachan.core.models import Actor, Person
from lachan.policy import VaccinationPolicy
from lachan.systems.vaccination.commands.line.arriving import held_visit
from lachan.systems.vaccination.commands.line.refusals import CannotServe
from lachan.systems.vaccination.models import ScreeningForm, Visit
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.rules.screening import Incomplete, Screening, Sex, Signs, conclude

SEXES: Final[Mapping[str, Sex]] = {"m": "male", "f": "female"}
MEASURABLE: Final[Mapping[str, tuple[float, float]]] = {
    "temperature": (30, 45), "pulse": (20, 250), "systolic": (40, 300), "diastolic": (20, 200), "breaths": (4, 80),
    "usual_systolic": (40, 300),
}  # fmt: skip
LONGEST: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What was answered (by the code of the question), measured and agreed to.

    `careful_here`: the clinician lets who asks for care be injected here. `defer_until`: told to who has to wait.
    """

    answers: Mapping[str, bool]
    signs: Signs
    consent: bool
    guardian: str = ""
    mix_consent: bool = False
    weak_immunity: bool = False
    careful_here: bool = False
    defer_until: date | None = None
    note: str = ""
    pressure_needed: bool = False


@transaction.atomic
def screen(*, visit: Visit, examined: Examined, actor: Actor, at: datetime) -> ScreeningForm:
    """Conclude by the form of the day. A form of before is kept, the latest counts until the injection.

    Raises CannotServe: form-incomplete, signs-impossible, birth-unknown, defer-date-…, note-long, already-injected,
    visit-over.
    """
    held = held_visit(visit)
    if held.doses.filter(withdrawn_at__isnull=True).exists():
        raise CannotServe("already-injected")
    person, policy = held.person, rules_at(at)
    form = form_of(held, person, examined, policy=policy, actor=actor, at=at)
    form.save(force_insert=True)
    emit([visit_screened(form, held)], actor=actor)
    return form


def form_of(
    visit: Visit, person: Person, examined: Examined, *, policy: VaccinationPolicy, actor: Actor, at: datetime
) -> ScreeningForm:
    """The form with its conclusion, unsaved. Raises CannotServe as `screen`."""
    if len(examined.note) > LONGEST or len(examined.guardian) > 200:
        raise CannotServe("note-long")
    found = concluded(person, examined, policy=policy, on=clock.local_date(at))
    until = _deferred(found, examined.defer_until, clock.local_date(at))
    known = {question.code for question in policy.questions}
    answers = {code: answer for code, answer in examined.answers.items() if code in known}
    return ScreeningForm(
        visit=visit, answers=answers, signs=_kept(examined.signs), outcome=found.outcome,
        because=list(found.because), careful_here=found.outcome == "careful" and examined.careful_here,
        consent=examined.consent, guardian=examined.guardian.strip(), mix_consent=examined.mix_consent,
        weak_immunity=examined.weak_immunity, defer_until=until, note=examined.note.strip(),
        rules=rules_id(policy), screened_at=at, screened_by=actor,
    )  # fmt: skip


def concluded(person: Person, examined: Examined, *, policy: VaccinationPolicy, on: date) -> Screening:
    """Raises CannotServe: form-incomplete, signs-impossible, birth-unknown."""
    birth = persons.birth_of(person)
    if birth is None:
        raise CannotServe("birth-unknown")
    _require_measurable(examined.signs)
    found = conclude(
        examined.answers, examined.signs, age=birth.age_on(on), sex=SEXES.get(person.sex, "unknown"),
        pressure_needed=examined.pressure_needed, policy=policy,
    )  # fmt: skip
    if isinstance(found, Incomplete):
        raise CannotServe("form-incomplete", missing=found.missing)
    return found


def _require_measurable(signs: Signs) -> None:
    for name, (low, high) in MEASURABLE.items():
        value = getattr(signs, name)
        if value is not None and not low <= value <= high:
            raise CannotServe("signs-impossible", missing=[name])


def _deferred(found: Screening, until: date | None, today: date) -> date | None:
    """Until when, for who has to wait; for others there is no such day."""
    if found.outcome != "defer":
        return None
    if until is None:
        raise CannotServe("defer-date-missing")
    if until <= today:
        raise CannotServe("defer-date-past")
    return until


def _kept(signs: Signs) -> dict[str, Any]:
    return {name: value for name, value in asdict(signs).items() if value is not None}


def rules_id(policy: VaccinationPolicy) -> str:
    return policy.basis.id[:60]


def visit_screened(form: ScreeningForm, visit: Visit) -> VisitScreened:
    return VisitScreened(
        person_id=visit.person_id, place_id=visit.session.site_id, happened_at=form.screened_at,
        ref=f"vaccination.visit:{visit.pk}", session_id=visit.session_id, outcome=form.outcome,
    )  # fmt: skip
