"""Everything that reads in riskmap, gathered from its parts."""

from lachan.systems.riskmap.queries.desk import desk
from lachan.systems.riskmap.queries.figures import figures_of, figures_within, values
from lachan.systems.riskmap.queries.levels import (
    AreaNotVisible,
    history_of,
    last_week,
    not_assessed,
    proposal_of,
    signature_of,
    signed_levels,
    standing,
    to_sign,
    unit_for,
    unit_of,
    units,
    weeks_signed,
    with_levels,
)
from lachan.systems.riskmap.queries.policy import NoLevelsThen, rules_of

__all__ = [
    "AreaNotVisible",
    "NoLevelsThen",
    "desk",
    "figures_of",
    "figures_within",
    "history_of",
    "last_week",
    "not_assessed",
    "proposal_of",
    "rules_of",
    "signature_of",
    "signed_levels",
    "standing",
    "to_sign",
    "unit_for",
    "unit_of",
    "units",
    "values",
    "weeks_signed",
    "with_levels",
]
