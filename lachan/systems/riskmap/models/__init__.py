"""Everything stored in riskmap, gathered from its parts."""

from lachan.systems.riskmap.models.boundaries import Boundary
from lachan.systems.riskmap.models.inputs import Input, Proposal, Source
from lachan.systems.riskmap.models.signatures import Signature

__all__ = ["Boundary", "Input", "Proposal", "Signature", "Source"]
