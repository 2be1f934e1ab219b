"""The writes. Each is one transaction."""

from lachan.systems.checkpoints.commands.by_hand import TooManyCheckIns, check_in, scan_by_hand
from lachan.systems.checkpoints.commands.certificates import Shown, shown_certificate
from lachan.systems.checkpoints.commands.devices import CannotRegisterDevice, register_device, revoke_device
from lachan.systems.checkpoints.commands.matching import CannotMatch, match_unknown
from lachan.systems.checkpoints.commands.places import (
    CannotRegisterPlace,
    note_poster_printed,
    register_place,
)
from lachan.systems.checkpoints.commands.purging import purge_scans
from lachan.systems.checkpoints.commands.scanning import Reading, record_batch, record_scan

__all__ = [
    "CannotMatch", "CannotRegisterDevice", "CannotRegisterPlace", "Reading", "Shown", "TooManyCheckIns", "check_in",
    "match_unknown", "note_poster_printed", "purge_scans", "record_batch", "record_scan", "register_device",
    "register_place", "revoke_device", "scan_by_hand", "shown_certificate",
]  # fmt: skip
