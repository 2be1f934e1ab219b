"""Lists of passengers are forgotten after their time, with what hangs on them, and nothing else."""

from datetime import timedelta
from pathlib import Path

import pytest

from lachan.core.models import Person, Place
from lachan.systems.arrivals.commands.vessel_purging import overdue_vessels, purge_vessels
from lachan.systems.arrivals.models import Conveyance, Manifest, Passenger, TransferLine, TransferList
from lachan.systems.arrivals.tests.rows import NOON
from lachan.systems.arrivals.tests.test_transfers import listed
from lachan.systems.arrivals.tests.vessels import flight, row, take

pytestmark = pytest.mark.django_db


def test_old_vessels_go_whole_and_young_ones_stay(tmp_path: Path) -> None:
    old, young = flight(), flight(arrives_at=NOON + timedelta(days=1))
    take(tmp_path, old, row(1, "3A"))
    take(tmp_path, young, row(2, "3A"))
    listed()
    people, places = Person.objects.count(), Place.objects.count()
    before = NOON + timedelta(hours=1)
    assert overdue_vessels(before=before) == 2
    assert purge_vessels(before=before) == 2
    assert (overdue_vessels(before=before), list(Conveyance.objects.all())) == (0, [young])
    assert (Passenger.objects.count(), Manifest.objects.count()) == (1, 1)
    assert not TransferLine.objects.exists()
    assert not TransferList.objects.exists()
    assert (Person.objects.count(), Place.objects.count()) == (people, places)
