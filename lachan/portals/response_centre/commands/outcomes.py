"""Writing what a call found where it belongs, and ending the call, in one transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import clock, persons
from lachan.core.eventlog import emit
from lachan.core.events import SymptomsDeclared
from lachan.core.models import Actor, Area, Person
from lachan.core.sealed import unseal
from lachan.platform.symptoms import SYMPTOM
from lachan.portals.response_centre.commands.calls import CannotCall, end_call
from lachan.portals.response_centre.commands.wishes import PHONE
from lachan.portals.response_centre.models import Call
from lachan.systems.feedback.commands import Told, file_report
from lachan.systems.quarantine.commands import record_reading
from lachan.systems.quarantine.commands.monitoring import Measured
from lachan.systems.quarantine.models import Order
from lachan.systems.testing.commands import TestRequest, order_tests
from lachan.systems.vaccination.commands import report_reaction

WRITES = ("nothing", "symptoms", "reaction", "test", "report")
PLAIN = ("answered", "call-back", "no-answer", "wrong-number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a call ends. `write` says what it leads to: `symptoms`, `reaction` and `test` concern the person whose record
    is open, `report` is filed with `category`, `area` and the note. `felt` and `criteria` are those of a reaction,
    which began at `since`, or now."""

    outcome: str = "answered"
    write: str = "nothing"
    note: str = ""
    symptoms: tuple[str, ...] = ()
    felt: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    since: datetime | None = None
    category: str = ""
    area: Area | None = None
    urgent: bool = False


@transaction.atomic
def finish_call(*, call: Call, ending: Ending, actor: Actor, at: datetime) -> str:
    """Write, then end; the reference of what was written, "" if nothing was. Raises CannotCall: write-unknown,
    nobody, symptoms, report-incomplete, and what end_call and the command that writes raise."""
    if ending.write not in WRITES or ending.outcome not in PLAIN:
        raise CannotCall("write-unknown", _("Choose what the call leads to."))
    held = Call.objects.select_for_update(of=("self",)).select_related("person").get(pk=call.pk)
    wrote = _write(held, ending, actor, at) if ending.outcome == "answered" else ""
    outcome = "written" if wrote else ending.outcome
    end_call(
        call=call, outcome=outcome, note=ending.note, wrote=wrote, urgent=ending.urgent, actor=actor, at=at
    )
    return wrote


def _write(call: Call, ending: Ending, actor: Actor, at: datetime) -> str:
    if ending.write == "nothing":
        return ""
    if ending.write == "report":
        return _report(call, ending, actor, at)
    if call.person is None:
        raise CannotCall("nobody", _("Open the record of the person first: say who it is, and what for."))
    if ending.write == "test":
        return _test(call.person, actor, at)
    if ending.write == "reaction":
        return _reaction(call.person, ending, actor, at)
    return _symptoms(call, call.person, ending, actor, at)


def _report(call: Call, ending: Ending, actor: Actor, at: datetime) -> str:
    if not (ending.category and ending.area and ending.note.strip()):
        raise CannotCall("report-incomplete", _("A report needs what it is about, where, and what was told."))
    told = Told(
        category=ending.category, area=ending.area, text=ending.note, phone=unseal(PHONE, call.phone),
        channel="hotline", name=call.person.name if call.person else "",
    )  # fmt: skip
    return f"feedback.report:{file_report(told=told, actor=actor, at=at).pk}"


def _test(person: Person, actor: Actor, at: datetime) -> str:
    wish = TestRequest(person_id=person.pk, assay="pcr", reason="symptoms", due_on=clock.local_date(at))
    [number] = order_tests(requests=[wish], actor=actor, at=at)
    return f"testing.testorder:{number}"


def _reaction(person: Person, ending: Ending, actor: Actor, at: datetime) -> str:
    """After the last dose; a serious one starts the clocks of the decree. Raises CannotReport."""
    row = report_reaction(
        person=person, told_by="centre", symptoms=ending.felt, criteria=ending.criteria, words=ending.note,
        began_at=ending.since, actor=actor, at=at,
    )  # fmt: skip
    return f"vaccination.reaction:{row.pk}"


def _symptoms(call: Call, person: Person, ending: Ending, actor: Actor, at: datetime) -> str:
    """Into the readings of the person's order if they are under one; else they are told to all."""
    if not ending.symptoms or any(s not in SYMPTOM for s in ending.symptoms):
        raise CannotCall("symptoms", _("Tick the symptoms that were told."))
    root = persons.roots_locked([person.pk])[person.pk]
    order = Order.objects.filter(person=root, closed_at__isnull=True).order_by("-issued_at", "-pk").first()
    if order:
        measured = Measured(taken_at=at, symptoms=ending.symptoms)
        return f"quarantine.reading:{record_reading(order=order, measured=measured, actor=actor, at=at).pk}"
    ref = f"response_centre.call:{call.pk}"
    emit(
        [SymptomsDeclared(person_id=root, symptoms=ending.symptoms, happened_at=at, ref=ref)],
        actor=actor,
    )
    return ref
