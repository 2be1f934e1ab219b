"""Seven walks through Lá Chắn, for whoever sees it for the first time. Only where the demonstration runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lachan.core import clock
from lachan.core.doors import PUBLIC, door
from lachan.core.models import Role
from lachan.site import demo
from lachan.site.sign_in import KEPT_SECONDS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Step:
    """What to do, and on which page (by its name)."""

    what: StrOrPromise
    page: str

    @property
    def url(self) -> str:
        return reverse(self.page)


@dataclass(frozen=True, slots=True)
class Walk:
    """`role`: whose sign-in it takes; None for a citizen, who needs none."""

    title: StrOrPromise
    about: StrOrPromise
    role: Role | None
    steps: Sequence[Step]


WALKS = (
    Walk(
        _("A citizen with a phone"), _("Registers, declares, reports, and reads who looked at their record."), None,
        (
            Step(_("See what can be done without signing in."), "public:entrance"),
            Step(_("Declare a fever: the advice stands on the page at once, with the rule."), "declare:declare"),
            Step(_("Register for vaccination; the code comes by text message (shown here)."), "vaccination:register"),
            Step(_("Look at the map: why does a commune have its level?"), "map:country"),
            Step(_("Report a crowd, without a name if you like."), "feedback:file"),
        ),
    ),
    Walk(
        _("A guard at a gate"), _("Scans, sees one large verdict, and is ready for the next."), Role.GATE_GUARD,
        (
            Step(_("Scan a personal code. Somebody under an order is stopped, with the reason."), "checkpoints:scan"),
            Step(_("Somebody without a phone: by hand."), "checkpoints:by_hand"),
        ),
    ),
    Walk(
        _("A health officer in an outbreak"),
        _("A positive result has made a case, contacts, orders, tests and messages."), Role.HEALTH_OFFICER,
        (
            Step(_("The desk: what hurts most if left stands first."), "home"),
            Step(_("Cases, and how each contact was found."), "tracing:home"),
            Step(_("Contacts to call."), "tracing:worklist"),
            Step(_("Orders, with the rule of each and who may be released."), "quarantine:home"),
            Step(_("Sign the epidemic levels that are proposed for the week."), "riskmap:home"),
            Step(_("Reactions after vaccination, with their clocks."), "vaccination:reactions"),
        ),
    ),
    Walk(
        _("A laboratory"), _("Enters results; a second person verifies them, and the loop begins."), Role.LAB_VERIFIER,
        (
            Step(_("Results that wait for the second person."), "testing:verify"),
            Step(_("How long samples take."), "testing:turnaround"),
        ),
    ),
    Walk(
        _("A vaccination site"), _("Reception, screening, injection, observation: a certificate at once."),
        Role.VACCINATOR,
        (Step(_("The session of today: receive, examine, inject, watch."), "vaccination:line_sessions"),),
    ),
    Walk(
        _("A border officer"), _("A flight has just landed."), Role.BORDER_OFFICER,
        (
            Step(_("Who is expected, who waits, who has passed."), "arrivals:home"),
            Step(_("The counter: scan a passport or a code; three keystrokes."), "arrivals:counter"),
            Step(_("The flight, its seats, and who is missing."), "arrivals:vessels"),
        ),
    ),
    Walk(
        _("The response centre and the national centre"), _("Who calls, what is overdue, how the country stands."),
        Role.CALL_AGENT,
        (
            Step(_("Take a call: say what for, and the record stands on one screen."), "response_centre:desk"),
            Step(_("Reports of citizens and their clocks."), "feedback:home"),
        ),
    ),
)  # fmt: skip
AND_THEN = (
    Step(_("The situation: each figure opens to what it counts."), "centre:situation"),
    Step(_("Alarms: verify, assign, close with what was done."), "centre:alarms"),
    Step(_("The campaign and its goals."), "centre:campaign"),
)


@door(PUBLIC)
@require_safe
def walks(request: HttpRequest) -> HttpResponse:
    """Raises Http404 outside the demonstration."""
    if not settings.LACHAN_DEMO:
        raise Http404
    found = cache.get_or_set("demo-sign-ins", demo.existing, KEPT_SECONDS) or []
    by_name = {each.username: each for each in found}

    def sign_in(role: Role | None) -> demo.SignIn | None:
        return by_name.get(demo.username(role)) if role else None

    context = {
        "walks": [(n, walk, sign_in(walk.role)) for n, walk in enumerate(WALKS, start=1)],
        "more": AND_THEN, "centre": sign_in(Role.CENTRE_OFFICER), "at": clock.now(),
    }  # fmt: skip
    return render(request, "site/walks.html", context)
