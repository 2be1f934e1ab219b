"""The verdict at a gate: conditions that the evidence meets, then the policy's rows from the top."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from lachan.policy import CheckpointPolicy, is_immune
from lachan.policy.model import Condition, Verdict
from lachan.systems.checkpoints.rules.evidence import Evidence, OpenOrder, Shot

# Where somebody under an order may be met: where it is served, and on the way to care or to a test.
_CARE: Final = frozenset({"health_station", "laboratory", "vaccination_site"})
_IN_FAVOUR: Final[frozenset[Condition]] = frozenset({"recent_negative", "immune"})
NOT_ENOUGH: Final = "certificate-not-enough"
ALLOWED: Final = {
    "home": _CARE | {"household"},
    "facility": _CARE | {"quarantine_site", "room"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict, its reason as a code, and the rule set (Basis.id) that says so; `met`: all conditions that hold."""

    verdict: Verdict
    reason: str
    policy_id: str
    met: frozenset[Condition] = frozenset()


def judge(
    evidence: Evidence | None,
    policy: CheckpointPolicy,
    place_kind: str,
    at: datetime,
    *,
    shown: Evidence | None = None,
) -> Judgement:
    """The first row of the policy that applies decides. No evidence: nobody knows whose code this is.

    `shown` is what a certificate proves of whoever shows it: it counts beside what is on record, never against it, and
    lets in whom nobody knows where the policy asks for just that.
    """
    met = conditions(evidence, policy, place_kind, at)
    if shown is not None:
        proven = (
            conditions(shown, policy, place_kind, at) & _IN_FAVOUR & {row.condition for row in policy.rows}
        )
        met = (met | proven) - ({"unknown_person"} if proven else set())
    row = policy.row_for(met, place_kind)
    lacking = shown is not None and row.condition == "unknown_person"
    reason = NOT_ENOUGH if lacking else row.reason
    return Judgement(verdict=row.verdict, reason=reason, policy_id=policy.basis.id, met=met)


def conditions(
    evidence: Evidence | None, policy: CheckpointPolicy, place_kind: str, at: datetime
) -> frozenset[Condition]:
    """The conditions that hold at `at` (in the zone in which days begin)."""
    if evidence is None:
        return frozenset({"unknown_person"})
    holds: dict[Condition, bool] = {
        "active_case": evidence.active_case,
        "under_order": breaks(evidence.order, place_kind, at.date()),
        "order_end_unconfirmed": _is_unreleased(evidence.order, place_kind, at.date()),
        "contact_uncleared": _is_contact(evidence, policy, at),
        "symptoms_declared": _is_ill(evidence, policy, at),
        "recent_negative": _tested(evidence, policy, at),
        "immune": _immune(evidence, policy, at.date()),
        "from_level_3": evidence.area_level >= 3,
        "from_level_4": evidence.area_level >= 4,
    }
    return frozenset(condition for condition, holding in holds.items() if holding)


def breaks(order: OpenOrder | None, place_kind: str, today: date) -> bool:
    """Whether being at a place of this kind is against the order whose days run."""
    return order is not None and order.runs(today) and _is_elsewhere(order, place_kind)


def _is_unreleased(order: OpenOrder | None, place_kind: str, today: date) -> bool:
    """Past the last day, but nobody has looked at the tests yet."""
    return order is not None and not order.runs(today) and _is_elsewhere(order, place_kind)


def _is_elsewhere(order: OpenOrder, place_kind: str) -> bool:
    """Monitoring leaves people free to move."""
    return order.kind in ALLOWED and place_kind not in ALLOWED[order.kind]


def _is_contact(evidence: Evidence, policy: CheckpointPolicy, at: datetime) -> bool:
    window = timedelta(days=policy.contact_days)
    return any(at - contact.exposed_at <= window for contact in evidence.contacts)


def _is_ill(evidence: Evidence, policy: CheckpointPolicy, at: datetime) -> bool:
    declared = evidence.symptoms_at
    return declared is not None and at - declared <= timedelta(hours=policy.symptoms_hours)


def _tested(evidence: Evidence, policy: CheckpointPolicy, at: datetime) -> bool:
    hours = {"pcr": policy.pcr_validity_hours, "antigen": policy.antigen_validity_hours}
    return any(
        timedelta(0) <= at - negative.taken_at <= timedelta(hours=hours[negative.assay])
        for negative in evidence.negatives
    )


def _immune(evidence: Evidence, policy: CheckpointPolicy, today: date) -> bool:
    """Each dose is tried as the last one, so that a booster of yesterday does not take immunity away."""
    shots = evidence.shots or (None,)
    return any(_immune_after(shot, evidence.recovered_on, policy, today) for shot in shots)


def _immune_after(
    shot: Shot | None, recovered_on: date | None, policy: CheckpointPolicy, today: date
) -> bool:
    doses = 0 if shot is None else max(shot.number, policy.immune_doses if shot.complete else 0)
    last = shot.given_on if shot else None
    return is_immune(policy, doses=doses, last_dose_on=last, recovered_on=recovered_on, on=today)
