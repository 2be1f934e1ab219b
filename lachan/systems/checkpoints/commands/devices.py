"""Scanners: registered with a token that is shown once, revoked at any time."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import actors
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import DeviceRegistered, DeviceRevoked
from lachan.core.models import Actor, ActorKind, Place, Role
from lachan.platform.api import token_hash
from lachan.systems.checkpoints.models import Device

TOKEN_BYTES = 32


class CannotRegisterDevice(Refusal):
    """device-name."""

    status = 422


@transaction.atomic
def register_device(*, place: Place, name: str, actor: Actor, at: datetime) -> tuple[Device, str]:
    """The device and its token, of which only a hash is kept. Raises CannotRegisterDevice."""
    name = name.strip()[:120]
    if not name:
        raise CannotRegisterDevice("device-name", _("Give the device a name, for example: gate 2, tablet 1."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    itself = Actor.objects.create(
        kind=ActorKind.DEVICE, name=name, token_hash=token_hash(token), created_at=at
    )
    actors.post(itself, Role.GATE_GUARD, at=at, place=place)
    device = Device.objects.create(place=place, actor=itself, name=name, registered_at=at)
    emit([_told(DeviceRegistered, device, at)], actor=actor)
    return device, token


@transaction.atomic
def revoke_device(*, device: Device, actor: Actor, at: datetime) -> None:
    """Trust it no longer; twice is once.

    Its token still opens the upload of what it holds: those scans are marked, and what it says happened after `at`
    makes no visit.
    """
    if Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(revoked_at=at):
        emit([_told(DeviceRevoked, device, at)], actor=actor)


def _told(
    kind: type[DeviceRegistered] | type[DeviceRevoked], device: Device, at: datetime
) -> DeviceRegistered | DeviceRevoked:
    return kind(
        device_id=device.pk, place_id=device.place_id, happened_at=at, ref=f"checkpoints.device:{device.pk}"
    )
