"""What stands before every page: no view answers unless a door is named for it (fail closed)."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from lachan.core import access, actors, clock
from lachan.core.access import Permission
from lachan.core.models import Actor, Posting

PUBLIC = "public"
SIGNED_IN = "signed-in"
CITIZEN = "citizen"
POSTING_KEY = "posting"

Rest = ParamSpec("Rest")


class DeskRequest(HttpRequest):
    """A request as views behind a door see it."""

    actor: Actor
    posting: Posting
    postings: list[Posting]


View = Callable[Concatenate[Any, Rest], HttpResponseBase]


def door(rule: Permission | str) -> Callable[[View[Rest]], View[Rest]]:
    """Let in: everybody (PUBLIC), every posting (SIGNED_IN), the postings that hold a permission, or who showed a
    code sent to a phone (CITIZEN), staff or not."""

    def build(view: View[Rest]) -> View[Rest]:
        @wraps(view)
        def guarded(request: Any, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
            return _turned_away(rule, request) or view(request, *args, **kwargs)

        guarded.door = rule  # type: ignore[attr-defined]
        return cast("View[Rest]", guarded)

    return build


def _turned_away(rule: Permission | str, request: Any) -> HttpResponseBase | None:
    """The way to the sign-in, with the path alone: what was asked may hold what somebody typed about a person.
    Raises PermissionDenied for who is signed in, but not for this."""
    if rule == PUBLIC:
        return None
    if rule == CITIZEN:
        known = request.citizen is not None
        return None if known else redirect_to_login(request.path, settings.CITIZEN_LOGIN_URL)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if request.posting is None or not _admits(rule, request.posting):
        raise PermissionDenied(rule)
    return None


def _admits(rule: Permission | str, posting: Posting) -> bool:
    return rule == SIGNED_IN or access.may(posting, Permission(rule))


def know_posting(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: who is acting, and in which of their postings (the one chosen, else the first)."""

    def middleware(request: Any) -> HttpResponseBase:
        request.actor, request.posting, request.postings = None, None, []
        if request.user.is_authenticated:
            _recognise(request)
        return get_response(request)

    return middleware


def _recognise(request: Any) -> None:
    request.actor = actors.of_user(request.user)
    if request.actor is None:
        return
    request.postings = actors.postings_of(request.actor, at=clock.now())
    chosen = request.session.get(POSTING_KEY)
    by_id = {p.pk: p for p in request.postings}
    request.posting = by_id.get(chosen) or next(iter(request.postings), None)


class FailClosed:
    """Middleware: a view for which nobody named a door is not reachable."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_given: Any) -> None:
        match = request.resolver_match
        is_api = match is not None and match.namespaces[:1] == [
            "api"
        ]  # every operation of the API names a permit
        if not is_api and not hasattr(view, "door"):
            raise PermissionDenied("no door is named for this view")
