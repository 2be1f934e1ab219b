"""Somebody answers for a level, for another one, or takes it back."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import RiskLevelSigned, RiskLevelWithdrawn
from lachan.core.models import Actor, Area
from lachan.systems.riskmap.models import Proposal, Signature
from lachan.systems.riskmap.queries.levels import proposal_of
from lachan.systems.riskmap.queries.policy import rules_of
from lachan.systems.riskmap.rules.weekly import period_of

LEAST_REASON = 10


class CannotSign(Refusal):
    """level-signed, level-not-assessed, level-changed, level-withdrawn: another was quicker, or there is nothing."""


class BadLevel(Refusal):
    """level-range, level-reason, level-none."""

    status = 422


def sign_level(*, proposal: Proposal, actor: Actor, at: datetime) -> Signature:
    """`sign_levels` for one."""
    return sign_levels(proposals=[proposal], actor=actor, at=at)[0]


@transaction.atomic
def sign_levels(*, proposals: Sequence[Proposal], actor: Actor, at: datetime) -> list[Signature]:
    """Sign levels as proposed, all or none. Raises CannotSign where one is not assessed, was judged anew since the
    signer looked, or is signed already."""
    if not proposals:
        raise BadLevel("level-none", _("Choose at least one area."))
    newest = _newest(proposals)
    for each in proposals:
        if each.level is None:
            raise CannotSign("level-not-assessed", _("An area without all its figures has no level to sign."))
        if newest.get((each.area_id, each.week_on)) != each.pk:
            raise CannotSign(
                "level-changed", _("The figures have changed since. Look again before you sign.")
            )
    rows = [_row(each.area_id, each.week_on, each.level or 0, each, "", actor, at) for each in proposals]
    return _stored(rows, actor, at)


@transaction.atomic
def override_level(
    *, area: Area, week_on: date, decided: int, reason: str, actor: Actor, at: datetime
) -> Signature:
    """Sign another level than the proposed one, or one where nothing could be assessed, with a reason that is shown.
    Raises BadLevel, CannotSign, NoLevelsThen."""
    if decided not in (1, 2, 3, 4):
        raise BadLevel("level-range", _("A level is 1, 2, 3 or 4."))
    if len(reason.strip()) < LEAST_REASON:
        raise BadLevel("level-reason", _("Say why, in a sentence: it is published with the level."))
    row = _row(area.pk, week_on, decided, proposal_of(area, week_on), reason.strip()[:400], actor, at)
    return _stored([row], actor, at)[0]


@transaction.atomic
def withdraw_level(*, signature: Signature, reason: str, actor: Actor, at: datetime) -> None:
    """The signature stands no more; the row and its reason stay. Raises BadLevel, CannotSign."""
    if len(reason.strip()) < LEAST_REASON:
        raise BadLevel("level-reason", _("Say why, in a sentence: it is published with the level."))
    changed = Signature.objects.filter(pk=signature.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=actor, withdrawal_reason=reason.strip()[:400]
    )
    if not changed:
        raise CannotSign("level-withdrawn", _("This signature was withdrawn already."))
    told = RiskLevelWithdrawn(
        signature_id=signature.pk, area_id=signature.area_id, area_code=signature.area.code, risk_level=signature.level,
        from_on=signature.from_on, to_on=signature.to_on, happened_at=at, ref=f"riskmap.signature:{signature.pk}",
    )  # fmt: skip
    emit([told], actor=actor)


def _newest(proposals: Sequence[Proposal]) -> dict[tuple[int, date], int]:
    rows = Proposal.objects.filter(
        area__in=[p.area_id for p in proposals], week_on__in={p.week_on for p in proposals}
    )
    last = rows.order_by("area_id", "week_on", "-revision").distinct("area_id", "week_on")
    return {(row.area_id, row.week_on): row.pk for row in last}


def _row(
    area_id: int, week_on: date, level: int, proposal: Proposal | None, reason: str, actor: Actor, at: datetime
) -> Signature:  # fmt: skip
    from_on, to_on = period_of(week_on)
    return Signature(
        area_id=area_id, week_on=week_on, level=level, from_on=from_on, to_on=to_on, proposal=proposal,
        proposed=proposal.level if proposal else None, reason=reason,
        policy_id=proposal.policy_id if proposal else rules_of(week_on).basis.id, signed_at=at, signed_by=actor,
    )  # fmt: skip


def _stored(rows: list[Signature], actor: Actor, at: datetime) -> list[Signature]:
    """Of two who sign one area for the same days, the database lets one through."""
    try:
        with transaction.atomic():
            Signature.objects.bulk_create(rows)
    except (IntegrityError, OperationalError) as error:
        # Two that wait for each other at an exclusion constraint are told of a deadlock instead.
        if "signature_one_an_area_a_day" not in str(error) and not isinstance(
            error.__cause__, DeadlockDetected
        ):
            raise
        raise CannotSign(
            "level-signed", _("A level is signed already. Withdraw it before you sign another.")
        ) from error
    codes = dict(Area.objects.filter(pk__in=[row.area_id for row in rows]).values_list("pk", "code"))
    emit([_told(row, codes[row.area_id], at) for row in rows], actor=actor)
    return rows


def _told(row: Signature, code: str, at: datetime) -> RiskLevelSigned:
    return RiskLevelSigned(
        signature_id=row.pk, area_id=row.area_id, area_code=code, risk_level=row.level, from_on=row.from_on,
        to_on=row.to_on, rule=row.policy_id, overridden=row.overridden, happened_at=at,
        ref=f"riskmap.signature:{row.pk}",
    )  # fmt: skip
