"""The guard's pages: scan, or enter by hand; the answer fills the screen and the box waits for the next."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lachan.core import access, clock, persons
from lachan.core.access import NotVisible, Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.ids import uuid7
from lachan.core.models import IdentifierKind, Person, Place
from lachan.core.persons import Identity
from lachan.issuer import fields, judging
from lachan.issuer import words as issuer_words
from lachan.platform.screen import PersonLine
from lachan.systems.checkpoints import queries, words
from lachan.systems.checkpoints.commands import record_scan, scan_by_hand, shown_certificate
from lachan.systems.checkpoints.forms import ByHandForm
from lachan.systems.checkpoints.models import Direction, Directions, Scan
from lachan.systems.checkpoints.views.finding import place_or_404

LONGEST_TEXT = 8_000
LATEST = 5


@door(Permission.SCAN)
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: DeskRequest, code: str = "") -> HttpResponse:
    """Scan at the posting's place, or at one of its area. Works as a plain form; with htmx only the answer moves."""
    place = _place(request, code)
    if place is None:
        return redirect("checkpoints:places")
    at, context = clock.now(), _context(request, place)
    text = request.POST.get("code", "")[:LONGEST_TEXT]
    if request.method == "POST" and text.strip():
        made = record_scan(
            place=place, payload=text, direction=context["direction"], client_id=_client_id(request, text),
            actor=request.actor, at=at,
        )  # fmt: skip
        context["answer"] = _answer(request, made, at) | {"read": words.read(text)} | _certificate(text, at)
    context |= {"inside": queries.inside(place, at=at), "at": at, "latest": _latest(place)}
    fragment = request.method == "POST" and request.headers.get("HX-Request") == "true"
    context["fragment"] = fragment
    return render(request, f"checkpoints/{'answer' if fragment else 'scan'}.html", context)


def _place(request: DeskRequest, code: str) -> Place | None:
    return place_or_404(request, code) if code else request.posting.place


def _context(request: DeskRequest, place: Place) -> dict[str, Any]:
    """What both pages know of the place. The direction stays as it was chosen."""
    own = request.posting.place_id == place.pk
    profile = getattr(place, "checkpoint", None)
    in_only = profile is not None and profile.directions == Directions.IN_ONLY
    direction = request.POST.get("direction") or request.GET.get("direction")
    at = [] if own else [place.code]
    return {
        "place": place,
        "directions": [] if in_only else Direction.choices,
        "direction": direction if direction in Direction.values and not in_only else Direction.IN.value,
        "nonce": uuid7().hex,
        "scan_url": reverse("checkpoints:scan" if own else "checkpoints:scan_at", args=at),
        "by_hand_url": reverse("checkpoints:by_hand" if own else "checkpoints:by_hand_at", args=at),
        "may_manage": access.may(request.posting, Permission.MANAGE_PLACES),
    }


def _client_id(request: DeskRequest, *said: str) -> str:
    """The same for a form sent twice, another for another code scanned before the page was ready again."""
    nonce = request.POST.get("nonce", "")[:64]
    return sha256(
        "\0".join([nonce, request.POST.get("direction", ""), *said]).encode("utf-8", "replace")
    ).hexdigest()


def _answer(request: DeskRequest, scan: Scan, at: datetime) -> dict[str, Any]:
    """What the guard sees: the verdict, and name and birth date to compare with the paper; the look is logged."""
    person = Person.objects.get(pk=scan.person_id) if scan.person_id else None
    if person is not None:
        access.note_reads([person.pk], request.posting, purpose=Purpose.ENTRY, part="scan", at=at)
    return {
        "scan": scan,
        "person": _line(person, at) if person else None,
        "reason": words.reason(scan.reason),
        "rule": words.RULES.get(scan.reason, ""),
        "decision": words.decision(scan.policy_id, scan.happened_at, scan.recorded_at),
        "marks": words.marks([m for m in scan.marks if m != "unknown_code"]),
        "leaves": scan.direction == Direction.OUT and scan.verdict == "pass",
    }


def _certificate(text: str, at: datetime) -> dict[str, Any]:
    """What a health certificate says, and of whom: shown to the guard once, and kept nowhere."""
    shown = shown_certificate(text, at=at)
    if shown is None:
        return {}
    found = shown.judged.found
    return {
        "certificate": shown,
        "why": issuer_words.why(judging.reason(shown.judged)),
        "holder": found.holder.name if shown.is_signed else "",
        "birth": fields.day_as_written(found.holder.birth_date) if shown.is_signed else "",
        "said": fields.in_brief(shown.said) if shown.said and shown.is_signed else "",
    }


def _line(person: Person, at: datetime) -> PersonLine:
    birth = persons.birth_of(person)
    age = birth.age_on(clock.local_date(at)) if birth else None
    return PersonLine(
        name=person.name, birth=birth.text if birth else "", age=age, code=format_code(person.code)
    )


def _latest(place: Place) -> list[dict[str, Any]]:
    """The last scans, by code: a guard's screen is read over the shoulder."""
    rows = Scan.objects.filter(place=place).select_related("person").order_by("-happened_at", "-id")[:LATEST]
    return [
        {
            "at": s.happened_at,
            "direction": s.get_direction_display(),
            "code": format_code(s.person.code) if s.person else s.get_payload_display(),
            "verdict": words.verdict(s.verdict),
            "marks": words.marks(s.marks),
        }
        for s in rows
    ]


@door(Permission.SCAN)
@require_http_methods(["GET", "HEAD", "POST"])
def by_hand(request: DeskRequest, code: str = "") -> HttpResponse:
    """People without a phone or card: typed in, or found by those who may search."""
    place = _place(request, code)
    if place is None:
        return redirect("checkpoints:places")
    at, context = clock.now(), _context(request, place)
    picked, sought = request.POST.get("person", ""), "q" in request.POST
    form = ByHandForm(request.POST if request.method == "POST" and not picked and not sought else None)
    if request.method == "POST" and not sought and (picked or form.is_valid()):
        try:
            made = _enter(request, place, form, picked, context["direction"], at)
            context["answer"] = _answer(request, made, at)
            form = ByHandForm(initial={"direction": context["direction"]})
        except NotVisible:
            context["missing"] = True
        except Refusal as refusal:
            form.refuse(refusal)
    context |= {"form": form, "inside": queries.inside(place, at=at), "at": at, **_search(request, at)}
    return render(request, "checkpoints/by_hand.html", context, status=422 if form.errors else 200)


def _enter(
    request: DeskRequest, place: Place, form: ByHandForm, picked: str, direction: str, at: datetime
) -> Scan:
    if picked:
        person = access.person(request.posting, code=picked, purpose=Purpose.ENTRY, part="scan", at=at)
        return scan_by_hand(
            place=place, person=person, direction=direction, client_id=_client_id(request, picked),
            actor=request.actor, at=at,
        )  # fmt: skip
    given = form.cleaned_data
    phone = {IdentifierKind.PHONE.value: given["phone"]} if given["phone"] else {}
    identity = Identity(name=given["name"], birth=given["birth"], identifiers=phone)
    client_id = _client_id(request, given["name"], str(given["birth"]), given["phone"])
    return scan_by_hand(
        place=place,
        identity=identity,
        direction=given["direction"],
        client_id=client_id,
        actor=request.actor,
        at=at,
    )


def _search(request: DeskRequest, at: datetime) -> dict[str, Any]:
    """Who may search finds people by name and scans them with one press. By POST: no name stands in an address."""
    if not access.may(request.posting, Permission.SEARCH_PERSONS):
        return {"may_search": False}
    text = request.POST.get("q", "")[:200].replace("\x00", "").strip()
    found = access.search(request.posting, text, purpose=Purpose.ENTRY, at=at) if text else []
    return {"may_search": True, "text": text, "found": [(p.code, _line(p, at)) for p in found]}
