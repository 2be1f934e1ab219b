"""What tracing found, held against what really happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from lachan.simulation.outbreak import Setting
from lachan.simulation.play import Played
from lachan.systems.tracing.models import Case, Classification, Contact, Exposure


@dataclass(slots=True)
class Recall:
    """Transmissions of one setting: all, those whose infector was confirmed, of these the ones that tracing named
    as an exposure, and of these the ones named before the infected person was a confirmed case."""

    true: int = 0
    infector_known: int = 0
    named: int = 0
    named_before: int = 0

    @property
    def share(self) -> float:
        """Share of the transmissions by known cases that were named; NaN when there were none."""
        return self.named / self.infector_known if self.infector_known else float("nan")


@dataclass(frozen=True, slots=True)
class Score:
    """`per_true`: close contacts named for each one who was infected by a known case; hours are of simulated time,
    from the infector's first positive sample to the contact being known."""

    recall: dict[Setting, Recall]
    infections: int
    confirmed: int
    contacts: int
    per_true: float
    hours_median: float
    hours_p90: float


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database holds: when each person was confirmed and sampled, when each pair was found."""

    confirmed_at: dict[int, datetime]
    sampled_at: dict[int, datetime]
    pairs: dict[tuple[int, int], datetime]


def score(played: Played) -> Score:
    """Compare the truth of a played outbreak with the cases, exposures and contacts in the database."""
    found = _found(played)
    recall: dict[Setting, Recall] = {s: Recall() for s in Setting if s != Setting.IMPORT}
    for infector, infected, setting in _transmissions(played):
        _count(recall[setting], infector, infected, found)
    contacts = Contact.objects.filter(level=1).count()
    named = sum(r.named for r in recall.values())
    hours = [
        (at - found.sampled_at[source]).total_seconds() / 3600
        for (source, _person), at in found.pairs.items()
        if source in found.sampled_at and at >= found.sampled_at[source]
    ]
    return Score(
        recall=recall, infections=len(played.truth), confirmed=len(found.confirmed_at), contacts=contacts,
        per_true=contacts / named if named else float("nan"),
        hours_median=float(np.median(hours)) if hours else float("nan"),
        hours_p90=float(np.percentile(hours, 90)) if hours else float("nan"),
    )  # fmt: skip


def _transmissions(played: Played) -> Iterator[tuple[int, int, Setting]]:
    truth = played.truth
    for infector, person, setting in zip(
        truth.infector.tolist(), truth.person.tolist(), truth.setting.tolist(), strict=True
    ):
        if infector >= 0:
            yield infector, person, Setting(setting)


def _count(row: Recall, infector: int, infected: int, found: _Found) -> None:
    row.true += 1
    if infector not in found.confirmed_at:
        return
    row.infector_known += 1
    named_at = found.pairs.get((infector, infected))
    if named_at is not None:
        row.named += 1
        row.named_before += infected not in found.confirmed_at or named_at < found.confirmed_at[infected]


def _found(played: Played) -> _Found:
    index = played.index_of
    confirmed, sampled = {}, {}
    cases = Case.objects.filter(classification=Classification.CONFIRMED, confirmed_at__isnull=False)
    for root, confirmed_at, sampled_at in cases.values_list("root", "confirmed_at", "first_positive_at"):
        if confirmed_at is not None:
            confirmed[index(root)] = confirmed_at
        if sampled_at is not None:
            sampled[index(root)] = sampled_at
    pairs: dict[tuple[int, int], datetime] = {}
    edges = Exposure.objects.filter(withdrawn_at__isnull=True).order_by("-found_at")
    for source, person, at in edges.values_list("source", "person", "found_at"):
        pairs[index(source), index(person)] = at
    return _Found(confirmed, sampled, pairs)
