"""One's own certificates on paper and as pictures."""

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lachan.core import clock
from lachan.core.access import NotVisible
from lachan.core.doors import CITIZEN, door
from lachan.issuer.printing import CannotPrint, Format
from lachan.issuer.queries import certificates_of
from lachan.issuer.views.people import printed
from lachan.portals.health_book.views.pieces import CitizenRequest, opened


@door(CITIZEN)
@require_safe
@never_cache
def certificate(request: CitizenRequest, code: str, number: int) -> HttpResponse:
    """GET ?as=png: a picture for the telephone, else a PDF; of a valid certificate of one's own, or of somebody who
    shares the telephone. The look is noted."""
    at = clock.now()
    person, _reader = opened(request, code, "certificate", at)
    found = certificates_of(person).filter(pk=number).first()
    if found is None:
        raise NotVisible
    try:
        wanted: Format = "png" if request.GET.get("as") == "png" else "pdf"
        return printed(found, base_url=request.build_absolute_uri("/"), at=at, format=wanted)
    except CannotPrint as refusal:
        raise NotVisible from refusal
