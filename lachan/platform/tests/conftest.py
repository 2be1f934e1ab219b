import pytest
from django.db import connection


@pytest.fixture
def _no_jobs(transactional_db: None) -> None:
    """procrastinate's tables are not emptied between tests: Django does not manage them."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
