"""What the web process does before it has workers."""

import pytest
from django.db import connection

from lachan.site.cli.serve import refuse_old_tables


@pytest.mark.django_db
def test_no_socket_of_the_pool_is_left_to_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    monkeypatch.setattr(connection, "close", lambda: closed.append(False))
    monkeypatch.setattr(connection, "close_pool", lambda: closed.append(True))
    refuse_old_tables()
    assert closed == [False, True]
