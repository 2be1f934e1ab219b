"""Telling people: the last link of the loop. Each message is queued once a cause, in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core import clock
from lachan.core.events import (
    DoseGiven,
    Event,
    InvitationCancelled,
    InvitedToSession,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    RecallNoticeGiven,
    RegistrationRejected,
    ResultAmended,
    ResultReported,
)
from lachan.core.models import Person
from lachan.platform.messages import NewMessage, queue_messages
from lachan.systems.declarations import handlers as declarations
from lachan.systems.declarations.commands import link_of
from lachan.systems.declarations.queries import diary_codes
from lachan.systems.vaccination.queries import invitation_words

# Words that can be acted on without an app: what, until when, what to do, whom to ask (1900 9095 is the Ministry of
# Health's free line, 115 the ambulance).
TEXTS = {
    "order-home": _(
        "You were in contact with a person who has the disease. Please stay at home until %(ends_on)s and keep apart"
        " from your family. A health worker will test you on %(test_on)s. Each day, write down how you feel: %(link)s"
        " Questions: 1900 9095."
    ),
    "order-facility": _(
        "You were in contact with a person who has the disease. You will stay at a quarantine site until %(ends_on)s."
        " Wait at home; the commune will call you. Questions: 1900 9095."
    ),
    "order-monitoring": _(
        "You may have been in contact with a person who has the disease. Watch your health until %(ends_on)s and"
        " write down each day how you feel: %(link)s If you feel ill, stay at home and call 1900 9095."
    ),
    "order-entry-home": _(
        "After your entry into Viet Nam: please stay at the address that you gave until %(ends_on)s and keep apart from"
        " others. A health worker will test you on %(test_on)s. Each day, write down how you feel: %(link)s"
        " Questions: 1900 9095."
    ),
    "order-entry-facility": _(
        "After your entry into Viet Nam you will stay at a quarantine site until %(ends_on)s. Follow the officers at"
        " the border gate. Questions: 1900 9095."
    ),
    "order-isolation": _(
        "Your test was positive. Stay apart from others until %(ends_on)s. Call 115 if breathing becomes difficult."
        " Each day, write down how you feel: %(link)s Questions: 1900 9095."
    ),
    "order-changed": _("Your quarantine now ends on %(ends_on)s. Questions: 1900 9095."),
    "order-lifted": _(
        "Your quarantine has ended: its cause no longer holds. Thank you. Questions: 1900 9095."
    ),
    "released": _(
        "You have completed your quarantine today. Thank you. The certificate is at your commune's health station."
    ),
    "released-monitor": _(
        "You have completed your quarantine today. Thank you. Watch your health until %(watch_on)s; if you feel"
        " ill, stay at home and call 1900 9095. The certificate is at your commune's health station."
    ),
    "diary-reminder": _(
        "Please write down today how you feel, here: %(link)s. If breathing becomes difficult, call 115."
        " Questions: 1900 9095."
    ),
    "result-positive": _(
        "Your test is positive. Stay where you are and keep apart from others; you will be called. 1900 9095."
    ),
    "result-negative": _("Your test is negative. Keep to your order's last day if you have one."),
    "amended-positive": _(
        "Your test result was corrected: it is positive. Stay where you are and keep apart from others; you will be"
        " called. 1900 9095."
    ),
    "amended-negative": _("Your test result was corrected: it is negative. Questions: 1900 9095."),
    "amended-unclear": _(
        "Your test result was corrected: it is not clear. The test will be repeated; you will be told when."
        " Questions: 1900 9095."
    ),
    "result-unclear": _(
        "Your test gave no clear result. It will be repeated; you will be told when. Questions: 1900 9095."
    ),
    # TIEMCHUNG is the name under which the Ministry of Health sends invitations to be vaccinated.
    "vaccination-invited": _(
        "TIEMCHUNG: you are invited to be vaccinated at %(slot_at)s, %(site)s. Bring your papers. Do you come? Answer"
        " in your health book, or with the code %(code)s on the vaccination page. Questions: 1900 9095."
    ),
    "vaccination-cancelled": _(
        "TIEMCHUNG: the vaccination of %(slot_at)s is cancelled. You keep your place in the queue and will be invited"
        " again. Questions: 1900 9095."
    ),
    "vaccination-rejected": _(
        "TIEMCHUNG: your registration for vaccination was not accepted. The reason stands in your health book."
        " Questions: 1900 9095."
    ),
    "vaccination-tomorrow": _(
        "TIEMCHUNG: tomorrow you are expected to be vaccinated: %(slot_at)s, %(site)s. If you have fever or a cough,"
        " stay at home and call 1900 9095."
    ),
    "vaccination-dose": _(
        "TIEMCHUNG: dose %(number)s was recorded on %(day_on)s, lot %(lot)s. If you did not have it, call 1900 9095."
        " Your certificate is in your health book. Fever above 39 °C or trouble breathing: go to the nearest health"
        " station."
    ),
    "vaccination-recalled": _(
        "TIEMCHUNG: lot %(lot)s of vaccine, of which you had a dose, was recalled. If you feel unwell, go to the"
        " nearest health station or call 115. Questions: 1900 9095."
    ),
    "vaccination-due": _(
        "TIEMCHUNG: your next dose may be given from %(from_on)s. You will be invited; who is not registered registers"
        " at the commune or on the vaccination page. Questions: 1900 9095."
    ),
}


Said = tuple[str, dict[str, str | int]]


def order_issued(events: Sequence[OrderIssued], at: datetime) -> None:
    """With the link of the order's diary where people are at home: opened here if its own handler comes later."""
    declarations.open_diaries(events, at)
    codes = diary_codes([e.order_id for e in events])

    def say(event: OrderIssued) -> Said:
        template, facts = _about_order(event)
        return template, facts | {"link": link_of(codes[event.order_id])}

    _tell(events, say, at)


def order_changed(events: Sequence[OrderChanged], at: datetime) -> None:
    _tell(events, _about_change, at)


def order_lifted(events: Sequence[OrderLifted], at: datetime) -> None:
    """Not where another order took this one's place: its own message says what holds."""
    _tell([e for e in events if e.reason != "superseded"], _always("order-lifted"), at)


def released(events: Sequence[PersonReleased], at: datetime) -> None:
    _tell(events, _about_release, at)


def result(events: Sequence[ResultReported], at: datetime) -> None:
    _tell(events, _about_result, at)


def result_amended(events: Sequence[ResultAmended], at: datetime) -> None:
    """Where the outcome is another one; a corrected Ct concerns nobody's day."""
    changed = [e for e in events if e.outcome != e.previous_outcome]
    _tell(changed, _about_amendment, at)


def invited(events: Sequence[InvitedToSession], at: datetime) -> None:
    """With the site and the code by which the invitation is answered."""
    known = invitation_words([e.invitation_id for e in events])

    def say(event: InvitedToSession) -> Said:
        return "vaccination-invited", {"slot_at": event.slot_at.isoformat()} | known[event.invitation_id]

    _tell([e for e in events if e.invitation_id in known], say, at)


def invitation_cancelled(events: Sequence[InvitationCancelled], at: datetime) -> None:
    """Not where the person withdrew: they know."""
    _tell([e for e in events if e.reason == "session-cancelled"], _about_cancellation, at)


def registration_rejected(events: Sequence[RegistrationRejected], at: datetime) -> None:
    _tell(events, _always("vaccination-rejected"), at)


def dose_given(events: Sequence[DoseGiven], at: datetime) -> None:
    """A dose of a line; what was written down from papers is known to the person."""
    _tell([e for e in events if e.source == "line"], _about_dose, at)


def recalled(events: Sequence[RecallNoticeGiven], at: datetime) -> None:
    """Who has a number; the others are called."""
    _tell(events, lambda event: ("vaccination-recalled", {"lot": event.number}), at)


def _about_dose(event: DoseGiven) -> Said:
    day = clock.local_date(event.happened_at).isoformat()
    return "vaccination-dose", {"number": event.dose_number, "day_on": day, "lot": event.lot}


def _about_cancellation(event: InvitationCancelled) -> Said:
    return "vaccination-cancelled", {"slot_at": event.slot_at.isoformat()}


def _about_amendment(event: ResultAmended) -> Said:
    known = {"positive": "amended-positive", "negative": "amended-negative"}
    return known.get(event.outcome, "amended-unclear"), {}


def _about_order(event: OrderIssued) -> Said:
    template = "order-isolation" if event.subject == "F0" else f"order-{event.order_kind}"
    if event.subject == "arrival" and event.order_kind != "monitoring":
        template = f"order-entry-{event.order_kind}"
    first_test = event.test_dates[0] if event.test_dates else event.ends_on
    return template, {"ends_on": event.ends_on.isoformat(), "test_on": first_test.isoformat()}


def _about_release(event: PersonReleased) -> Said:
    if event.monitor_until is None:
        return "released", {}
    return "released-monitor", {"watch_on": event.monitor_until.isoformat()}


def _about_change(event: OrderChanged) -> Said:
    return "order-changed", {"ends_on": event.ends_on.isoformat()}


def _about_result(event: ResultReported) -> Said:
    known = {"positive": "result-positive", "negative": "result-negative"}
    return known.get(event.outcome, "result-unclear"), {}


def _always(template: str) -> Callable[[Event], Said]:
    return lambda _event: (template, {})


def _tell(events: Sequence[Any], say: Callable[[Any], Said], at: datetime) -> None:
    languages = _languages(events)
    said = [(e, *say(e)) for e in events]
    rows = [
        NewMessage(e.about, e.id, template, languages.get(e.about, "vi"), facts)
        for e, template, facts in said
    ]
    queue_messages(rows, at=at)


def _languages(events: Sequence[Event]) -> dict[int, str]:
    return dict(Person.objects.filter(pk__in=[e.about for e in events]).values_list("pk", "language"))
