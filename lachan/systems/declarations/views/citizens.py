"""Declaring without an account and without a script: the form, the code of the telephone, the advice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lachan.core import clock
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.platform import drafts, otp, ratelimit
from lachan.platform.pages import see_other
from lachan.platform.ratelimit import Limit, address_of
from lachan.systems.declarations.commands import Sender, claim_declaration, submit_declaration
from lachan.systems.declarations.forms import ClaimForm, CodeForm, WhoForm, answers_form
from lachan.systems.declarations.models import Declaration, Provenance
from lachan.systems.declarations.rules import questionnaire as forms

DECLARE = otp.Purpose("declare", gettext_lazy("confirm your health declaration"))
CLAIM = otp.Purpose("declare-claim", gettext_lazy("add your telephone to your health record"))
AN_ADDRESS = Limit("declarations-an-address", 300, timedelta(hours=1))
"""Many households share one address of their provider."""


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def declare(request: HttpRequest) -> HttpResponse:
    """The form. With a telephone number a code follows, without one the advice at once."""
    form = _asked(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            phone = form.cleaned_data["phone"]
            return _ask_code(request, phone, DECLARE) if phone else _made(request, form, None)
        except Refusal as refusal:
            form.refuse(refusal)
            return _form_page(request, form, refusal.status)
    return _form_page(request, form, 422 if request.method == "POST" else 200)


def _asked(typed: Any) -> Any:
    asked = forms.on("general", clock.local_date(clock.now()))
    return answers_form(asked, WhoForm)(typed, initial={"key": str(uuid4())})


def _form_page(request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
    context = {"form": form, "asked": form.asked}
    return render(request, "declarations/declare.html", context, status=status)


def _ask_code(request: HttpRequest, phone: str, purpose: otp.Purpose, typed: Any = None) -> HttpResponse:
    asked = otp.ask(
        phone=phone, purpose=purpose, session=otp.session_of(request), address=address_of(request), at=clock.now(),
        language=get_language() or "vi",
    )  # fmt: skip
    context = {"draft": drafts.packed(typed or request.POST), "shown": asked.shown, "form": CodeForm()}
    return render(request, _page_of(purpose), context)


def _page_of(purpose: otp.Purpose) -> str:
    return "declarations/code.html" if purpose is DECLARE else "declarations/claim_code.html"


@door(PUBLIC)
@require_POST
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The code, or `without`: the number is then only whom to call back."""
    typed = drafts.unpacked(request.POST.get("draft", ""))
    form = _asked(typed)
    if typed is None or not form.is_valid():
        messages.error(request, _("The page was open too long. Please begin again."))
        return see_other(reverse("declare:declare"))
    try:
        shown = None if "without" in request.POST else _confirmed(request, DECLARE)
        return _made(request, form, shown)
    except Refusal as refusal:
        return _again(request, refusal, DECLARE)


def _confirmed(request: HttpRequest, purpose: otp.Purpose) -> otp.VerifiedPhone:
    code = request.POST.get("code", "")[:20]
    return otp.confirm(code=code, purpose=purpose, session=otp.session_of(request), at=clock.now())


def _again(request: HttpRequest, refusal: Refusal, purpose: otp.Purpose) -> HttpResponse:
    form = CodeForm(request.POST)
    form.is_valid()
    form.refuse(refusal, "code")
    context = {"form": form, "draft": request.POST.get("draft", "")[: drafts.LONGEST]}
    return render(request, _page_of(purpose), context, status=refusal.status)


def _made(request: HttpRequest, form: Any, shown: otp.VerifiedPhone | None) -> HttpResponse:
    at, given = clock.now(), form.cleaned_data
    ratelimit.take(AN_ADDRESS, address_of(request), at=at)
    other = given["declared_by"]
    sender = Sender(
        provenance=Provenance.OTHER if other else Provenance.ONESELF, declared_by=other, phone=given["phone"],
        shown=shown,
    )  # fmt: skip
    made = submit_declaration(
        form=form.asked.code, about=form.identity(), given=form.given(), key=form.sent_key(), sender=sender,
        made_at=at, at=at,
    )  # fmt: skip
    return receipt_of(made)


def receipt_of(made: Declaration) -> HttpResponse:
    return see_other(reverse("declare:receipt", args=[made.code]))


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def claim(request: HttpRequest) -> HttpResponse:
    """Who has the paper of a declaration adds a telephone; whether the code on it is one is said only after the other
    code, the telephone's, was typed."""
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return _ask_code(request, form.cleaned_data["phone"], CLAIM)
        except Refusal as refusal:
            form.refuse(refusal)
            return render(request, "declarations/claim.html", {"form": form}, status=refusal.status)
    return render(request, "declarations/claim.html", {"form": form}, status=422 if form.errors else 200)


@door(PUBLIC)
@require_POST
@never_cache
def confirm_claim(request: HttpRequest) -> HttpResponse:
    form = ClaimForm(drafts.unpacked(request.POST.get("draft", "")))
    if not form.is_valid():
        return see_other(reverse("declare:claim"))
    try:
        verified = _confirmed(request, CLAIM)
        claim_declaration(code=form.cleaned_data["paper"], phone=verified, at=clock.now())
    except Refusal as refusal:
        return _again(request, refusal, CLAIM)
    messages.success(request, _("Your telephone was added. It opens your health book from now on."))
    return see_other(reverse("health_book:sign_in"))
