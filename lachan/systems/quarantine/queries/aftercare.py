"""What is asked for after release."""

from datetime import date, timedelta
from typing import cast

from lachan.core import clock
from lachan.platform import policies
from lachan.policy.model import Subject
from lachan.systems.quarantine.models import OrderTerm


def monitored_until(term: OrderTerm) -> date | None:
    """The day on which self-monitoring after the order ends (half-open), by the policy in force as the terms were
    decided; None where it asks for none."""
    policy = policies.at(clock.local_date(term.decided_at)).quarantine
    row = policy.row_for(cast(Subject, term.subject), immune=term.immune)
    return term.ends_on + timedelta(days=row.after_days) if row.after_days else None
