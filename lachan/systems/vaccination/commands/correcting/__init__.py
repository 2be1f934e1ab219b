"""Corrections: asked for by the person, decided by who has seen a paper; doses, ledger and certificates follow."""

from lachan.systems.vaccination.commands.correcting.asking import ask_correction
from lachan.systems.vaccination.commands.correcting.deciding import confirm_correction, refuse_correction
from lachan.systems.vaccination.commands.correcting.refusals import CannotCorrect

__all__ = ["CannotCorrect", "ask_correction", "confirm_correction", "refuse_correction"]
