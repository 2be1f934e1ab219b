"""For the machine that watches this one."""

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lachan.core.doors import PUBLIC, door
from lachan.site.error_pages import RETRY_SECONDS


@door(PUBLIC)
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """`ok` when the database answers; else 503, so that nobody is sent here until it does."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return HttpResponse(
            "database", status=503, content_type="text/plain", headers={"Retry-After": RETRY_SECONDS}
        )
    return HttpResponse("ok", content_type="text/plain")
