"""Everything that writes in riskmap, gathered from its parts."""

from lachan.systems.riskmap.commands.boundaries import CannotImport, import_boundaries
from lachan.systems.riskmap.commands.gathering import gather_inputs
from lachan.systems.riskmap.commands.proposing import propose_levels
from lachan.systems.riskmap.commands.recording import CannotRecord, Given, record_inputs
from lachan.systems.riskmap.commands.signing import (
    BadLevel,
    CannotSign,
    override_level,
    sign_level,
    sign_levels,
    withdraw_level,
)

__all__ = [
    "BadLevel",
    "CannotImport",
    "CannotRecord",
    "CannotSign",
    "Given",
    "gather_inputs",
    "import_boundaries",
    "override_level",
    "propose_levels",
    "record_inputs",
    "sign_level",
    "sign_levels",
    "withdraw_level",
]
