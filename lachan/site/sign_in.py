"""The way in and out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.core.cache import cache
from django.http import HttpResponse

from lachan.core.doors import PUBLIC, door
from lachan.site import demo

# Each sign-in shown costs a password check (scrypt), so the list is kept for a minute.
KEPT_SECONDS = 60


class _SignIn(LoginView):
    redirect_authenticated_user = True
    http_method_names = ("get", "head", "post", "options")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = cache.get_or_set("demo-sign-ins", demo.existing, KEPT_SECONDS) if settings.LACHAN_DEMO else []
        return super().get_context_data(demo_sign_ins=found, **kwargs)

    def render_to_response(self, context: dict[str, Any], **more: Any) -> HttpResponse:
        """A part of a page that asks after the session ended is sent here too: then the whole page is to come."""
        answer = super().render_to_response(context, **more)
        if self.request.headers.get("HX-Request"):
            answer.headers["HX-Refresh"] = "true"
        return answer


sign_in = door(PUBLIC)(_SignIn.as_view())
sign_out = door(PUBLIC)(LogoutView.as_view(next_page="login"))
