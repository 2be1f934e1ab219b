"""What the province decides: approved and allocated to a health centre, allocated anew, or rejected with a reason."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import RegistrationApproved, RegistrationRejected
from lachan.core.models import Actor, Area
from lachan.systems.vaccination.models import Registration, RegistrationDecision

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DISTRICT, LONGEST = 2, 500
WORDS: Final[Mapping[str, "StrOrPromise"]] = {
    "reason-missing": _("Give the reason in words: the person reads it."),
    "reason-long": _("The reason is too long: 500 characters at most."),
}


class CannotDecide(Refusal):
    """The codes are the keys of WORDS."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])


@transaction.atomic
def approve_registrations(
    *, registrations: Collection[int], actor: Actor, at: datetime, allocated: Area | None = None
) -> int:
    """Approve each open one and allocate it to the health centre of `allocated`, or of its own district (its commune
    where there are no districts); allocated elsewhere before, it moves. How many changed."""
    rows = _held(registrations)
    places = {row.pk: allocated.pk if allocated else _district(row.area) for row in rows}
    standing = dict(
        RegistrationDecision.objects.filter(registration__in=places, replaced_at__isnull=True).values_list(
            "registration", "allocated"
        )
    )
    moved = [row for row in rows if standing.get(row.pk, 0) != places[row.pk]]
    before = RegistrationDecision.objects.filter(registration__in=moved, replaced_at__isnull=True)
    before.update(replaced_at=at)
    RegistrationDecision.objects.bulk_create(
        RegistrationDecision(registration=row, allocated_id=places[row.pk], decided_at=at, decided_by=actor)
        for row in moved
    )
    emit(
        [
            RegistrationApproved(
                person_id=row.person.root_id, happened_at=at, ref=f"vaccination.registration:{row.pk}",
                registration_id=row.pk, area_id=places[row.pk],
            )
            for row in moved
        ],
        actor=actor,
    )  # fmt: skip
    return len(moved)


def _district(area: Area) -> int:
    return area.parent_id if area.parent is not None and area.parent.level == DISTRICT else area.pk  # type: ignore[return-value]


@transaction.atomic
def reject_registrations(*, registrations: Collection[int], reason: str, actor: Actor, at: datetime) -> int:
    """Reject those that nobody has decided yet, and close them. How many. Raises CannotDecide."""
    said = reason.strip()
    if not said:
        raise CannotDecide("reason-missing")
    if len(said) > LONGEST:
        raise CannotDecide("reason-long")
    decided = RegistrationDecision.objects.filter(registration__in=list(registrations))
    known = set(decided.values_list("registration", flat=True))
    rows = [row for row in _held(registrations) if row.pk not in known]
    RegistrationDecision.objects.bulk_create(
        RegistrationDecision(registration=row, reason=said, decided_at=at, decided_by=actor) for row in rows
    )
    Registration.objects.filter(pk__in=[row.pk for row in rows]).update(
        closed_at=at, closed_by=actor, closing="rejected"
    )
    emit(
        [
            RegistrationRejected(
                person_id=row.person.root_id, happened_at=at, ref=f"vaccination.registration:{row.pk}",
                registration_id=row.pk,
            )
            for row in rows
        ],
        actor=actor,
    )  # fmt: skip
    return len(rows)


def _held(registrations: Collection[int]) -> list[Registration]:
    """The open ones, held until the decision stands."""
    found = Registration.objects.select_for_update(of=("self",)).filter(
        pk__in=list(registrations), closed_at__isnull=True
    )
    return list(found.select_related("person", "area__parent").order_by("pk"))
