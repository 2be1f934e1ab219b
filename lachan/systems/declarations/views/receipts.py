"""The advice under its code, its correction, and the day's page of a diary."""

from __future__ import annotations

from typing import Any, NoReturn
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lachan.codecs import qr
from lachan.core import clock
from lachan.core.codes import BadCode, format_code, parse_code
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.platform import personal_codes
from lachan.systems.declarations import words
from lachan.systems.declarations.commands import Sender, correct_declaration, submit_declaration
from lachan.systems.declarations.commands.declaring import CORRECTABLE
from lachan.systems.declarations.forms import answers_form
from lachan.systems.declarations.models import Channel, Declaration, Diary, Provenance
from lachan.systems.declarations.rules import questionnaire as forms
from lachan.systems.declarations.rules.triage import reports_due
from lachan.systems.declarations.views.citizens import receipt_of


@door(PUBLIC)
@require_safe
@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What follows, why, and the code to show; neither name nor address."""
    made, at = _declaration(code), clock.now()
    own = made.provenance == Provenance.ONESELF and made.channel == Channel.WEB
    text = personal_codes.printed(made.person.code, at=at) if own else ""
    context = {
        "made": made,
        "code": format_code(made.code),
        "advice": words.ADVICE[made.outcome],
        "reason": words.reason_of(made),
        "rule": words.rule_of(made),
        "asked": words.form_of(made),
        "answers": words.answered(made),
        "correctable": at - made.made_at <= CORRECTABLE and not hasattr(made, "corrected_by"),
        "qr": SafeString(qr.svg(text, label=_("QR code of this person"))) if text else "",
    }
    return render(request, "declarations/receipt.html", context)


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """The questions again, as they were answered."""
    old = _declaration(code)
    asked = forms.on(old.form, clock.local_date(clock.now()))
    start = {name: _typed(value) for name, value in old.answers.items()} | {"key": str(uuid4())}
    form = answers_form(asked)(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            return receipt_of(
                correct_declaration(declaration=old, given=form.given(), key=form.sent_key(), at=clock.now())
            )
        except Refusal as refusal:
            form.refuse(refusal)
    context = {"form": form, "made": old}
    return render(request, "declarations/correct.html", context, status=422 if form.errors else 200)


def _typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace(".", ",") if isinstance(value, float) else value


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def diary(request: HttpRequest, code: str) -> HttpResponse:
    """The day's questions for who has the link of their order's text; nobody is named."""
    at = clock.now()
    found = Diary.objects.filter(code=_stored(code)).select_related("person__merged_into").first()
    if found is None:
        _nothing()
    today = clock.local_date(at)
    form = answers_form(forms.on("diary", today))(
        request.POST if request.method == "POST" else None, initial={"key": str(uuid4())}
    )
    due = found.closed_at is None and reports_due(found.starts_on, found.ends_on, today)
    context = {"form": form, "diary": found, "due": due, "last": found.reports.order_by("-made_at").first()}
    if request.method == "POST" and due and form.is_valid():
        try:
            return receipt_of(_reported(found, form, at))
        except Refusal as refusal:
            form.refuse(refusal)
    status = 409 if request.method == "POST" and not due else 422 if form.errors else 200
    return render(request, "declarations/diary.html", context, status=status)


def _reported(found: Diary, form: Any, at: Any) -> Declaration:
    person = found.person.merged_into or found.person
    return submit_declaration(
        form="diary", about=person, given=form.given(), key=form.sent_key(), sender=Sender(channel=Channel.DIARY),
        made_at=at, at=at, diary=found,
    )  # fmt: skip


def _declaration(code: str) -> Declaration:
    found = Declaration.objects.filter(code=_stored(code)).select_related("person", "corrected_by").first()
    return found or _nothing()


def _stored(code: str) -> str:
    try:
        return parse_code(code[:40])
    except BadCode:
        _nothing()


def _nothing() -> NoReturn:
    raise Http404
