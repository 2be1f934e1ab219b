"""Registering without an account and without a script, and answering an invitation by its code."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import actors, clock
from lachan.core.codes import BadCode, parse_code
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.platform import drafts, otp, ratelimit
from lachan.platform.pages import answering
from lachan.platform.ratelimit import Limit, address_of
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.book import invitation_facts
from lachan.systems.vaccination.forms_people import CodeForm, InvitationForm, RegisterForm
from lachan.systems.vaccination.models import Invitation
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.views.pieces import go, refused

REGISTER: Final = otp.Purpose("vaccination", gettext_lazy("register for vaccination"))
A_PHONE = Limit("registrations-a-phone", 10, timedelta(days=1))
AN_ADDRESS = Limit("registrations-an-address", 300, timedelta(hours=1))
LOOKS = Limit("invitation-codes-an-address", 120, timedelta(hours=1))
FIELD = {"area-too-wide": "area", "group-unknown": "group", "birth-unknown": "birth", "too-young": "birth"}


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """The form; then a code is sent to the telephone."""
    form, status, at = RegisterForm(request.POST or None), 200, clock.now()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _ask_code(request, form.cleaned_data["phone"], at)
            except Refusal as refusal:
                form.refuse(refusal, "phone")
                status = refusal.status
    return render(request, "vaccination/register.html", {"form": form, "at": at}, status=status)


def _ask_code(request: HttpRequest, phone: str, at: datetime) -> HttpResponse:
    asked = otp.ask(
        phone=phone, purpose=REGISTER, session=otp.session_of(request), address=address_of(request), at=at,
        language=get_language() or "vi",
    )  # fmt: skip
    context = {"draft": drafts.packed(request.POST), "shown": asked.shown, "form": CodeForm()}
    return render(request, "vaccination/register_code.html", context)


@door(PUBLIC)
@require_POST
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The code from the text message: with it the registration is made."""
    typed = drafts.unpacked(request.POST.get("draft", ""))
    form = RegisterForm(typed)
    if typed is None or not form.is_valid():
        messages.error(request, _("The page was open too long. Please begin again."))
        return go("register")
    try:
        verified = otp.confirm(
            code=request.POST.get("code", "")[:20], purpose=REGISTER, session=otp.session_of(request), at=clock.now()
        )  # fmt: skip
    except Refusal as refusal:
        again = CodeForm(request.POST)
        again.is_valid()
        again.refuse(refusal, "code")
        context = {"form": again, "draft": request.POST.get("draft", "")[: drafts.LONGEST]}
        return render(request, "vaccination/register_code.html", context, status=refusal.status)
    return _made(request, form, verified)


def _made(request: HttpRequest, form: RegisterForm, phone: otp.VerifiedPhone) -> HttpResponse:
    at, given = clock.now(), form.cleaned_data
    try:
        ratelimit.take(AN_ADDRESS, address_of(request), at=at)
        ratelimit.take(A_PHONE, phone.phone, at=at)
        commands.register_by_phone(
            identity=form.identity(), group=given["group"], area=given["area"], note=given["note"], phone=phone, at=at
        )  # fmt: skip
    except Refusal as refusal:
        form.refuse(refusal, FIELD.get(refusal.code))
        return render(request, "vaccination/register.html", {"form": form, "at": at}, status=refusal.status)
    return go("registered")


@door(PUBLIC)
@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    """What happens next; nothing of who registered."""
    return render(request, "vaccination/registered.html")


@door(PUBLIC)
@require_safe
@answering
def groups(request: HttpRequest) -> HttpResponse:
    """Who comes first, and by which decision."""
    at = clock.now()
    rules = rules_at(at)
    vietnamese = (get_language() or "vi").startswith("vi")
    rows = [
        (g.code, g.name_vi if vietnamese else g.name_en) for g in sorted(rules.groups, key=lambda g: g.rank)
    ]
    context = {"groups": rows, "rules": rules, "verified": "groups" not in rules.basis.unverified, "at": at}
    return render(request, "vaccination/groups.html", context)


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find_invitation(request: HttpRequest) -> HttpResponse:
    """Type the code of an invitation."""
    form, status = InvitationForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ratelimit.take(LOOKS, address_of(request), at=clock.now())
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                if Invitation.objects.filter(code=form.cleaned_data["code"]).exists():
                    return go("invitation", form.cleaned_data["code"])
                form.add_error("code", _("No invitation has this code. Compare it with the text message."))
    return render(request, "vaccination/find_invitation.html", {"form": form}, status=status)


class InvitationNotFound(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__("invitation-not-found", gettext_lazy("No invitation has this code."))


def _invitation(code: str) -> Invitation:
    try:
        wanted = parse_code(code[:40])
    except BadCode as error:
        raise InvitationNotFound from error
    found = (
        Invitation.objects.select_related("session__site__area__parent__parent").filter(code=wanted).first()
    )
    if found is None:
        raise InvitationNotFound
    return found


@door(PUBLIC)
@require_safe
@never_cache
@answering
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """When and where, for whoever has the code of the text message; not who is invited."""
    found, at = _invitation(code), clock.now()
    return render(request, "vaccination/invitation.html", {"facts": invitation_facts(found, at), "at": at})


@door(PUBLIC)
@require_POST
@answering
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """POST coming=yes|no."""
    found, at = _invitation(code), clock.now()
    coming = request.POST.get("coming") == "yes"
    try:
        ratelimit.take(LOOKS, address_of(request), at=at)
        commands.answer_invitation(invitation=found, coming=coming, actor=actors.system(at=at), at=at)
    except Refusal as refusal:
        return refused(request, refusal, "invitation", found.code)
    thanks = _("Thank you. The site expects you.")
    regret = _("Thank you. Somebody else gets the place; you will be invited again.")
    messages.success(request, thanks if coming else regret)
    return go("invitation", found.code)
