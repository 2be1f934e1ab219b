"""Taking many back takes two: up to twenty an officer takes back alone, for more a second one decides."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.models import Actor
from lachan.issuer.commands.revoking import CannotRevoke, declare_compromised, revoke_lot, revoke_place
from lachan.issuer.models import RecallRequest, Scope
from lachan.issuer.queries.affected import Aim, affected, aim_of

MOST_ALONE: Final = 20


class CannotDecide(Refusal):
    pass


@transaction.atomic
def recall_many(*, aim: Aim, actor: Actor, at: datetime) -> RecallRequest | None:
    """Take back what `aim` names, or ask for it where it is more than twenty.

    Raises CannotRevoke: no-evidence, nothing-affected, asked-before, and those of the scope's own command.
    """
    if not aim.evidence.strip():
        raise CannotRevoke("no-evidence", _("Say on what this rests: a letter, a report."))
    count = affected(aim)
    if not count and aim.scope != Scope.KEY:
        raise CannotRevoke("nothing-affected", _("No certificate that counts stands on this."))
    if count <= MOST_ALONE:
        _carry_out(aim, actor, at)
        return None
    same = {
        "scope": aim.scope,
        "lot": aim.lot,
        "place": aim.place,
        "starts_on": aim.starts_on,
        "ends_on": aim.ends_on,
        "area": aim.area,
    }
    if RecallRequest.objects.filter(decided_at__isnull=True, key=aim.key, **same).exists():
        raise CannotRevoke(
            "asked-before", _("A colleague has asked for this already; it waits for a second person.")
        )
    return RecallRequest.objects.create(
        key=aim.key, reason=aim.reason, evidence=aim.evidence.strip()[:200], certificates=count, asked_by=actor,
        asked_at=at, **same,
    )  # fmt: skip


@transaction.atomic
def decide_recall(*, request: RecallRequest, agreed: bool, actor: Actor, at: datetime) -> int:
    """The second officer agrees, and it is done; or does not. How many were taken back.

    Raises CannotDecide: own-request, decided-before.
    """
    if request.asked_by_id == actor.pk:
        raise CannotDecide("own-request", _("You asked for this yourself. A colleague has to decide."))
    waiting = RecallRequest.objects.filter(pk=request.pk, decided_at__isnull=True)
    if not waiting.update(decided_by=actor, decided_at=at, agreed=agreed):
        raise CannotDecide("decided-before", _("This was decided meanwhile. Look at the page again."))
    return _carry_out(aim_of(request), actor, at) if agreed else 0


def _carry_out(aim: Aim, actor: Actor, at: datetime) -> int:
    return _DONE[aim.scope](aim, actor, at)


def _lot(aim: Aim, actor: Actor, at: datetime) -> int:
    given = {"lot": aim.lot, "reason": aim.reason, "evidence": aim.evidence, "area": aim.area}
    return revoke_lot(**given, actor=actor, at=at).certificates  # type: ignore[arg-type]


def _place(aim: Aim, actor: Actor, at: datetime) -> int:
    period: dict[str, Any] = {"place": aim.place, "starts_on": aim.starts_on, "ends_on": aim.ends_on}
    return revoke_place(**period, reason=aim.reason, evidence=aim.evidence, actor=actor, at=at).certificates


def _key(aim: Aim, actor: Actor, at: datetime) -> int:
    count = affected(aim)
    if aim.key is None:
        raise CannotRevoke("no-key", _("Name the key."))
    declare_compromised(key=aim.key, reason=aim.evidence, actor=actor, at=at)
    return count


_DONE: Final[dict[Scope, Callable[[Aim, Actor, datetime], int]]] = {
    Scope.LOT: _lot,
    Scope.PLACE: _place,
    Scope.KEY: _key,
}
