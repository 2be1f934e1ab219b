"""The core's tables. Nothing here knows a disease."""

from lachan.core.models.access import AccessLog
from lachan.core.models.actors import Actor, ActorKind, Posting, Role
from lachan.core.models.areas import Area, AreaSuccessor
from lachan.core.models.events import Delivery, EventRow, Lane
from lachan.core.models.persons import Identifier, IdentifierKind, Person, PersonMerge
from lachan.core.models.places import Place, PlaceKind
from lachan.core.models.presences import Presence, PresenceSource, Residence

__all__ = [
    "AccessLog",
    "Actor",
    "ActorKind",
    "Area",
    "AreaSuccessor",
    "Delivery",
    "EventRow",
    "Identifier",
    "IdentifierKind",
    "Lane",
    "Person",
    "PersonMerge",
    "Place",
    "PlaceKind",
    "Posting",
    "Presence",
    "PresenceSource",
    "Residence",
    "Role",
]
