"""Gates that hold until the transaction ends: many pass at once, and who closes one waits for all who are within."""

from typing import Final

from django.db import connection

ISSUING: Final = "lachan.issuer.gate"
RECALLING: Final = "lachan.issuer.recalls"


def pass_gate(name: str) -> None:
    """Wait until nobody closes it; then nobody can until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [name])


def close_gate(name: str) -> None:
    """Wait until whoever is within has finished; those who come next see what was done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
