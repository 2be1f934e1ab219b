"""Raising an alarm for each cause that is found, once; ending those whose cause is gone and that nobody took up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from lachan.centre.alarms.queries.causes import LOOKS, rules_at
from lachan.centre.alarms.queries.states import states_of
from lachan.centre.alarms.rules.causes import Cause, Kind, is_alarming, urgency
from lachan.centre.alarms.rules.states import may_follow
from lachan.centre.models import Alarm, AlarmStep
from lachan.core import bulk
from lachan.core.eventlog import emit
from lachan.core.events import AlarmClosed, AlarmRaised, Event
from lachan.core.models import Actor
from lachan.policy.alarms import AlarmPolicy


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look changed: alarms raised, seen again, without their cause, of these ended by themselves."""

    raised: int
    seen: int
    gone: int
    ended: int


def look(*, actor: Actor, at: datetime) -> Looked:
    """Look for every kind of cause."""
    found = [cause for of_kind in LOOKS.values() for cause in of_kind(at)]
    return raise_alarms(found=found, looked_for=list(LOOKS), actor=actor, at=at)


@transaction.atomic
def raise_alarms(*, found: Sequence[Cause], looked_for: Sequence[Kind], actor: Actor, at: datetime) -> Looked:
    """One open alarm a cause. `looked_for`: of these kinds `found` is all there is; what is not in it is gone."""
    _one_at_a_time()
    policy = rules_at(at)
    causes = {cause.key: cause for cause in found if is_alarming(cause, policy, at=at)}
    rows = (
        Alarm.objects.select_for_update().filter(closed_at__isnull=True, kind__in=looked_for).order_by("pk")
    )
    known = {(alarm.kind, alarm.area_id, alarm.subject): alarm for alarm in rows}
    fresh = [cause for key, cause in causes.items() if key not in known]
    again = [(alarm, causes[key]) for key, alarm in known.items() if key in causes]
    gone = [alarm for key, alarm in known.items() if key not in causes]
    _raise(fresh, policy, actor, at)
    _see_again(again, policy, at)
    ended = _let_go(gone, actor, at)
    return Looked(len(fresh), len(again), len(gone), ended)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('lachan.alarms'))")


def _raise(causes: Sequence[Cause], policy: AlarmPolicy, actor: Actor, at: datetime) -> None:
    alarms = [_alarm(cause, policy, at) for cause in causes]
    for alarm, pk in zip(alarms, bulk.reserve_ids(Alarm, len(alarms)) if alarms else [], strict=True):
        alarm.pk = pk
    told = [
        AlarmRaised(
            alarm_id=alarm.pk, alarm_kind=alarm.kind, area_id=alarm.area_id, count=alarm.count, happened_at=at,
            ref=f"centre.alarm:{alarm.pk}",
        )
        for alarm in alarms
    ]  # fmt: skip
    for alarm, event in zip(alarms, told, strict=True):
        alarm.raising_event_id = event.id
    bulk.insert(alarms)
    emit(told, actor=actor)


def _alarm(cause: Cause, policy: AlarmPolicy, at: datetime) -> Alarm:
    return Alarm(
        kind=cause.kind, area_id=cause.area_id, subject=cause.subject, count=cause.count, oldest_at=cause.oldest_at,
        urgency=urgency(cause, policy, at=at), raised_at=at, seen_at=at,
    )  # fmt: skip


def _see_again(pairs: Sequence[tuple[Alarm, Cause]], policy: AlarmPolicy, at: datetime) -> None:
    for alarm, cause in pairs:
        alarm.count, alarm.oldest_at, alarm.urgency = (
            cause.count,
            cause.oldest_at,
            urgency(cause, policy, at=at),
        )
        alarm.seen_at, alarm.gone_at = max(at, alarm.raised_at), None
    bulk.update([alarm for alarm, _ in pairs], ("count", "oldest_at", "urgency", "seen_at", "gone_at"))


def _let_go(alarms: Sequence[Alarm], actor: Actor, at: datetime) -> int:
    """Ends what nobody has touched; the rest is marked, and closed by a person who says what was done."""
    states = states_of(alarms)
    untouched = [alarm for alarm in alarms if may_follow(states[alarm.pk], "gone")]
    for alarm in alarms:
        alarm.gone_at = alarm.gone_at or max(at, alarm.raised_at)
    for alarm in untouched:
        alarm.closed_at = max(at, alarm.raised_at)
    bulk.update(alarms, ("gone_at", "closed_at"))
    AlarmStep.objects.bulk_create(AlarmStep(alarm=alarm, kind="gone", at=at, by=actor) for alarm in untouched)
    told: list[Event] = [
        AlarmClosed(
            alarm_id=alarm.pk, by_itself=True, happened_at=at, ref=f"centre.alarm:{alarm.pk}",
            caused_by=alarm.raising_event_id,
        )
        for alarm in untouched
    ]  # fmt: skip
    emit(told, actor=actor)
    return len(untouched)
