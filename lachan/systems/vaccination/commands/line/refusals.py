"""What the line says no to, in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.systems.vaccination.rules.courses import Refused

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WORDS: Final[Mapping[str, "StrOrPromise"]] = {
    "session-cancelled": _("This session was called off."),
    "session-ended": _("This session is closed."),
    "session-not-begun": _("This session has not begun."),
    "people-in-line": _("People are in the line. Let each of them go first."),
    "vials-unexplained": _("Doses are left in vials of this session. Give them or write them off first."),
    "session-not-today": _("This session is on another day."),
    "session-full": _("The session is full: nobody can be taken in without an invitation."),
    "not-invited": _(
        "Not invited to this session. Take the person in without an invitation if there is room."
    ),
    "in-line": _("This person is in the line already."),
    "in-another-line": _("This person is in the line of another session at this moment."),
    "code-unknown": _("Nobody is known by this code."),
    "card-unreadable": _("The card cannot be read. Find the person by name."),
    "visit-over": _("This visit is over."),
    "form-incomplete": _("Answer every question and measure every sign that is asked for."),
    "signs-impossible": _("A sign lies outside what can be measured. Measure again."),
    "note-long": _("Too long: 500 characters at most."),
    "defer-date-missing": _("Say until when the vaccination is put off."),
    "defer-date-past": _("The vaccination is put off until a day to come."),
    "not-screened": _("Not examined yet."),
    "not-cleared": _("The examination does not allow an injection here."),
    "consent-missing": _("The person has not agreed to the injection."),
    "birth-unknown": _("Without a year of birth no dose can be judged. Correct the record first."),
    "already-injected": _("A dose was already given in this visit."),
    "dose-known": _("This dose is on record already."),
    "table-unknown": _("There is no table with this number in this session."),
    "vial-of-another-site": _("This vial stands at another site."),
    "vial-of-another-vaccine": _("This vial is not of the vaccine of this session."),
    "not-injected": _("No dose was given in this visit."),
    "still-watched": _("The watch is not over. Say what was noticed, or wait."),
    "observed-before": _("The watch was ended before."),
    "observation-words": _("Say in words what was noticed."),
    "still-to-do": _("A dose was given: end the watch first."),
    "ending-unknown": _("Say how the visit ended."),
    "reason-missing": _("Say why."),
    "withdrawn-before": _("This dose was withdrawn before."),
    "not-of-this-line": _("This dose was not given in a line here: ask for a correction."),
    "visit-closed-dose": _("The visit is over: ask for a correction of the dose."),
    "lot-number-long": _("A lot number has 20 characters at most."),
    "dose-in-future": _("The day lies in the future."),
    "dose-number-wrong": _("This number does not fit the kind of dose."),
    "source-missing": _("Say which paper was seen."),
    # what the rules of courses say
    "product-unknown": _("The rules of today do not know this vaccine."),
    "product-not-approved": _("This vaccine is not approved yet."),
    "before-birth": _("The dose lies before the person's birth."),
    "before-an-earlier-dose": _("A later dose is on record already."),
    "too-young": _("Too young for any vaccine by the rules of today."),
    "product-not-for-age": _("This vaccine is not for people of this age."),
    "too-early": _("Too early after the dose before."),
    "wrong-mix": _("This vaccine may not follow the one before."),
    "mix-consent-missing": _("Another vaccine than before needs the person's written consent."),
    "guardian-consent-missing": _("A guardian has to agree. Write down who."),
    "course-complete": _("All doses that the rules of today allow have been given."),
}

# What the database says, as the same refusals.
BROKEN: Final = {
    "visit_one_open_a_person": "in-another-line",
    "dose_one_a_visit": "already-injected",
    "dose_once_a_person": "dose-known",
    "dose_one_a_day": "dose-known",
    "session_not_overbooked": "session-full",
    "form_deferred_until": "defer-date-missing",
}


class CannotServe(Refusal):
    """The codes are the keys of WORDS. `missing`: codes of questions and signs; `from_on`: when waiting helps."""

    status = 409

    def __init__(
        self,
        code: str,
        *,
        missing: Sequence[str] = (),
        from_on: date | None = None,
        more: "StrOrPromise" = "",
    ) -> None:
        words = WORDS[code]
        if from_on is not None:
            words = format_lazy(_("{words} From {day}."), words=words, day=f"{from_on:%d/%m/%Y}")
        if more:
            words = format_lazy("{words} {more}", words=words, more=more)
        super().__init__(code, words)
        self.missing = tuple(missing)
        self.from_on = from_on


def refusal_of(refused: Refused) -> CannotServe:
    """What the rules of courses said, to people."""
    return CannotServe(refused.code, from_on=refused.from_on)
