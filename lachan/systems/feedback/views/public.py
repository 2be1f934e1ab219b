"""What anybody may do without an account and without script: report, follow by the code, reopen, rate."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import actors, clock
from lachan.core.codes import BadCode, format_code, parse_code
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.core.models import Area
from lachan.core.sealed import seal, unseal
from lachan.platform import otp, ratelimit
from lachan.platform.pages import answering, see_other
from lachan.platform.ratelimit import Limit, address_of
from lachan.systems.feedback import commands, queries, words
from lachan.systems.feedback.commands import Told
from lachan.systems.feedback.commands.turns import joined_to
from lachan.systems.feedback.forms import (
    FindForm,
    PhoneCodeForm,
    PhoneForm,
    RatingForm,
    ReopenForm,
    ReportForm,
)
from lachan.systems.feedback.models import Rating, Report, Step
from lachan.systems.feedback.queries import ReportNotVisible
from lachan.systems.feedback.views.pieces import category_name, go, unit_of, where

REPORT: Final = otp.Purpose("report", gettext_lazy("report something"))
AN_ADDRESS = Limit("reports-an-address", 20, timedelta(hours=1))
A_PHONE = Limit("reports-a-phone", 5, timedelta(days=1))
LOOKS = Limit("report-codes-an-address", 60, timedelta(hours=1))
KEY, KEPT = "report_phone", timedelta(hours=1)
ERRORS = {"report-empty": "text", "category-unknown": "category"}


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def file(request: HttpRequest) -> HttpResponse:
    """The form; with a number whose code was typed before, or without any."""
    at, status = clock.now(), 200
    phone = _verified(request, at)
    tapped = {"area": unit_of(request.GET.get("area", ""))}  # on the map
    form = ReportForm(request.POST or None, request.FILES or None, initial=tapped)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _filed(request, form, phone, at)
            except Refusal as refusal:
                field = "picture" if refusal.code.startswith("picture") else ERRORS.get(refusal.code)
                form.refuse(refusal, field)
                status = refusal.status
    answer = render(request, "feedback/file.html", {"form": form, "phone": _masked(phone)}, status=status)
    answer["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=()"
    return answer


def _filed(request: HttpRequest, form: ReportForm, phone: str, at: datetime) -> HttpResponse:
    given = form.cleaned_data
    ratelimit.take(AN_ADDRESS, address_of(request), at=at)
    if phone:
        ratelimit.take(A_PHONE, phone, at=at)
    told = Told(
        category=given["category"], area=given["area"], text=given["text"], place=given["place"], name=given["name"],
        phone=phone, verified=bool(phone), pictures=form.pictures(), language=(get_language() or "vi")[:2],
    )  # fmt: skip
    report = commands.file_report(told=told, actor=actors.system(at=at), at=at)
    request.session.pop(KEY, None)
    messages.success(
        request, _("Your report was received. Keep its code: with it you follow what becomes of it.")
    )
    return go("state", report.code)


def _verified(request: HttpRequest, at: datetime) -> str:
    """The number that this browser has shown to hold within the hour; kept sealed."""
    kept = request.session.get(KEY)
    if not kept or at - datetime.fromisoformat(kept[1]) > KEPT:
        return ""
    return unseal(KEY, bytes.fromhex(kept[0]))


def _masked(phone: str) -> str:
    return f"{phone.replace('+84', '0')[:3]} ••• {phone[-3:]}" if phone else ""


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone(request: HttpRequest) -> HttpResponse:
    """Who wants to be called back or answered gives a number; a code is sent to it."""
    form, status = PhoneForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                asked = otp.ask(
                    phone=form.cleaned_data["phone"], purpose=REPORT, session=otp.session_of(request),
                    address=address_of(request), at=clock.now(), language=get_language() or "vi",
                )  # fmt: skip
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                _show(request, asked)
                return go("phone_code")
    return render(request, "feedback/phone.html", {"form": form}, status=status)


def _show(request: HttpRequest, asked: otp.Asked) -> None:
    if asked.shown:
        sentence = _("Demonstration: no text is sent. The code is %(code)s.")
        messages.info(request, sentence % {"code": asked.shown})


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone_code(request: HttpRequest) -> HttpResponse:
    """The code from the text message; then on to the form."""
    form, at = PhoneCodeForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid():
        typed, session = form.cleaned_data["code"], otp.session_of(request)
        try:
            verified = otp.confirm(code=typed, purpose=REPORT, session=session, at=at)
        except Refusal as refusal:
            form.refuse(refusal, "code")
        else:
            request.session[KEY] = [seal(KEY, verified.phone).hex(), at.isoformat()]
            return go("file")
    status = 422 if request.method == "POST" else 200
    return render(request, "feedback/phone_code.html", {"form": form}, status=status)


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find(request: HttpRequest) -> HttpResponse:
    """Type the code of a report."""
    form, status = FindForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ratelimit.take(LOOKS, address_of(request), at=clock.now())
                return go("state", queries.report_of(form.cleaned_data["code"]).code)
            except ReportNotVisible:
                form.add_error("code", _("No report has this code. Compare it with what you wrote down."))
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
    return render(request, "feedback/find.html", {"form": form}, status=status)


@door(PUBLIC)
@require_safe
@never_cache
@answering
def state(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a report, for whoever has its code; not what it says."""
    return _state_page(request, _of(code))


def _of(code: str) -> Report:
    try:
        return queries.report_of(parse_code(code[:40]))
    except BadCode as error:
        raise ReportNotVisible from error


def _state_page(request: HttpRequest, report: Report, *, status: int = 200, **forms: Any) -> HttpResponse:
    at, told_of = clock.now(), joined_to(report) or report
    now = queries.state_of(told_of)
    [line] = queries.lines([told_of])
    steps = list(told_of.steps.select_related("area").order_by("at", "pk"))
    answer = next((s for s in reversed(steps) if s.kind == "answered"), None)
    own = told_of.pk == report.pk
    context = {
        "report": report, "code": format_code(report.code), "category": category_name(report),
        "where": where(report.area), "badge": words.state_badge(now), "line": line, "at": at, "joined": not own,
        "office": where(line.turn.area) if line.turn else "",
        "due": line.turn.due_at if line.turn else None,
        "steps": [{"step": s, "word": words.STEP[s.kind], "by": where(s.area)} for s in steps if own or s.area],
        "may_reopen": own and now in {"answered", "not-ours"},
        "may_close": own and now == "answered",
        "texted": report.sealed_phone is not None,
        "may_rate": own and now in {"answered", "closed"} and answer is not None and not _rated(answer),
        "reopen_form": forms.get("reopen") or ReopenForm(auto_id="reopen_%s"),
        "rating_form": forms.get("rating") or RatingForm(auto_id="rating_%s"),
    }  # fmt: skip
    return render(request, "feedback/state.html", context, status=status)


def _rated(answer: Step) -> bool:
    return Rating.objects.filter(answer=answer).exists()


@door(PUBLIC)
@require_POST
@answering
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    report, form, at = _of(code), ReopenForm(request.POST, auto_id="reopen_%s"), clock.now()
    if form.is_valid():
        try:
            ratelimit.take(AN_ADDRESS, address_of(request), at=at)
            commands.reopen(report=report, text=form.cleaned_data["text"], actor=actors.system(at=at), at=at)
        except Refusal as refusal:
            form.refuse(refusal)
            return _state_page(request, report, status=refusal.status, reopen=form)
        messages.success(request, _("The report is open again, and has a new time limit."))
        return see_other(reverse("feedback:state", args=[report.code]))
    return _state_page(request, report, status=422, reopen=form)


@door(PUBLIC)
@require_POST
@answering
def settled(request: HttpRequest, code: str) -> HttpResponse:
    """The reporter says that nothing is left to do."""
    report, at = _of(code), clock.now()
    try:
        ratelimit.take(LOOKS, address_of(request), at=at)
        commands.close(report=report, actor=actors.system(at=at), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Thank you. The report is closed."))
    return see_other(reverse("feedback:state", args=[report.code]))


@door(PUBLIC)
@require_POST
@answering
def rate(request: HttpRequest, code: str) -> HttpResponse:
    report, form, at = _of(code), RatingForm(request.POST, auto_id="rating_%s"), clock.now()
    if form.is_valid():
        try:
            ratelimit.take(LOOKS, address_of(request), at=at)
            commands.rate(report=report, stars=form.cleaned_data["stars"], actor=actors.system(at=at), at=at)
        except Refusal as refusal:
            form.refuse(refusal)
            return _state_page(request, report, status=refusal.status, rating=form)
        messages.success(request, _("Thank you for your rating."))
        return see_other(reverse("feedback:state", args=[report.code]))
    return _state_page(request, report, status=422, rating=form)


@door(PUBLIC)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Published figures of the last 90 days: by province and by category, small counts hidden."""
    at = clock.now()
    recent = queries.since(Report.objects.all(), at - timedelta(days=90))
    policy = queries.rules_on(clock.local_date(at))
    provinces = {a.path: a for a in Area.objects.filter(level=1)}
    names = {c.code: queries.in_language(c) for c in policy.categories}
    least = policy.least_published
    about = queries.for_everybody(queries.by_category(recent), least=least)
    tables = [
        (_("By province or city"), queries.for_everybody(queries.by_area(recent, provinces), least=least)),
        (_("By what it is about"), [replace(row, key=names.get(row.key, row.key)) for row in about]),
    ]
    return render(
        request, "feedback/figures.html", {"tables": tables, "at": at, "least": policy.least_published}
    )
