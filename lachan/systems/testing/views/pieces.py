"""What several pages of testing share."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import number_format

from lachan.core.codes import format_code
from lachan.core.models import Person, Posting
from lachan.platform.pages import line, numbers, person_line, see_other
from lachan.platform.screen import Badge, PersonLine, Tone
from lachan.systems.testing import queries
from lachan.systems.testing.models import OutcomeKind, Result

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

__all__ = ["ct_text", "day_text", "done", "go", "line", "numbers", "outcome_badge", "person_line", "who"]

TONES: dict[str, Tone] = {"positive": "stop", "negative": "ok", "indeterminate": "warn", "invalid": "warn"}


def go(name: str, *args: Any, query: str = "") -> HttpResponseRedirect:
    return see_other(reverse(f"testing:{name}", args=args) + query)


def done(
    request: HttpRequest, sentence: "StrOrPromise", name: str, *args: Any, query: str = ""
) -> HttpResponseRedirect:
    messages.success(request, str(sentence))
    return go(name, *args, query=query)


def who(posting: Posting, person: Person) -> PersonLine:
    """As this posting may read it: laboratories see the code and the year of birth."""
    if queries.may_read_names(posting):
        return person_line(person)
    return PersonLine(format_code(person.code), str(person.birth_year or ""))


def outcome_badge(result: Result) -> Badge:
    return Badge(OutcomeKind(result.outcome).label, TONES[result.outcome])


def ct_text(result: Result) -> str:
    return " · ".join(f"{gene} {number_format(value)}" for gene, value in sorted(result.ct.items()))


def day_text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
