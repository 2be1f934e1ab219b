"""Lists of organisations: accepted at once, read row by row by a job, each row taken or refused with its reason."""

from lachan.systems.vaccination.commands.lists.accepting import MOST_BYTES, CannotAccept, accept_list
from lachan.systems.vaccination.commands.lists.taking import read_list

__all__ = ["MOST_BYTES", "CannotAccept", "accept_list", "read_list"]
