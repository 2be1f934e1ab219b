import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_postgresql_15_or_newer_and_knows_vietnamese_capitals() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, upper('đường')")
        version, upper = cursor.fetchone()
    assert 150000 <= version < 190000
    assert upper == "ĐƯỜNG"
