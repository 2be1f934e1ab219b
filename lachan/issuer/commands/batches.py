"""Many certificates at once: intents by COPY, a thousand a transaction. To run again after an end of any kind goes on
where it ended."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk
from lachan.core.eventlog import emit
from lachan.core.models import Actor
from lachan.issuer import rules
from lachan.issuer.commands.gates import RECALLING, pass_gate
from lachan.issuer.commands.requests import CannotIssue, Wish, intents, recalled
from lachan.issuer.commands.stops import wake_issuer
from lachan.issuer.models import Compromise, Intent, Record, SignerKey, Waiting, Withdrawal

SIZE = 1_000


def request_batch(
    *, records: "QuerySet[Record]", actor: Actor, at: datetime, size: int = SIZE
) -> Iterator[int]:
    """Ask for the first certificate of each of `records` that has none; yields how many after each transaction.

    What is withdrawn, was recalled or has one is passed over. Each step is committed before it is yielded.
    """
    open_ = records.filter(withdrawal__isnull=True, intents__isnull=True)
    yield from _in_steps(open_, lambda ids: _first_of(ids, actor, at), size)


def reissue_of_key(*, key: SignerKey, actor: Actor, at: datetime, size: int = SIZE) -> Iterator[int]:
    """Ask for a successor of each certificate that `key` signed and that would count but for the key; yields as
    `request_batch`. A successor ends when its predecessor would have. Raises CannotIssue: key-not-compromised."""
    if not Compromise.objects.filter(key=key).exists():
        raise CannotIssue(
            "key-not-compromised", _("This key was not declared compromised: what it signed is valid.")
        )
    void = Intent.objects.filter(
        signature__key=key,
        revocation__isnull=True,
        record__withdrawal__isnull=True,
        replaced_by__isnull=True,
        expires_at__gt=at,
    )
    yield from _in_steps(void, lambda ids: _successors_of(ids, actor, at), size)


def _in_steps(
    rows: "QuerySet[Record] | QuerySet[Intent]", step: Callable[[Sequence[int]], int], size: int
) -> Iterator[int]:
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        with transaction.atomic():
            done = step(ids)
        last = ids[-1]
        yield done


def _first_of(ids: Sequence[int], actor: Actor, at: datetime) -> int:
    held = _held(ids)
    taken = set(Intent.objects.filter(record__in=held).values_list("record", flat=True))
    wishes = [_wish(r, at, rules.expiry(at)) for pk, r in held.items() if pk not in taken]
    return _ask(wishes, actor, at)


def _successors_of(ids: Sequence[int], actor: Actor, at: datetime) -> int:
    old = {i.pk: i for i in Intent.objects.filter(pk__in=ids).order_by("pk")}
    held = _held({i.record_id for i in old.values()})
    taken = set(Intent.objects.filter(replaces__in=old).values_list("replaces", flat=True))
    wishes = [
        _wish(held[i.record_id], at, i.expires_at, replaces=i)
        for pk, i in old.items()
        if pk not in taken and i.record_id in held
    ]
    return _ask(wishes, actor, at)


def _held(ids: "Sequence[int] | set[int]") -> dict[int, Record]:
    """Records by key, held against being withdrawn or recalled, without those that are; with whom they are about."""
    pass_gate(RECALLING)
    list(Record.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    gone = set(Withdrawal.objects.filter(record__in=ids).values_list("record", flat=True))
    found = Record.objects.filter(pk__in=ids).select_related("person__merged_into", "area").order_by("pk")
    gone |= recalled(found)
    return {r.pk: r for r in found if r.pk not in gone}


def _wish(record: Record, at: datetime, expires_at: datetime, replaces: Intent | None = None) -> Wish:
    holder = record.person.merged_into or record.person
    cause = replaces.event_id if replaces else None
    return Wish(
        record=record, holder=holder, issued_at=at, expires_at=expires_at, cause=cause, replaces=replaces
    )


def _ask(wishes: list[Wish], actor: Actor, at: datetime) -> int:
    if not wishes:
        return 0
    made, told = intents(wishes, actor=actor, at=at)
    bulk.insert(made)
    emit(told, actor=actor)
    bulk.copy_rows(Waiting, ["intent_id"], ((i.pk,) for i in made))
    wake_issuer()
    return len(made)
