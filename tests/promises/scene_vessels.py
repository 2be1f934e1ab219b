"""What stands at the border gate on each side of the scene: a vessel with a list of which a row was refused, and a
traveller on the way to the quarantine site."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from lachan.core.models import Role
from lachan.systems.arrivals.commands import Finding, correct_clearance
from lachan.systems.arrivals.commands.manifests import import_manifest
from lachan.systems.arrivals.commands.transfers import hand_over, make_transfer_list
from lachan.systems.arrivals.commands.vessels import register_conveyance
from lachan.systems.arrivals.models import Clearance, Gate
from tests.town import Town

ROWS = "Họ tên,Số hộ chiếu,Ghế\nAboard Canary,C480998{side},3A\n,C4809971,3B\n"


def bring(town: Town, things: dict[str, Any], gate: Gate, done: Clearance, *, at: datetime) -> None:
    officer, number = town.staff[Role.BORDER_OFFICER], gate.pk
    vessel = register_conveyance(
        gate=gate, kind="plane", number=f"VN{number}", from_country="FRA", departs_at=at - timedelta(hours=9),
        arrives_at=at, layout="A321", actor=officer, at=at,
    )  # fmt: skip
    with NamedTemporaryFile(suffix=".csv") as file:
        file.write(ROWS.format(side=number).encode())
        file.flush()
        sent = import_manifest(conveyance=vessel, file=Path(file.name), actor=officer, at=at)
    apart = correct_clearance(
        clearance=done, finding=Finding(temperature=Decimal("36.6"), duty="facility", reason="test"), actor=officer,
        at=at,
    )  # fmt: skip
    brought = make_transfer_list(gate=gate, site=town.site, clearances=[apart], actor=officer, at=at)
    hand_over(transfer=brought, actor=officer, at=at)
    things |= {"vessel": vessel.pk, "passenger_list": sent.pk, "transfer_list": brought.pk}
