"""The reads of the ledger."""

from lachan.issuer.queries.certificates import (
    Standing,
    backlog,
    by_uvci,
    certificates_of,
    persons_of,
    standing,
    standings,
    stop_in_force,
)
from lachan.issuer.queries.trust import foreign_lists, keys_wanted, known_keys, signer_keys, trust, trusted

__all__ = [
    "Standing",
    "backlog",
    "by_uvci",
    "certificates_of",
    "foreign_lists",
    "keys_wanted",
    "known_keys",
    "persons_of",
    "signer_keys",
    "standing",
    "standings",
    "stop_in_force",
    "trust",
    "trusted",
]
