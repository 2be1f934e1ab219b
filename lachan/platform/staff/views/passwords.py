"""The way to a password of one's own: a link that works once, handed over on paper or by text."""

from typing import Any

from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lachan.codecs import qr
from lachan.core import actors, clock
from lachan.core.access import Permission
from lachan.core.doors import PUBLIC, DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import PasswordSet
from lachan.platform import messages as texts
from lachan.platform.pages import Answers
from lachan.platform.staff import commands, queries
from lachan.platform.staff.forms import LinkForm

_answers = Answers("staff")


@door(Permission.MANAGE_STAFF)
@require_POST
@never_cache
def make_link(request: DeskRequest, number: int) -> HttpResponse:
    """Show the link once, to be printed and handed over; it is kept nowhere. Not for an account that has postings
    outside the area: who sets its password could act there."""
    at = clock.now()
    found = queries.member_for(request.posting, number, at=at)
    if found.elsewhere or found.actor.pk == request.actor.pk:
        raise PermissionDenied("postings elsewhere, or one's own account")
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _answers.refused(request, _first(form), "member", number)
    try:
        with transaction.atomic():
            path = commands.make_password_link(member=found.actor, actor=request.actor, at=at)
            link = request.build_absolute_uri(path)
            if phone := form.cleaned_data["phone"]:
                text = _("Lá Chắn: set your password within 3 days at %(link)s") % {"link": link}
                texts.queue_text(phone=phone, text=text, until=at + commands.LINK_HOLDS)
    except Refusal as refusal:
        return _answers.refused(request, refusal, "member", number)
    context = {
        "member": found, "link": link, "sent": bool(phone), "at": at, "until": at + commands.LINK_HOLDS,
        "qr": SafeString(qr.svg(link, label=_("The link as a code to scan"))),
    }  # fmt: skip
    return render(request, "staff/link.html", context)


def _first(form: LinkForm) -> Refusal:
    return Refusal("phone", str(next(iter(form.errors["phone"]))))


class _SetPassword(PasswordResetConfirmView):
    """Django's own: the token goes from the address into the session before the page is shown."""

    template_name = "staff/set_password.html"
    success_url = reverse_lazy("login")
    http_method_names = ("get", "head", "post", "options")

    def form_valid(self, form: Any) -> HttpResponse:
        at = clock.now()
        with transaction.atomic():
            answer = super().form_valid(form)
            member = actors.of_user(form.user)
            if member is not None:
                emit([PasswordSet(happened_at=at, member_id=member.pk)], actor=member)
        return answer


_view = _SetPassword.as_view()


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def set_password(request: HttpRequest, uidb64: str, token: str) -> HttpResponseBase:
    """Set a password with a link that was handed out; an old or used link says so."""
    return _view(request, uidb64=uidb64, token=token)
