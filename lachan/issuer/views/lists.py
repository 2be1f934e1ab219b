"""Where `did:web` looks for the DID document of this installation (`ISSUER_DID`)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lachan.core.doors import PUBLIC, door
from lachan.issuer.models import ListKind
from lachan.issuer.publishing import published


@door(PUBLIC)
@require_safe
def did_document(request: HttpRequest) -> HttpResponse:
    return published(request, ListKind.DID, "application/did+json")
