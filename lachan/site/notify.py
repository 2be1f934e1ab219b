"""Telling people: the last link of the loop. Each message is queued once a cause, in the reader's language."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core.events import (
    Event,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    ResultAmended,
    ResultReported,
)
from lachan.core.models import Person
from lachan.platform.messages import NewMessage, queue_messages

# Words that can be acted on without an app: what, until when, what to do, whom to ask (1900 9095 is the Ministry of
# Health's free line, 115 the ambulance).
TEXTS = {
    "order-home": _(
        "You were in contact with a person who has the disease. Please stay at home until %(ends_on)s and keep apart"
        " from your family. A health worker will test you on %(test_on)s. Questions: 1900 9095."
    ),
    "order-facility": _(
        "You were in contact with a person who has the disease. You will stay at a quarantine site until %(ends_on)s."
        " Wait at home; the commune will call you. Questions: 1900 9095."
    ),
    "order-monitoring": _(
        "You may have been in contact with a person who has the disease. Watch your health until %(ends_on)s. If you"
        " feel ill, stay at home and call 1900 9095."
    ),
    "order-isolation": _(
        "Your test was positive. Stay apart from others until %(ends_on)s. Call 115 if breathing becomes difficult."
        " Questions: 1900 9095."
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
}


Said = tuple[str, dict[str, str | int]]


def order_issued(events: Sequence[OrderIssued], at: datetime) -> None:
    _tell(events, _about_order, at)


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


def _about_amendment(event: ResultAmended) -> Said:
    known = {"positive": "amended-positive", "negative": "amended-negative"}
    return known.get(event.outcome, "amended-unclear"), {}


def _about_order(event: OrderIssued) -> Said:
    template = "order-isolation" if event.subject == "F0" else f"order-{event.order_kind}"
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
