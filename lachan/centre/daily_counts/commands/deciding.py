"""What a person decides on a count that was held back."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.centre.models import REJECTED, RELEASED, CountDecision, DailyCount
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import Event, HeldCountRejected, HeldCountReleased
from lachan.core.models import Actor

LONGEST_REASON = 400


class CannotDecide(Refusal):
    """count-decided, count-not-held, reason-missing."""


def release_count(*, count: DailyCount, reason: str, actor: Actor, at: datetime) -> CountDecision:
    """Let it stand as it was sent, unless a later row corrects it. Raises CannotDecide."""
    return _decide(count, RELEASED, reason, actor, at)


def reject_count(*, count: DailyCount, reason: str, actor: Actor, at: datetime) -> CountDecision:
    """It counts for nothing; the same figure for that day is refused from now on. Raises CannotDecide."""
    return _decide(count, REJECTED, reason, actor, at)


def _decide(count: DailyCount, verdict: str, reason: str, actor: Actor, at: datetime) -> CountDecision:
    if not count.hold:
        raise CannotDecide("count-not-held", _("This number is not held back."))
    if not reason.strip():
        raise CannotDecide("reason-missing", _("Write why: whom you asked, what the right number is."))
    try:
        return _written(count, verdict, reason.strip()[:LONGEST_REASON], actor, at)
    except IntegrityError as error:
        raise CannotDecide("count-decided", _("Somebody has decided on this number already.")) from error


@transaction.atomic
def _written(count: DailyCount, verdict: str, reason: str, actor: Actor, at: datetime) -> CountDecision:
    """Of two at once the table takes one."""
    made = CountDecision.objects.create(count=count, verdict=verdict, reason=reason, decided_at=at, by=actor)
    kind: type[HeldCountReleased | HeldCountRejected]
    kind = HeldCountReleased if verdict == RELEASED else HeldCountRejected
    told: Event = kind(count_id=count.pk, happened_at=at, ref=f"centre.count:{count.pk}")
    emit([told], actor=actor)
    return made
