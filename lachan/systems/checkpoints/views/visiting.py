"""The page that a venue's poster opens: a visitor checks in without an account and without a script."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lachan.codecs.person_qr import PersonCode, VenueCode, recognise
from lachan.core import areas, clock
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.core.ids import uuid7
from lachan.core.models import Place
from lachan.systems.checkpoints import commands, queries
from lachan.systems.checkpoints.forms import CheckInForm


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, code: str) -> HttpResponse:
    """The answer is the same whoever checks in: a name and a telephone number tell nothing about their owner."""
    place = _place(code)
    done = request.GET.get("done", "")
    form = CheckInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        said = [request.POST.get("nonce", "")[:64], *map(str, given.values())]
        client_id = sha256("\0".join(said).encode("utf-8", "replace")).hexdigest()
        try:
            commands.check_in(place=place, **given, client_id=client_id, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            answer = redirect(f"{request.path}?done={given['direction']}")
            answer.status_code = 303
            return answer
    context = {
        "place": place, "area": areas.full_name(place.area), "form": form, "nonce": uuid7().hex, "at": clock.now(),
        "done": done if done in ("in", "out") else "",
    }  # fmt: skip
    return render(request, "checkpoints/check_in.html", context, status=422 if form.errors else 200)


def _place(code: str) -> Place:
    """By the text of the poster, `LV1:…`, or the bare code typed from it."""
    read = recognise(code)
    found = None
    if isinstance(read, VenueCode | PersonCode):
        places = Place.objects.filter(code=read.code, closed_at__isnull=True, kind__in=queries.SCANNED_KINDS)
        found = places.select_related("area__parent__parent").first()
    if found is None:
        raise Http404
    return found
