"""`lachan import manifest`, through the command itself."""

from pathlib import Path

import pytest

from lachan.core import clock
from lachan.systems.arrivals.models import Passenger
from lachan.systems.arrivals.tests.rows import NOON
from lachan.systems.arrivals.tests.vessels import HEADING, flight, row
from tests.real_input.conftest import Importer
from tests.rows import nobody_listening

pytestmark = pytest.mark.django_db


def test_a_list_is_imported_by_gate_number_and_day(tmp_path: Path, lachan_import: Importer) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HEADING + row(1, "3A") + row(2, "13A"), encoding="utf-8")
    with nobody_listening(), clock.frozen(NOON):
        flight("VN417")
        where = ("--gate", "han", "--number", "vn 417", "--day", "2022-03-20")
        done = lachan_import("manifest", file, *where)
        again = lachan_import("manifest", file, *where)
        nowhere = lachan_import("manifest", file, *where[:-1], "2022-03-21")
    assert (done.code, again.code, nowhere.code, Passenger.objects.count()) == (2, 2, 1, 1)
    assert "seat-not-there" in done.report.read_text(encoding="utf-8-sig")
