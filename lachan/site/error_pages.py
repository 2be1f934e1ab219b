"""Error pages with a short code to read on the telephone; the same code stands in the log."""

from __future__ import annotations

import logging
import secrets
import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.functional import Promise

from lachan.codecs.symbols import ALPHABET

log = logging.getLogger(__name__)
CODE_SYMBOLS = 6
RETRY_SECONDS = "5"


def new_error_code(status: int) -> str:
    """`404-7K3M0Q`: the status and 30 random bits."""
    return f"{status}-{''.join(secrets.choice(ALPHABET) for _ in range(CODE_SYMBOLS))}"


def error_page(request: HttpRequest, status: int, *, refusal: str | Promise = "") -> HttpResponse:
    """The page of `status` (400 403 404 422 500 503); `refusal` is the sentence of a refused command."""
    code = new_error_code(status)
    # The route names the page; the address itself may hold what somebody typed.
    route = request.resolver_match.route if request.resolver_match else "no route"
    log.warning("error page %s at %s", code, route)
    return render(request, f"{status}.html", {"error_code": code, "refusal": refusal}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For CSRF_FAILURE_VIEW."""
    return HttpResponse(
        render_to_string("403_csrf.html", {"error_code": new_error_code(403)}, request), status=403
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without context processors: what broke may be what they need.

    A database that is away for a moment is no defect of ours: 503, come again.
    """
    status = 503 if isinstance(sys.exception(), OperationalError) else 500
    code = new_error_code(status)
    log.error("error page %s", code)
    answer = HttpResponse(render_to_string(f"{status}.html", {"error_code": code}), status=status)
    if status == 503:
        answer.headers["Retry-After"] = RETRY_SECONDS
    return answer
