"""JSON doors for scanners: the batch of a device that was offline, one live scan, how many are inside."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Router, Schema
from pydantic import Field

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.errors import Refusal
from lachan.core.models import Place
from lachan.platform import code_keys
from lachan.platform.api import INT_MAX, REFUSED, Permit, Problem, once
from lachan.systems.checkpoints import queries
from lachan.systems.checkpoints.commands import Reading, record_batch, record_scan
from lachan.systems.checkpoints.models import Device, Scan

router = Router(tags=["checkpoints"])
SCANNER = Permit(Permission.SCAN)
LARGEST_BATCH = 2_000
LONGEST_PAYLOAD = 8_000  # more than any QR code holds: what is too long to be one is kept too, as unknown
YEARS = range(1900, 2200)  # what the database can give back

ClientId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The same when sent again")]
Moment = Annotated[str | None, Field(max_length=40, description="ISO 8601; without zone: the site's")]
Payload = Annotated[str, Field(max_length=LONGEST_PAYLOAD, description="What stood in the code")]
Code = Annotated[str, Field(max_length=40)]


class ScanIn(Schema):
    client_id: ClientId
    payload: Payload
    direction: Literal["in", "out"] = "in"
    scanned_at: Moment = None


class LiveScanIn(ScanIn):
    place: Code | None = None


class BatchIn(Schema):
    """`device_now` is the device's clock as it sends; the difference to ours corrects `scanned_at` of each row."""

    device_now: Moment = None
    scans: list[ScanIn] = Field(min_length=1, max_length=LARGEST_BATCH)


class ScanOut(Schema):
    client_id: str = Field(max_length=64)
    id: str = Field(max_length=36)
    verdict: Literal["pass", "check", "stop"]
    reason: str = Field(max_length=40)
    policy: str = Field(max_length=80)
    marks: list[str] = Field(max_length=12)


class BatchOut(Schema):
    """`taken` without a mark and `marked` add up to `received`; nothing is refused."""

    received: int = Field(ge=0, le=LARGEST_BATCH)
    taken: int = Field(ge=0, le=LARGEST_BATCH)
    marked: int = Field(ge=0, le=LARGEST_BATCH)
    scans: list[ScanOut] = Field(max_length=LARGEST_BATCH)


class CodeKeyOut(Schema):
    """`name`: the four symbols by which a printed code names its key. `since`: the first day on which it signs."""

    name: str = Field(max_length=4)
    since: date
    public_key: str = Field(max_length=44, description="Ed25519, 32 bytes as base64")


class CodeKeysOut(Schema):
    """A printed code (LC2) that one of these keys signed is genuine. Codes of telephones are checked online only."""

    keys: list[CodeKeyOut] = Field(max_length=100)
    as_of: datetime


class InsideOut(Schema):
    place: str = Field(max_length=17)
    inside: int = Field(ge=0, le=INT_MAX)
    capacity: int | None = Field(None, ge=0, le=INT_MAX)
    as_of: datetime


class NoSuchPlace(Refusal):
    """place-unknown: there is none, or it is not this posting's."""

    status = 404

    def __init__(self) -> None:
        super().__init__("place-unknown", _("There is no place with this code at which your posting scans."))


class NotADevice(Refusal):
    """device-needed: batches belong to a registered device."""

    status = 403

    def __init__(self) -> None:
        super().__init__("device-needed", _("Only a registered device sends batches."))


class DeviceIsRevoked(Refusal):
    """device-revoked: it may deliver what it holds, and ask for nothing."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "device-revoked", _("This device was revoked. It may still send the scans it holds.")
        )


@router.post("/scans", auth=SCANNER, response={200: BatchOut, REFUSED: Problem})
def send_batch(request: HttpRequest, batch: BatchIn) -> HttpResponse:
    """What a device collected while it was offline: each row judged, marked and kept, none refused. Rows sent again
    (by `client_id`) are answered with what is there."""
    who: Any = request
    device = _device(request)
    if device is None:
        raise NotADevice

    def run() -> tuple[int, Any]:
        scans = record_batch(
            device=device, readings=[_reading(row) for row in batch.scans], actor=who.actor, at=clock.now(),
            device_now=_moment(batch.device_now),
        )  # fmt: skip
        marked = sum(bool(s.marks) for s in scans)
        rows = [_answer(s, device) for s in scans]
        return 200, {"received": len(scans), "taken": len(scans) - marked, "marked": marked, "scans": rows}

    return once(request, run)


@router.post("/scan", auth=SCANNER, response={200: ScanOut, REFUSED: Problem})
def send_scan(request: HttpRequest, scan: LiveScanIn) -> HttpResponse:
    """One scan, now. `place` is needed from a posting over an area."""
    who: Any = request
    device = _device(request)
    place = device.place if device else _place(request, scan.place)

    def run() -> tuple[int, Any]:
        made = record_scan(
            place=place, payload=scan.payload, direction=scan.direction, client_id=scan.client_id, device=device,
            actor=who.actor, at=clock.now(),
        )  # fmt: skip
        return 200, _answer(made, device)

    return once(request, run)


@router.get("/places/{code}/inside", auth=SCANNER, response={200: InsideOut, REFUSED: Problem})
def people_inside(request: HttpRequest, code: Annotated[str, Path(max_length=40)]) -> dict[str, Any]:
    """How many people are in the place now."""
    device, at = _device(request), clock.now()
    if device is not None and device.revoked_at is not None:
        raise DeviceIsRevoked
    place = _place(request, code)
    return {
        "place": place.code, "inside": queries.inside(place, at=at), "capacity": place.capacity, "as_of": at
    }  # fmt: skip


@router.get("/code-keys", auth=SCANNER, response={200: CodeKeysOut, REFUSED: Problem})
def code_keys_for_devices(request: HttpRequest) -> dict[str, Any]:
    """What a device needs to check printed personal codes while it is offline. Keys of coming days are among them."""
    keys = [
        {
            "name": key.name,
            "since": key.since,
            "public_key": b64encode(key.public.public_bytes_raw()).decode(),
        }
        for key in code_keys.current().printed
    ]
    return {"keys": keys, "as_of": clock.now()}


def _device(request: Any) -> Device | None:
    return Device.objects.filter(actor=request.actor).select_related("place", "actor").first()


def _place(request: Any, code: str | None) -> Place:
    own: Place | None = request.posting.place
    place = own if code is None else queries.place_of(request.posting, code)
    if place is None:
        raise NoSuchPlace
    return place


def _reading(row: ScanIn) -> Reading:
    return Reading(
        client_id=row.client_id,
        text=row.payload,
        direction=row.direction,
        device_time=_moment(row.scanned_at),
    )


def _moment(text: str | None) -> datetime | None:
    """The moment, or None for what is none: one bad clock must not hold up a queue."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if found.year not in YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.zone())


def _answer(scan: Scan, device: Device | None) -> dict[str, str | Sequence[str]]:
    """The verdict; a revoked device learns nothing about anybody."""
    revoked = device is not None and device.revoked_at is not None
    return {
        "client_id": scan.client_id,
        "id": str(scan.id),
        "verdict": "check" if revoked else scan.verdict,
        "reason": "device-revoked" if revoked else scan.reason,
        "policy": scan.policy_id,
        "marks": scan.marks,
    }
