"""The demo as its user meets it: ready in seconds, data kept, everything stopped by Ctrl-C."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from lachan.platform.embedded import Cluster
from lachan.site.tests.processes import SECONDS, lachan, start, status_of

DJANGO = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "lachan.site.settings"
import django
django.setup()
"""
PERSON = """
from lachan.core import clock
from lachan.core.models import Area, Person
home = Area.objects.filter(level=3, valid_to__isnull=True).first()
Person.objects.create(
    code="A" * 17, name="Lê Thị Hoa", search_key="le thi hoa", home_area=home, registered_at=clock.now()
)
"""


@pytest.fixture(scope="module")
def inhabited(installation: dict[str, str]) -> dict[str, str]:
    assert lachan(installation, "migrate").returncode == 0
    subprocess.run([sys.executable, "-c", DJANGO + PERSON], env=installation, check=True)
    Cluster(Path(installation["LACHAN_DATA"]) / "postgres").stop()
    return installation


def work_of(demo: subprocess.Popen[str]) -> float:
    """Seconds of a processor that the demo and its processes took: the machine may be busy with other things."""
    mine = psutil.Process(demo.pid)
    times = [each.cpu_times() for each in (mine, *mine.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))


def test_the_demo_leaves_people_whom_it_did_not_make_alone(inhabited: dict[str, str], free_port: int) -> None:
    said = lachan(inhabited, "demo", "--port", str(free_port))
    assert said.returncode == 1
    assert "the demo did not make" in said.stderr
    assert not Cluster(Path(inhabited["LACHAN_DATA"]) / "postgres").running()


def test_a_later_demo_is_ready_in_seconds_and_ctrl_c_stops_all_of_it(
    inhabited: dict[str, str], free_port: int
) -> None:
    cluster = Cluster(Path(inhabited["LACHAN_DATA"]) / "postgres")
    cluster.start()
    sign_ins = "from lachan.site import demo; demo.make()"
    subprocess.run([sys.executable, "-c", DJANGO + sign_ins], env=inhabited, check=True)
    cluster.stop()
    demo = start(inhabited, "demo", "--port", str(free_port))
    assert status_of(f"http://127.0.0.1:{free_port}/sign-in/", demo) == 200
    assert work_of(demo) < 30
    time.sleep(2)
    demo.send_signal(signal.SIGINT)
    said, _ = demo.communicate(timeout=SECONDS)
    assert demo.returncode == 0, said
    assert f"Open http://127.0.0.1:{free_port}" in said
    assert "commune-officer" in said
    assert not cluster.running()
    assert status_of(f"http://127.0.0.1:{free_port}/healthz", demo) == 0
