
import pytest
from django.db import connection



@pytest.mark.django_db
def test_the_database_is_postgresql_15_or_newer_in_utf8() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_encoding'), upper('đường')")
        version, encoding, upper = cursor.fetchone()
    assert 150000 <= version < 190000
    assert encoding == "UTF8"
    assert upper == "ĐƯỜNG"
