"""What the commands would refuse, the database refuses too."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.core.models import Actor, Person, Place
from lachan.systems.checkpoints.models import Breach, Checkpoint, Device, LiveCodeUse, Scan
from lachan.systems.checkpoints.tests.conftest import AT


def refused(name: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


@pytest.fixture
def scan(person: Person, place: Place, actor: Actor) -> dict[str, Any]:
    return {
        "place": place, "actor": actor, "client_id": "c", "direction": "in", "payload": "person_code", "person": person,
        "happened_at": AT, "recorded_at": AT, "verdict": "pass", "reason": "r", "policy_id": "p",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("scan_direction_known", {"direction": "up"}),
        ("scan_verdict_known", {"verdict": "maybe"}),
        ("scan_marks_known", {"marks": ["strange"]}),
        ("scan_unknown_code_is_kept", {"person": None}),
        ("scan_unknown_code_is_kept", {"person": None, "sealed": b"x", "payload_hash": b"x"}),
        ("scan_unknown_code_is_kept", {"person": None, "marks": ["unknown_code"], "payload_hash": b"x"}),
        (
            "scan_matched_to_somebody",
            {
                "person": None,
                "sealed": b"x",
                "payload_hash": b"x",
                "marks": ["unknown_code"],
                "matched_at": AT,
            },
        ),
    ],
)
def test_a_scan_that_says_nonsense_is_refused(name: str, wrong: dict[str, Any], scan: dict[str, Any]) -> None:
    refused(name, lambda: Scan.objects.create(**scan | wrong))


def test_one_actor_sends_one_client_id_once(scan: dict[str, Any]) -> None:
    Scan.objects.create(**scan)
    refused("scan_once_a_client_id", lambda: Scan.objects.create(**scan))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("checkpoint_stay_within_a_day", {"default_stay_minutes": 0}),
        ("checkpoint_stay_within_a_day", {"default_stay_minutes": 961}),
        ("checkpoint_directions_known", {"directions": "up"}),
    ],
)
def test_a_profile_that_cannot_be_is_refused(
    name: str, wrong: dict[str, Any], place: Place, actor: Actor
) -> None:
    refused(
        name, lambda: Checkpoint.objects.create(place=place, registered_at=AT, registered_by=actor, **wrong)
    )


def test_a_device_has_a_name_and_is_revoked_after_it_was_registered(place: Place, actor: Actor) -> None:
    def device(**fields: Any) -> Device:
        return Device.objects.create(
            **{"place": place, "actor": actor, "name": "a", "registered_at": AT} | fields
        )

    refused("device_has_a_name", lambda: device(name=""))
    refused("device_revoked_after_registered", lambda: device(revoked_at=AT - timedelta(seconds=1)))


def test_a_breach_is_told_once_an_order_a_place_a_day(
    scan: dict[str, Any], person: Person, place: Place
) -> None:
    first, second = Scan.objects.create(**scan), Scan.objects.create(**scan | {"client_id": "d"})

    def breach(of: Scan) -> Breach:
        return Breach.objects.create(
            scan=of, person=person, place=place, order_id=1, on_date=AT.date(), happened_at=AT, recorded_at=AT
        )

    breach(first)
    refused("breach_once_an_order_a_place_a_day", lambda: breach(second))


def test_a_post_takes_a_code_of_a_telephone_once(scan: dict[str, Any], place: Place) -> None:
    first, second = Scan.objects.create(**scan), Scan.objects.create(**scan | {"client_id": "d"})
    LiveCodeUse.objects.create(place=place, nonce=b"n" * 16, scan=first, used_at=AT)
    refused(
        "live_code_once_a_post",
        lambda: LiveCodeUse.objects.create(place=place, nonce=b"n" * 16, scan=second, used_at=AT),
    )
