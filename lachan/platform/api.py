"""What every JSON door shares: permits, the error envelope, idempotency.

An answer that is not a success is always `{"code": …, "message": …}`, for machines and for people;
bad input adds `"where"`, the path of the field.
"""

import json
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from hashlib import sha256
from typing import Annotated, Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.utils import check_csrf
from pydantic import Field, StringConstraints

from lachan.core import access, actors, clock
from lachan.core.access import Permission
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.core.models import Actor
from lachan.platform import idempotency
from lachan.platform.idempotency import Answer
from lachan.platform.paging import Page

INT_MAX = 2**31 - 1
REFUSED = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text, as a person types it."""

Prose = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""Text that a column can hold; how long is for the field to say."""


class Problem(Schema):
    """Why a request was turned down: a code for machines, words for people."""

    code: str = Field(max_length=80)
    message: str = Field(max_length=1000)
    where: str | None = Field(None, max_length=200)


class Permit:
    """Lets an operation be used by postings that hold `permission`: a signed-in desk (session) or a device or
    program with `Authorization: Bearer <token>`. Sets `request.actor` and `request.posting`."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    def __call__(self, request: Any) -> Actor | None:
        if token := _bearer(request):
            _recognise_token(request, token)
        elif check_csrf(request) is not None:  # a session comes along with every request of the browser
            raise HttpError(403, "The request does not come from a page of this site.")
        if request.actor is None:
            return None
        if not access.may(request.posting, self.permission):
            raise AuthorizationError
        actor: Actor = request.actor
        return actor


class AnybodysDoor(StrEnum):
    PUBLIC = PUBLIC


class Anybody:
    """Lets an operation be used by everybody, without a token; for reads that tell nobody's data."""

    permission = AnybodysDoor.PUBLIC

    def __call__(self, _request: HttpRequest) -> bool:
        return True


def token_hash(token: str) -> bytes:
    """What is kept of a token: it has 256 random bits, so a plain hash is enough."""
    return sha256(token.encode()).digest()


def _bearer(request: HttpRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _recognise_token(request: Any, token: str) -> None:
    request.actor, postings = actors.of_token(token_hash(token), at=clock.now())
    request.posting = next(iter(postings), None)


def once(request: Any, run: Callable[[], tuple[int, Any]]) -> HttpResponse:
    """Answer with what `run` returns (status, JSON value); with an `Idempotency-Key` the same request sent again
    gets the same bytes and has no second effect."""

    def answer() -> Answer:
        status, value = run()
        return Answer(status, json.dumps(value, ensure_ascii=False, default=str).encode())

    key = request.headers.get("Idempotency-Key")
    if key is None:
        given = answer()
    else:
        caller = f"{request.actor.pk}:{request.method}:{request.path}"[:100]
        given = idempotency.once(caller=caller, key=key, body=request.body, at=clock.now(), run=answer)
    return HttpResponse(given.body, status=given.status, content_type=given.content_type)


def link_next(request: HttpRequest, response: HttpResponse, page: Page[Any]) -> None:
    """Name the address of the next page in the head `Link` (RFC 8288), as long as there is one."""
    if page.next_cursor:
        query = request.GET.copy()
        query["cursor"] = page.next_cursor
        response["Link"] = f'<{request.path}?{query.urlencode()}>; rel="next"'


def new_api() -> NinjaAPI:
    """The API: closed unless an operation names a permit, every refusal in the envelope."""
    api = NinjaAPI(
        title="Lá Chắn",
        version="1",
        urls_namespace="api",
        auth=_nobody,
        description="One record of an epidemic.",
        docs_url=None,  # its page asks another host for its scripts
        docs_decorator=_document,
    )
    for kind, answer in _ANSWERS:
        api.add_exception_handler(kind, partial(answer, api))
    return api


def _document(view: Callable[..., Any]) -> Callable[..., Any]:
    """What the operations are may be read by everybody."""
    return door(PUBLIC)(require_safe(view))


def _nobody(request: HttpRequest) -> None:
    """An operation that forgot its permit is closed."""


def _problem(
    api: NinjaAPI, request: HttpRequest, status: int, code: str, message: str, **more: Any
) -> HttpResponse:
    return api.create_response(request, {"code": code, "message": message} | more, status=status)


def _refused(api: NinjaAPI, request: HttpRequest, error: Refusal) -> HttpResponse:
    return _problem(api, request, error.status, error.code, str(error.message))


def _invalid(api: NinjaAPI, request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return _problem(api, request, 422, "input-invalid", str(first["msg"]), where=where[:200])


def _unauthenticated(api: NinjaAPI, request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _problem(api, request, 401, "sign-in-needed", "Sign in, or send a valid token.")


def _unauthorised(api: NinjaAPI, request: HttpRequest, error: AuthorizationError) -> HttpResponse:
    return _problem(api, request, 403, "not-permitted", "Your posting may not do this.")


def _http(api: NinjaAPI, request: HttpRequest, error: HttpError) -> HttpResponse:
    return _problem(api, request, error.status_code, f"http-{error.status_code}", str(error))


def _too_large(api: NinjaAPI, request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return _problem(api, request, 413, "request-too-large", "Send less at once.")


_ANSWERS: tuple[tuple[type[Exception], Callable[..., HttpResponse]], ...] = (
    (Refusal, _refused),
    (ValidationError, _invalid),
    (AuthenticationError, _unauthenticated),
    (AuthorizationError, _unauthorised),
    (HttpError, _http),
    (RequestDataTooBig, _too_large),
)
