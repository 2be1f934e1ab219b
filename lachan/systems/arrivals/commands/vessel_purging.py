"""Forgetting who was on a vessel, and who was brought where."""

from datetime import datetime

from django.db import connection, transaction

from lachan.systems.arrivals.models import Conveyance

# The place of the vessel stays: exposures of tracing may point at it, and it names nobody.
STATEMENTS = (
    "DELETE FROM arrivals_passenger WHERE conveyance_id IN (SELECT id FROM old)",
    "DELETE FROM arrivals_manifest WHERE conveyance_id IN (SELECT id FROM old)",
    "DELETE FROM arrivals_transferline WHERE transfer_id IN (SELECT id FROM listed)",
    "DELETE FROM arrivals_transferlist WHERE id IN (SELECT id FROM listed)",
    "DELETE FROM arrivals_conveyance WHERE id IN (SELECT id FROM old)",
)
OLD = """
    WITH old AS (SELECT id FROM arrivals_conveyance WHERE arrives_at < %(before)s),
    listed AS (SELECT id FROM arrivals_transferlist WHERE made_at < %(before)s)
"""


@transaction.atomic
def purge_vessels(*, before: datetime) -> int:
    """Delete vessels that came before, their lists and passengers, and transfer lists made before; how many vessels."""
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(OLD + statement, {"before": before})
        return int(cursor.rowcount)


def overdue_vessels(*, before: datetime) -> int:
    return Conveyance.objects.filter(arrives_at__lt=before).count()
