"""What is asked for after release."""

from datetime import date, timedelta
from typing import cast

from lachan.core import clock
from lachan.platform import policies
from lachan.policy.arrivals import ArrivalPolicy
from lachan.policy.model import Subject
from lachan.systems.quarantine.models import OrderTerm


def monitored_until(term: OrderTerm) -> date | None:
    """The day on which self-monitoring after the order ends (half-open), by the policy in force as the terms were
    decided; None where it asks for none."""
    policy = policies.at(clock.local_date(term.decided_at))
    days = _after_entry(policy.arrivals, term)
    if days is None:
        days = policy.quarantine.row_for(cast(Subject, term.subject), immune=term.immune).after_days
    return term.ends_on + timedelta(days=days) if days else None


def _after_entry(rules: ArrivalPolicy | None, term: OrderTerm) -> int | None:
    """As the rules of entry say, where the terms come from a decision at a border gate; else None."""
    if rules is None or term.policy_id != rules.basis.id:
        return None
    length = (term.ends_on - term.exposed_on).days
    return next((row.after_days for row in rules.rows if row.duty != "none" and row.days == length), None)
