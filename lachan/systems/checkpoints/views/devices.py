"""Devices of a place: registering one shows its token once, revoking takes effect at once."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lachan.codecs import qr
from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.systems.checkpoints import commands
from lachan.systems.checkpoints.forms import DeviceForm
from lachan.systems.checkpoints.models import Device
from lachan.systems.checkpoints.views.finding import place_or_404
from lachan.systems.checkpoints.views.places import place_context


@door(Permission.MANAGE_PLACES)
@require_POST
def register_device(request: DeskRequest, code: str) -> HttpResponse:
    """The page with the token is never stored or shown again."""
    place = place_or_404(request, code)
    form = DeviceForm(request.POST)
    if form.is_valid():
        try:
            device, token = commands.register_device(
                place=place, name=form.cleaned_data["device"], actor=request.actor, at=clock.now()
            )
            return _show(request, device, token)
        except Refusal as refusal:
            form.refuse(refusal, "device")
    return render(request, "checkpoints/place.html", place_context(request, place, form), status=422)


def _show(request: DeskRequest, device: Device, token: str) -> HttpResponse:
    """The hand-shake that a device reads: where to send, and with what."""
    handshake = json.dumps({"version": 1, "url": request.build_absolute_uri("/api/"), "token": token})
    drawn = mark_safe(qr.svg(handshake, label=str(_("Code for setting up the device"))))  # noqa: S308 (our drawing)
    answer = render(
        request, "checkpoints/device.html", {"device": device, "token": token, "drawn": drawn}, status=201
    )
    answer["Cache-Control"] = "no-store"
    return answer


@door(Permission.MANAGE_PLACES)
@require_POST
def revoke_device(request: DeskRequest, code: str, number: int) -> HttpResponse:
    place = place_or_404(request, code)
    device = Device.objects.filter(pk=number, place=place).first()
    if device is None:
        raise Http404
    commands.revoke_device(device=device, actor=request.actor, at=clock.now())
    messages.success(request, _("The device is revoked. What it still sends is marked."))
    answer = redirect("checkpoints:place", code=place.code)
    answer.status_code = 303
    return answer
