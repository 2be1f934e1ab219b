"""Forgetting entries whose purpose is over."""

from datetime import datetime

from django.db import connection, transaction

from lachan.core import clock
from lachan.systems.arrivals.models import ArrivalDeclaration

# Of one traveller all goes at once, whatever was amended or corrected: a row is old by its day of arrival.
STATEMENTS = (
    "UPDATE arrivals_arrivaldeclaration SET amends_id = NULL WHERE amends_id IN (SELECT id FROM old)",
    "DELETE FROM arrivals_transferline WHERE clearance_id IN (SELECT id FROM cleared)",
    "DELETE FROM arrivals_clearance WHERE id IN (SELECT id FROM cleared)",
    "DELETE FROM arrivals_certificateseen WHERE declaration_id IN (SELECT id FROM old)",
    "DELETE FROM arrivals_arrivaldeclaration WHERE id IN (SELECT id FROM old)",
)
OLD = """
    WITH old AS (SELECT id FROM arrivals_arrivaldeclaration WHERE arrives_on < %s),
    cleared AS (SELECT c.id FROM arrivals_clearance c JOIN old ON old.id = c.declaration_id)
"""


@transaction.atomic
def purge_arrivals(*, before: datetime) -> int:
    """Delete declarations of arrivals before, with what was decided about them; how many."""
    day = clock.local_date(before)
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(OLD + statement, [day])
        return int(cursor.rowcount)


def overdue_arrivals(*, before: datetime) -> int:
    return ArrivalDeclaration.objects.filter(arrives_on__lt=clock.local_date(before)).count()
