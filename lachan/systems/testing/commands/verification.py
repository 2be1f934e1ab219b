"""Verification by a second person: the moment at which a result begins to say something about people."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ResultReturned
from lachan.core.models import Actor
from lachan.systems.testing.commands.announcement import announce
from lachan.systems.testing.commands.laboratory import tubes_locked
from lachan.systems.testing.models import Closing, PoolTube, Result


class CannotVerify(Refusal):
    pass


class CannotReturn(Refusal):
    pass


@transaction.atomic
def verify_results(*, results: Sequence[Result], actor: Actor, at: datetime) -> list[Result]:
    """Confirm what somebody else entered, and tell of it: all of them or none.

    An amendment replaces the result that it corrects at this moment. Raises CannotVerify: nothing-to-verify,
    own-entry, not-waiting, amended-before.
    """
    ids = {r.pk for r in results}
    rows = list(Result.objects.filter(pk__in=ids).order_by("pk"))
    if not rows:
        raise CannotVerify("nothing-to-verify", _("Choose at least one result."))
    _hold_pooled_tubes(rows)
    _replace({r.amends_id for r in rows if r.amends_id}, at)
    waiting = Result.objects.filter(pk__in=ids, verified_at__isnull=True, closed_at__isnull=True)
    if waiting.exclude(entered_by=actor).update(verified_at=at, verified_by=actor) < len(ids):
        raise _why_not(ids, actor)
    verified = list(
        Result.objects.filter(pk__in=ids).select_related("amends", "tube", "pool", "place").order_by("pk")
    )
    announce(verified, actor=actor, at=at)
    return verified


def _hold_pooled_tubes(rows: Sequence[Result]) -> None:
    """So that no tube of a pool gets a result of its own while the pool's is being told."""
    pools = [r.pool_id for r in rows if r.pool_id]
    if pools:
        tubes_locked(list(PoolTube.objects.filter(pool__in=pools).values_list("tube", flat=True)))


def _replace(amended: set[int], at: datetime) -> None:
    """Close the results that are being corrected, before their corrections take their place."""
    if not amended:
        return
    standing = Result.objects.filter(pk__in=amended, closed_at__isnull=True, verified_at__isnull=False)
    if standing.update(closed_at=at, closed_as=Closing.REPLACED) < len(amended):
        raise CannotVerify("amended-before", _("One of the results was amended in another way meanwhile."))


def _why_not(ids: Iterable[int], actor: Actor) -> CannotVerify:
    if Result.objects.filter(pk__in=ids, entered_by=actor, verified_at__isnull=True).exists():
        return CannotVerify(
            "own-entry", _("Who entered a result may not verify it. Ask a colleague to look at yours.")
        )
    return CannotVerify(
        "not-waiting",
        _("Some of these results were verified or sent back meanwhile. Look at the list again."),
    )


@transaction.atomic
def return_results(*, results: Sequence[Result], reason: str, actor: Actor, at: datetime) -> None:
    """Send unverified results back to be entered again. Raises CannotReturn: reason-missing, not-waiting."""
    if not reason.strip():
        raise CannotReturn("reason-missing", _("Say why, so that the colleague knows what to look at."))
    ids = {r.pk for r in results}
    waiting = Result.objects.filter(pk__in=ids, verified_at__isnull=True, closed_at__isnull=True)
    if not ids or waiting.update(closed_at=at, closed_as=Closing.RETURNED, closing_note=reason.strip()) < len(
        ids
    ):
        raise CannotReturn("not-waiting", _("Some of these results were verified or sent back meanwhile."))
    emit(
        [
            ResultReturned(result_id=r.pk, place_id=r.place_id, happened_at=at, ref=r.ref)
            for r in Result.objects.filter(pk__in=ids)
        ],
        actor=actor,
    )
