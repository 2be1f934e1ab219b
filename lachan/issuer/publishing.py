"""The newest edition of a list, as verifiers fetch it: cacheable, and not sent again to who has it."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.issuer.models import ListKind, Publication
from lachan.issuer.queries.reach import newest

CACHE_SECONDS = 300


class NoList(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__("no-list", _("This list was not published yet."))


def published(request: HttpRequest, kind: ListKind, content_type: str) -> HttpResponse:
    """Who has it already (ETag, If-Modified-Since) is told so without its content being read. Raises NoList."""
    found = newest(kind)
    if found is None:
        raise NoList
    tag, made = f'"{kind.value}-{found.pk}"', int(found.made_at.timestamp())
    answer = get_conditional_response(request, etag=tag, last_modified=made) or HttpResponse(
        bytes(Publication.objects.values_list("content", flat=True).get(pk=found.pk)),
        content_type=content_type,
    )
    answer["ETag"], answer["Last-Modified"] = tag, http_date(made)
    answer["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
