"""The demo's vaccines: a national store that supplies a province, two districts and their sites, half-way through a
campaign, with a lot that is held, one that has expired, a transfer under way and a vial that does not add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lachan.core import actors, clock
from lachan.core.models import Actor, Area, Place, Posting, Role
from lachan.platform import policies
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Lot

DISTRICTS, SITES = 2, 2
GTIN = "00380777700014"  # of no product: its company prefix is an example


@dataclass(frozen=True, slots=True)
class Chain:
    """From the national store to the sites of the districts."""

    national: Place
    province: Place
    districts: list[Place]
    sites: list[Place]


def make() -> None:
    """Stores, lots and four weeks of movements, in the province of the demo's vaccine officer; once."""
    at = clock.now()
    posting = (
        Posting.objects.filter(role=Role.VACCINE_OFFICER, area__isnull=False).select_related("area").first()
    )
    if posting is None or posting.area is None or Lot.objects.exists() or not _known(at - timedelta(days=28)):
        return
    actor = actors.system(at=at)
    chain = _stores(posting.area, actor, at - timedelta(days=40))
    _supply(chain, actor, at)


def _known(at: datetime) -> bool:
    """Whether the rules of that day know the vaccines of the demo."""
    rules = policies.at(clock.local_date(at)).vaccination
    return rules is not None and all(rules.product(code) for code in ("comirnaty", "vaxzevria", "spikevax"))


def _stores(province: Area, actor: Actor, at: datetime) -> Chain:
    def opened(name: str, area: Area, parent: Place | None, *, site: bool = False) -> Place:
        return commands.open_store(name=name, area=area, actor=actor, at=at, parent=parent, site=site)

    national = opened("Kho vắc xin quốc gia", province.parent or province, None)
    middle = opened(f"Kho CDC {province.name}", province, national)
    below = Area.objects.filter(path__startswith=province.path, level=3, valid_to__isnull=True).order_by("pk")
    communes = list(below[: DISTRICTS * SITES]) or [province]
    districts = [
        opened(f"Kho trung tâm y tế khu vực {n + 1}", communes[n * SITES % len(communes)], middle)
        for n in range(DISTRICTS)
    ]
    sites = [
        opened(f"Điểm tiêm {area.name}", area, districts[n // SITES % DISTRICTS], site=True)
        for n, area in enumerate(communes)
    ]
    return Chain(national, middle, districts, sites)


def _supply(chain: Chain, actor: Actor, at: datetime) -> None:
    today, begun = clock.local_date(at), at - timedelta(days=28)
    main = _received(
        chain.national, "comirnaty", "DEMO-FK8917", 60_000, today + timedelta(days=150), begun, gtin=GTIN
    )
    held = _received(chain.national, "vaxzevria", "DEMO-ABV5811", 20_000, today + timedelta(days=60), begun)
    old = _received(chain.national, "spikevax", "DEMO-045C21A", 4_000, today - timedelta(days=3), begun)
    for lot, doses in ((main, 24_000), (held, 8_000), (old, 1_000)):
        _moved(lot, chain.national, chain.province, doses, actor, begun)
    for district in chain.districts:
        _moved(main, chain.province, district, 9_000, actor, begun + timedelta(days=1))
        _moved(held, chain.province, district, 2_000, actor, begun + timedelta(days=1))
    for number, site in enumerate(chain.sites):
        _moved(
            main, chain.districts[number // SITES % DISTRICTS], site, 1_200, actor, begun + timedelta(days=2)
        )
        _session(
            site, main, vials=6 + number, left=3 if number == 0 else 0, actor=actor, at=at - timedelta(days=1)
        )
    commands.send_transfer(
        lot=main, origin=chain.districts[0], destination=chain.sites[0], doses=600, actor=actor, at=at
    )
    commands.hold_lot(lot=held, reason="Chờ kết quả kiểm định sau phản ứng nặng", actor=actor, at=at)


def _received(
    store: Place, product: str, number: str, doses: int, expires_on: date, at: datetime, *, gtin: str = ""
) -> Lot:  # fmt: skip
    row = commands.record_receipt(
        store=store, product=product, number=number, expires_on=expires_on, doses=doses, gtin=gtin,
        actor=actors.system(at=at), at=at,
    )  # fmt: skip
    return row.lot


def _moved(lot: Lot, origin: Place, destination: Place, doses: int, actor: Actor, at: datetime) -> None:
    sent = commands.send_transfer(
        lot=lot, origin=origin, destination=destination, doses=doses, actor=actor, at=at
    )
    commands.receive_transfer(transfer=sent, counted=doses, actor=actor, at=at + timedelta(hours=6))


def _session(site: Place, lot: Lot, *, vials: int, left: int, actor: Actor, at: datetime) -> None:
    """Vials opened and emptied but for what could not be drawn; of the last one `left` doses are not accounted for."""
    for number in range(vials):
        vial = commands.open_vial(store=site, lot=lot, actor=actor, at=at)
        keep = left if number == vials - 1 else number % 2
        for _dose in range(vial.doses - keep):
            commands.take_dose(vial=vial, actor=actor, at=at + timedelta(minutes=20))
        if keep and not (left and number == vials - 1):
            commands.waste_doses(
                store=site, lot=lot, vial=vial, doses=keep, reason="residual", actor=actor, at=at + timedelta(hours=1)
            )  # fmt: skip
