"""Entering results."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from lachan.core import bulk
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ResultEntered
from lachan.core.models import Actor, Place
from lachan.systems.testing import rules
from lachan.systems.testing.commands.laboratory import tubes_locked
from lachan.systems.testing.models import (
    BatchTube,
    Closing,
    Pool,
    PoolTube,
    Rejection,
    Result,
    Tube,
)

SENTENCES: dict[str, StrOrPromise] = {
    "barcode-unknown": _("No tube or pool with this barcode is registered."),
    "barcode-twice": _("This barcode comes twice in the list."),
    "outcome-unknown": _("Choose positive, negative, indeterminate or invalid."),
    "assay-other": _("The tube was collected for another kind of test."),
    "ct-not-pcr": _("Only a PCR has Ct values."),
    "ct-gene": _("Ct values are kept for ORF1ab, N, E, RdRp and S."),
    "ct-range": _("A Ct value lies between 1 and 50."),
    "tube-not-received": _("This tube was not received in the laboratory."),
    "tube-elsewhere": _("This tube or pool is not in your laboratory."),
    "tube-rejected": _("This tube was turned down and cannot be tested."),
    "tube-in-pool": _(
        "The result of the pool comes first: this tube is tested alone if the pool is not negative."
    ),
    "result-exists": _("There is a result already. Correct it by an amendment."),
}


class CannotEnter(Refusal):
    """The result of one barcode cannot be entered; `code` is a key of SENTENCES."""

    def __init__(self, code: str, barcode: str) -> None:
        super().__init__(code, SENTENCES[code])
        self.barcode = barcode


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultEntry:
    """One line of a bench list. `ct` maps a target gene to its Ct; `assay`, where given, must be the tube's."""

    barcode: str
    outcome: str
    ct: Mapping[str, float] = field(default_factory=dict)
    instrument: str = ""
    kit_lot: str = ""
    assay: str | None = None


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """Line `row` (from 0) of the list, and why it was not taken."""

    row: int
    barcode: str
    code: str
    message: StrOrPromise


@dataclass(frozen=True, slots=True)
class Intake:
    """Taken and refused lines together are all lines."""

    taken: list[Result]
    refused: list[RefusedEntry]


def enter_results(
    *, entries: Sequence[ResultEntry], actor: Actor, at: datetime, places: Collection[int] | None = None
) -> list[Result]:
    """Enter all results or none; each waits for verification by somebody else. Where `places` are
    given (by id), only what is read there. Raises CannotEnter for the first line that cannot be taken."""
    with transaction.atomic():
        intake = take_results(entries=entries, actor=actor, at=at, places=places)
        for refused in intake.refused:
            raise CannotEnter(refused.code, refused.barcode)
    return intake.taken


@transaction.atomic
def take_results(
    *, entries: Sequence[ResultEntry], actor: Actor, at: datetime, places: Collection[int] | None = None
) -> Intake:
    """Enter the results that can be entered and say of every other line why not."""
    bench = _Bench.look_up([rules.read_barcode(e.barcode) for e in entries])
    results, refused, seen = [], [], set[str]()
    for row, entry in enumerate(entries):
        barcode = rules.read_barcode(entry.barcode) or ""
        fault = "barcode-twice" if barcode in seen else bench.fault(entry, barcode, places)
        if fault:
            refused.append(RefusedEntry(row, entry.barcode, fault, SENTENCES[fault]))
            continue
        seen.add(barcode)
        results.append(bench.result(entry, barcode, actor, at))
    bench.close_repeated(results, at)
    bulk.insert(results)
    emit([_entered(r, at) for r in results], actor=actor)
    return Intake(results, refused)


def _entered(result: Result, at: datetime) -> ResultEntered:
    return ResultEntered(result_id=result.pk, place_id=result.place_id, happened_at=at, ref=result.ref)


@dataclass(slots=True)
class _Bench:
    """What is known of the tubes and pools of one list, held until the transaction ends."""

    tubes: dict[str, Tube]
    pools: dict[str, Pool]
    received: dict[int, Place]
    rejected: set[int]
    pool_of: dict[int, int]
    live_of_tube: dict[int, Result]
    live_of_pool: dict[int, Result]

    @classmethod
    def look_up(cls, barcodes: Sequence[str | None]) -> "_Bench":
        wanted = [b for b in barcodes if b]
        named = Tube.objects.filter(barcode__in=wanted).values_list("pk", flat=True)
        pools = Pool.objects.select_for_update(of=("self",)).filter(barcode__in=wanted).order_by("pk")
        tubes = {t.barcode: t for t in tubes_locked(list(named))}
        ids = [t.pk for t in tubes.values()]
        pool_of = dict(PoolTube.objects.filter(tube__in=ids).values_list("tube", "pool"))
        found_pools = {p.barcode: p for p in pools.select_related("laboratory")}
        pool_ids = {*pool_of.values(), *(p.pk for p in found_pools.values())}
        live = Result.objects.filter(closed_at__isnull=True)
        received = BatchTube.objects.filter(tube__in=ids, batch__received_at__isnull=False)
        return cls(
            tubes=tubes,
            pools=found_pools,
            received={j.tube_id: j.batch.laboratory for j in received.select_related("batch__laboratory")},
            rejected=set(Rejection.objects.filter(tube__in=ids).values_list("tube", flat=True)),
            pool_of=pool_of,
            live_of_tube={r.tube_id: r for r in live.filter(tube__in=ids) if r.tube_id},
            live_of_pool={r.pool_id: r for r in live.filter(pool__in=pool_ids) if r.pool_id},
        )

    def fault(self, entry: ResultEntry, barcode: str, places: Collection[int] | None) -> str | None:
        """Why this line cannot be taken; None when it can."""
        subject = self.tubes.get(barcode) or self.pools.get(barcode)
        if subject is None:
            return "barcode-unknown"
        if entry.outcome not in rules.OUTCOMES:
            return "outcome-unknown"
        if entry.assay is not None and entry.assay != subject.assay:
            return "assay-other"
        where = self.where(subject)
        if where is None:
            return "tube-not-received"
        if places is not None and where.pk not in places:
            return "tube-elsewhere"
        return rules.ct_fault(subject.assay, entry.ct) or self._standing(subject)

    def where(self, subject: Tube | Pool) -> Place | None:
        """Where it may be read: antigen tests where they were taken, the rest where they were received."""
        if isinstance(subject, Pool):
            return subject.laboratory
        return subject.place if subject.assay == "antigen" else self.received.get(subject.pk)

    def _standing(self, subject: Tube | Pool) -> str | None:
        if isinstance(subject, Pool):
            return "result-exists" if subject.pk in self.live_of_pool else None
        if subject.pk in self.rejected:
            return "tube-rejected"
        live = self.live_of_tube.get(subject.pk)
        if live and not (live.verified_at and rules.may_run_again(live.outcome, lab_pool=False)):
            return "result-exists"
        pool = self.pool_of.get(subject.pk)
        return "tube-in-pool" if pool and not self._resolved(pool) else None

    def _resolved(self, pool: int) -> bool:
        live = self.live_of_pool.get(pool)
        return bool(live and live.verified_at and live.outcome != "negative")

    def result(self, entry: ResultEntry, barcode: str, actor: Actor, at: datetime) -> Result:
        tube, pool = self.tubes.get(barcode), self.pools.get(barcode)
        subject = tube or pool
        where = self.where(subject) if subject else None
        return Result(
            tube=tube, pool=None if tube else pool, outcome=entry.outcome, ct=dict(entry.ct), place=where,
            instrument=entry.instrument, kit_lot=entry.kit_lot, entered_by=actor, entered_at=at,
        )  # fmt: skip

    def close_repeated(self, results: Sequence[Result], at: datetime) -> None:
        """An indeterminate result that is now run again no longer holds."""
        old = [
            self.live_of_tube[r.tube_id].pk for r in results if r.tube_id in self.live_of_tube and r.tube_id
        ]
        if old:
            Result.objects.filter(pk__in=old).update(closed_at=at, closed_as=Closing.REPEATED)
