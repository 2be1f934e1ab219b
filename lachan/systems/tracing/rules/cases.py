"""From findings to a classification and an infectious window (3638/QĐ-BYT, 11042/BYT-DP; see the policy files)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Literal

from lachan.policy import Policy, TracingPolicy

Classification = Literal["suspect", "probable", "confirmed", "withdrawn"]
FindingKind = Literal[
    "pcr", "antigen", "symptoms", "diagnosis", "epi_link", "import", "isolated", "negative", "voided"
]

SYMPTOMS_OF_A_SUSPECT = 2
ANTIGEN_PAIR_WITHIN = timedelta(hours=8)
POSITIVE = ("pcr", "antigen", "import")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A piece of evidence about one person. `at`: when it was so (a sample: when collected).

    `voids` is the id of an earlier finding that no longer stands (its result was amended, it was entered in error).
    """

    id: int
    kind: FindingKind
    at: datetime
    voids: int | None = None
    ct: float | None = None
    symptoms: tuple[str, ...] = ()
    onset_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the findings amount to. The window [infectious_from, infectious_until) exists for confirmed cases only;
    without an end it is still running."""

    classification: Classification
    onset_on: date | None = None
    first_positive_at: datetime | None = None
    isolated_at: datetime | None = None
    infectious_from: datetime | None = None
    infectious_until: datetime | None = None


def standing(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that nothing has voided, oldest first."""
    void = {f.voids for f in findings if f.voids is not None}
    return sorted(
        (f for f in findings if f.id not in void and f.kind != "voided"), key=lambda f: (f.at, f.id)
    )


def is_symptomatic(symptoms: Sequence[str]) -> bool:
    """Whether these symptom codes make a contact a suspect case (11042/BYT-DP: two or more)."""
    return len(set(symptoms)) >= SYMPTOMS_OF_A_SUSPECT


def classify(findings: Sequence[Finding], *, confirm_antigen_by_pcr: bool) -> Classification:
    """Suspect, probable, confirmed, or withdrawn when nothing is left that would make a case.

    Confirmed: PCR; an antigen positive where policy trusts it, or with an epidemiological link and either
    symptoms or a second antigen positive within 8 hours. Probable: antigen with link or symptoms; a clinician's
    diagnosis with a link. Suspect: antigen alone; two symptoms; a diagnosis alone.
    """
    held = standing(findings)
    kinds = {f.kind for f in held}
    ill, linked = _ill(held), "epi_link" in kinds
    if "pcr" in kinds or "import" in kinds:
        return "confirmed"
    if "antigen" in kinds:
        if not confirm_antigen_by_pcr or (linked and (ill or _pair_of_antigens(held))):
            return "confirmed"
        return "probable" if linked or ill else "suspect"
    if "diagnosis" in kinds:
        return "probable" if linked else "suspect"
    return "suspect" if ill else "withdrawn"


def _ill(held: Sequence[Finding]) -> bool:
    return is_symptomatic([s for f in held for s in f.symptoms])


def _pair_of_antigens(held: Sequence[Finding]) -> bool:
    times = [f.at for f in held if f.kind == "antigen"]
    return any(later - earlier <= ANTIGEN_PAIR_WITHIN for earlier, later in pairwise(times))


def assess(findings: Sequence[Finding], policy: Policy, *, zone: tzinfo) -> Assessment:
    """Everything that follows from the findings of one case. `zone`: where days begin."""
    held = standing(findings)
    found = classify(findings, confirm_antigen_by_pcr=policy.testing.confirm_antigen_by_pcr)
    onset_on = min((f.onset_on for f in held if f.onset_on), default=None)
    positives = [f.at for f in held if f.kind in POSITIVE]
    first_positive_at = min(positives, default=None)
    isolated_at = min((f.at for f in held if f.kind == "isolated"), default=None)
    window: tuple[datetime | None, datetime | None] = (None, None)
    if found == "confirmed" and first_positive_at:
        window = infectious_window(
            onset_at=datetime.combine(onset_on, time.min, tzinfo=zone) if onset_on else None,
            first_positive_at=first_positive_at,
            isolated_at=isolated_at,
            harmless_at=_harmless_at(held, first_positive_at, policy.tracing),
            policy=policy.tracing,
        )
    return Assessment(
        classification=found, onset_on=onset_on, first_positive_at=first_positive_at, isolated_at=isolated_at,
        infectious_from=window[0], infectious_until=window[1],
    )  # fmt: skip


def _harmless_at(
    held: Sequence[Finding], first_positive_at: datetime, policy: TracingPolicy
) -> datetime | None:
    """The first sample after the first positive that ends the window: negative, or with a Ct above the limit."""
    limit = policy.infectious_ct_below
    ends = [
        f.at
        for f in held
        if f.at > first_positive_at
        and (f.kind == "negative" or (limit is not None and f.ct is not None and f.ct > limit))
    ]
    return min(ends, default=None)


def infectious_window(
    *,
    onset_at: datetime | None,
    first_positive_at: datetime,
    isolated_at: datetime | None,
    harmless_at: datetime | None = None,
    policy: TracingPolicy,
) -> tuple[datetime, datetime]:
    """[from, until) in which contacts count; empty (from = until) for who was isolated before it began.

    Symptomatic: from `days_before_onset` before onset (or from the sample, were that earlier). Otherwise from
    `days_before_sample` before the first positive sample. Until isolation, a harmless sample where policy says so,
    or `max_window_days` after onset or sample.
    """
    begins = first_positive_at - timedelta(days=policy.days_before_sample)
    if onset_at is not None:
        begins = min(onset_at - timedelta(days=policy.days_before_onset), first_positive_at)
    ends = (onset_at or first_positive_at) + timedelta(days=policy.max_window_days)
    if isolated_at is not None:
        ends = min(ends, isolated_at)
    if harmless_at is not None and policy.window_ends == "negative_or_ct":
        ends = min(ends, harmless_at)
    return begins, max(begins, ends)
