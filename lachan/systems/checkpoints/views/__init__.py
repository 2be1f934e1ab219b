"""Pages of the gates."""

from lachan.systems.checkpoints.views.devices import register_device, revoke_device
from lachan.systems.checkpoints.views.matching import breaches, doubtful, match, unmatched
from lachan.systems.checkpoints.views.places import place, places, poster, register_place
from lachan.systems.checkpoints.views.printing import card, card_pdf
from lachan.systems.checkpoints.views.scanning import by_hand, scan
from lachan.systems.checkpoints.views.visiting import check_in

__all__ = [
    "breaches", "by_hand", "card", "card_pdf", "check_in", "doubtful", "match", "place", "places", "poster",
    "register_device", "register_place", "revoke_device", "scan", "unmatched",
]  # fmt: skip
