"""The only door to a person's record. It fails closed, takes a purpose, and leaves a trace (decision 0005).

Who may do what stands in `lachan.core.roles`; over whom, follows from the posting: people who live in its area (also
where the home is written down under a unit of another time: `areas.ground`), and people who have an open task there
(registered by the systems through `let_reach`).
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.codes import BadCode, parse_code
from lachan.core.errors import Refusal
from lachan.core.models import AccessLog, Actor, IdentifierKind, Person, Posting
from lachan.core.names import search_key
from lachan.core.roles import PERMISSIONS, Permission

__all__ = [
    "NotVisible",
    "Permission",
    "Purpose",
    "let_reach",
    "may",
    "note_reads",
    "of_phone",
    "own",
    "person",
    "presented",
    "search",
    "visible",
]


class Purpose(TextChoices):
    """Why somebody looks. The person reads this word in the log of their record."""

    CARE = "care", _("care and monitoring")
    TESTING = "testing", _("testing")
    TRACING = "tracing", _("contact tracing")
    QUARANTINE = "quarantine", _("quarantine")
    ENTRY = "entry", _("entry and exit control")
    CERTIFICATE = "certificate", _("health certificate")
    VACCINATION = "vaccination", _("vaccination")
    CORRECTION = "correction", _("correction of data")
    SELF = "self", _("own record")


class NotVisible(Refusal):
    """The same answer for "no such person" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "person-not-visible", _("There is no person with this code whom your posting may see.")
        )


Reach = Callable[[Posting], QuerySet[Person, int]]
_reaches: dict[str, Reach] = {}


def let_reach(name: str, reach: Reach) -> None:
    """Let postings see the persons (as a queryset of ids) with whom they have a task. Called as the site starts."""
    _reaches[name] = reach


def may(posting: Posting | None, permission: Permission) -> bool:
    """Whether the posting's role holds the permission; nobody and unknown roles hold none."""
    return posting is not None and permission in PERMISSIONS.get(posting.role, frozenset())


def visible(posting: Posting) -> QuerySet[Person]:
    """Persons this posting may see: residents of its area, and those with whom it has a task. Reading them is still
    to be noted with `note_reads`."""
    allowed = Q(pk__in=[])
    if posting.area is not None:
        allowed |= areas.inside("home_area__", posting.area)
    for reach in _reaches.values():
        allowed |= Q(pk__in=reach(posting))
    return Person.objects.filter(allowed)


def person(posting: Posting, *, code: str, purpose: Purpose, part: str, at: datetime) -> Person:
    """The person with this code (or the record it was merged into), if the posting may see them; the read is
    logged. Raises NotVisible."""
    try:
        wanted = parse_code(code)
    except BadCode as error:
        raise NotVisible from error
    found = (
        visible(posting)
        .filter(code=wanted)
        .select_related("merged_into", "home_area__parent__parent")
        .first()
    )
    if found is None:
        raise NotVisible
    found = found.merged_into or found
    note_reads([found.pk], posting, purpose=purpose, part=part, at=at)
    return found


def presented(posting: Posting, *, code: str, purpose: Purpose, part: str, at: datetime) -> Person:
    """The person who shows their own code, wherever they live: whoever stands at a desk may be served there. The
    code has 80 random bits, so that nobody's can be guessed; the read is logged. Raises NotVisible."""
    try:
        found = Person.objects.filter(code=parse_code(code)).select_related("merged_into").first()
    except BadCode as error:
        raise NotVisible from error
    if found is None:
        raise NotVisible
    found = found.merged_into or found
    note_reads([found.pk], posting, purpose=purpose, part=part, at=at)
    return found


def of_phone(phone_index: bytes) -> QuerySet[Person]:
    """The records for which this phone (its blind index) was noted, of those that were joined the one that counts.

    Who holds the phone may open them: a number noted for a person, and shown to be held by a code, is the only key.
    Knowing a name, a birth date or an identity number opens nothing.
    """
    noted = Person.objects.filter(
        identifiers__kind=IdentifierKind.PHONE, identifiers__blind_index=phone_index
    )
    roots = noted.values_list(Coalesce("merged_into_id", "pk"))
    return Person.objects.filter(pk__in=roots).order_by("registered_at", "pk")


def own(phone_index: bytes, *, reader: Actor, code: str, part: str, at: datetime) -> Person:
    """The person with this code, if their record has the phone; the read is logged as their own. Raises NotVisible."""
    try:
        wanted = parse_code(code)
    except BadCode as error:
        raise NotVisible from error
    found = of_phone(phone_index).filter(code=wanted).select_related("home_area__parent__parent").first()
    if found is None:
        raise NotVisible
    AccessLog.objects.create(person=found, actor=reader, purpose=Purpose.SELF, part=part, read_at=at)
    return found


def search(posting: Posting, text: str, *, purpose: Purpose, at: datetime, limit: int = 20) -> list[Person]:
    """Persons whose name has all the words typed, in any order, marks forgiven; the reads are logged."""
    words = search_key(text).split()
    if not words:
        return []
    query = visible(posting).filter(merged_into__isnull=True)
    for word in words:
        query = query.filter(search_key__contains=word)
    found = list(query.select_related("home_area__parent__parent").order_by("search_key", "pk")[:limit])
    note_reads([p.pk for p in found], posting, purpose=purpose, part="search", at=at)
    return found


def note_reads(
    person_ids: Iterable[int], posting: Posting, *, purpose: Purpose, part: str, at: datetime
) -> None:
    """Write down that these records were shown, once a record."""
    AccessLog.objects.bulk_create(
        AccessLog(
            person_id=pk,
            actor_id=posting.actor_id,
            posting_id=posting.pk,
            purpose=purpose,
            part=part,
            read_at=at,
        )
        for pk in dict.fromkeys(person_ids)
    )
