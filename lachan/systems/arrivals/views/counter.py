"""The counter: find by whatever is shown, see the traveller large, measure, decide; one box for all of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lachan.core import access, clock, persons
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.issuer import judging
from lachan.platform import pages
from lachan.platform.pages import Answers, answering
from lachan.systems.arrivals import commands, queries, words
from lachan.systems.arrivals.forms import FindingForm, TypedForm
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Clearance, Gate
from lachan.systems.arrivals.queries import evidence, finding
from lachan.systems.arrivals.rules.counter import Typed, read
from lachan.systems.arrivals.views import pieces

_answers = Answers("arrivals")


@door(Permission.CLEAR_ARRIVALS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@answering
def counter(request: DeskRequest) -> HttpResponse:
    """GET ?last=: the box, and the decision before. POST typed: to the traveller, or who it may be."""
    form = TypedForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "last": _last(request)}
    if request.method != "POST":
        return render(request, "arrivals/counter.html", context)
    if not form.is_valid():
        return render(request, "arrivals/counter.html", context, status=422)
    typed = read(form.cleaned_data["typed"], at=clock.local_date(clock.now()))
    return _found(request, typed, context)


def _last(request: DeskRequest) -> dict[str, Any] | None:
    number = pages.numbers([request.GET.get("last", "")])
    if not number:
        return None
    done = queries.clearance(request.posting, number[0])
    return {"clearance": done, "badge": words.duty_badge(done.duty)}


def _found(request: DeskRequest, typed: Typed, context: dict[str, Any]) -> HttpResponse:
    found = finding.found(request.posting, typed, day=clock.local_date(clock.now()))
    if len(found) == 1:
        return _answers.go("traveller", found[0].pk)
    pieces.note(request, found, "arrival counter")
    context |= {
        "nothing": _nothing(typed) if not found else "",
        "choices": [pieces.choice(made) for made in found],
    }
    return render(request, "arrivals/counter.html", context, status=200 if found else 404)


def _nothing(typed: Typed) -> str:
    sentences = {
        "certificate": _("This is a health certificate. Open the traveller first, then scan it."),
        "unknown": _(
            "This is none of the codes, numbers or certificates that are known here. Scan it again."
        ),
        "short": _("Nobody with these five digits is expected at this gate."),
    }
    return sentences.get(typed.kind, _("Nobody with this document or code is expected at this gate."))


@door(Permission.CLEAR_ARRIVALS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@answering
def traveller(request: DeskRequest, number: int) -> HttpResponse:
    """POST typed: a temperature decides; a certificate is checked for this traveller; anything else finds another."""
    made = queries.declaration(request.posting, number)
    form = FindingForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, made, form)
    if not form.is_valid():
        return _page(request, made, form, 422)
    typed = read(form.cleaned_data["typed"], at=clock.local_date(clock.now()))
    found = form.finding()
    if found is not None:
        return _decided(request, made, form, found)
    if typed.kind == "certificate":
        return _checked(request, made, typed.text)
    return _found(request, typed, {"form": TypedForm(), "last": None})


def _decided(request: DeskRequest, made: ArrivalDeclaration, form: FindingForm, found: Any) -> HttpResponse:
    gate = _gate(request, made)
    try:
        before = queries.decision_on(made)
        same: dict[str, Any] = {"finding": found, "actor": request.actor, "at": clock.now()}
        if before is not None and request.POST.get("correct") == str(before.pk):
            done = commands.correct_clearance(clearance=before, **same)
        else:
            done = commands.clear_arrival(declaration=made, gate=gate, **same)
    except Refusal as refusal:
        form.refuse(refusal, "reason" if refusal.code == "override-unexplained" else "typed")
        return _page(request, made, form, refusal.status)
    return _answers.done(request, _sentence(done), "counter", query=f"?last={done.pk}")


def _gate(request: DeskRequest, made: ArrivalDeclaration) -> Gate:
    """The gate at which the officer stands; over several, the one that was declared."""
    own = queries.gates_of(request.posting).filter(pk=made.gate_id).first()
    return own or made.gate


def _sentence(done: Clearance) -> str:
    return _("Decided: %(duty)s.") % {"duty": words.DUTY[done.duty]}


def _checked(request: DeskRequest, made: ArrivalDeclaration, text: str) -> HttpResponse:
    at = clock.now()
    judged = judging.judge([text], trust=judging.trust(at), at=at)
    seen = commands.note_certificate(declaration=made, text=text, judged=judged, actor=request.actor, at=at)
    (messages.success if seen.valid else messages.warning)(request, str(pieces.certificate_line(seen)))
    return _answers.go("traveller", made.pk)


def _page(
    request: DeskRequest, made: ArrivalDeclaration, form: FindingForm, status: int = 200
) -> HttpResponse:
    at, person = clock.now(), made.person.merged_into or made.person
    pieces.note(request, [made], "arrival")
    seen = form.cleaned_data.get("seen", ()) if form.is_bound and form.is_valid() else ()
    proposed = evidence.shown_duty(made, at=at, seen=seen)
    believed = evidence.duty(made, at=at, arrives_at=at)
    certificates: list[CertificateSeen] = list(made.certificates.order_by("-checked_at"))
    context = {
        "made": made, "form": form, "person": pages.person_line(person), "verified": persons.is_verified(person),
        "proposed": proposed, "word": words.DUTY[proposed.kind], "tone": words.TONE[proposed.kind],
        "reasons": words.reasons(proposed.reasons), "ends_on": proposed.ends_on(made.arrives_on),
        "believed": words.DUTY[believed.kind] if believed.rests_on_claims else "",
        "missing": pieces.missing(made), "facts": pieces.facts(made), "claims": pieces.claims(made),
        "certificates": [(one, pieces.certificate_line(one)) for one in certificates],
        "decision": queries.decision_on(made),
        "may_view": access.may(request.posting, Permission.VIEW_PERSON),
    }  # fmt: skip
    return render(request, "arrivals/traveller.html", context, status=status)
