"""The way in and out. Each sign-in is written down; whoever guesses is slowed, whether the name is anybody's or not."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from lachan.core import actors, clock
from lachan.core.doors import PUBLIC, door
from lachan.core.eventlog import emit
from lachan.core.events import SignedIn, SignInRefused
from lachan.core.models import Actor
from lachan.platform import ratelimit
from lachan.platform.ratelimit import Limit, TooMany, address_of
from lachan.site import demo

# Each sign-in shown costs a password check (scrypt), so the list is kept for a minute.
KEPT_SECONDS = 60
# Of one name from one address; of one name from anywhere, so that a crowd of machines gains little; of one address
# whatever the name, with room for an office behind one.
HERE = Limit("sign-in-here", 5, timedelta(minutes=15))
A_NAME = Limit("sign-in-name", 30, timedelta(hours=1))
AN_ADDRESS = Limit("sign-in-address", 200, timedelta(minutes=15))
LONGEST_NAME = 150


class _SignIn(LoginView):
    redirect_authenticated_user = True
    http_method_names = ("get", "head", "post", "options")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        at, name = clock.now(), _name(request)
        try:
            _take(request, name, at)
        except TooMany as refusal:
            _refused(name, "too-many", at)
            form = AuthenticationForm(
                request, initial={"username": request.POST.get("username", "")[:LONGEST_NAME]}
            )
            context = self.get_context_data(form=form, refusal=refusal.message)
            answer = self.render_to_response(context)
            answer.status_code = refusal.status
            return answer
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """What was mistyped before counts no longer; the sign-in itself is written down."""
        ratelimit.forgive(HERE, _here(self.request, _name(self.request)))
        member = actors.of_user(form.get_user())
        if member is not None:
            with transaction.atomic():
                emit([SignedIn(happened_at=clock.now())], actor=member)
        return super().form_valid(form)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        _refused(_name(self.request), "password", clock.now())
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = cache.get_or_set("demo-sign-ins", demo.existing, KEPT_SECONDS) if settings.LACHAN_DEMO else []
        return super().get_context_data(demo_sign_ins=found, **kwargs)

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """A part of a page that asks after the session ended is sent here too: then the whole page is to come."""
        answer = super().render_to_response(context, **more)
        if self.request.headers.get("HX-Request"):
            answer.headers["HX-Refresh"] = "true"
        return answer


def _name(request: HttpRequest) -> str:
    """As the sign-in reads it: forms of one letter are one, and capitals make no new name."""
    typed = request.POST.get("username", "")[:LONGEST_NAME]
    return unicodedata.normalize("NFKC", typed).casefold().strip()


def _here(request: HttpRequest, name: str) -> str:
    return f"{name}\0{address_of(request)}"


def _take(request: HttpRequest, name: str, at: datetime) -> None:
    ratelimit.take(AN_ADDRESS, address_of(request), at=at)
    ratelimit.take(HERE, _here(request, name), at=at)
    ratelimit.take(A_NAME, name, at=at)


def _refused(name: str, reason: str, at: datetime) -> None:
    """Written down for a name that somebody has and for one that nobody has alike: the same statements are sent."""
    nobody = actors.system(at=at)
    holder = Actor.objects.filter(user__username=name.replace("\x00", "")).first()
    with transaction.atomic():
        emit([SignInRefused(happened_at=at, reason=reason)], actor=holder or nobody)


sign_in = door(PUBLIC)(_SignIn.as_view())
sign_out = door(PUBLIC)(LogoutView.as_view(next_page="login"))
