"""What several pages of testing share."""

from django.utils.formats import number_format

from lachan.core.codes import format_code
from lachan.core.models import Person, Posting
from lachan.platform.pages import Answers, person_line
from lachan.platform.screen import Badge, PersonLine, Tone
from lachan.systems.testing import queries
from lachan.systems.testing.models import OutcomeKind, Result

_answers = Answers("testing")
go, done = _answers.go, _answers.done
TONES: dict[str, Tone] = {"positive": "stop", "negative": "ok", "indeterminate": "warn", "invalid": "warn"}


def who(posting: Posting, person: Person) -> PersonLine:
    """As this posting may read it: laboratories see the code and the year of birth."""
    if queries.may_read_names(posting):
        return person_line(person)
    return PersonLine(format_code(person.code), str(person.birth_year or ""))


def outcome_badge(result: Result) -> Badge:
    return Badge(OutcomeKind(result.outcome).label, TONES[result.outcome])


def ct_text(result: Result) -> str:
    return " · ".join(f"{gene} {number_format(value)}" for gene, value in sorted(result.ct.items()))
