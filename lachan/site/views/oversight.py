"""Looking behind the work: the chain of causes, and events that no handler could take."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock, subscribers
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Delivery, Posting
from lachan.platform import messages as messages_sent
from lachan.platform.models import Message, Outcome
from lachan.platform.paging import page
from lachan.platform.screen import Badge, Column, Row, Tone
from lachan.site import trace, words
from lachan.site.templatetags.look import moment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

OUTCOMES: Mapping[str, tuple["StrOrPromise", Tone]] = {
    Outcome.WAITING: (gettext_lazy("waiting"), ""),
    Outcome.SENT: (gettext_lazy("sent"), "ok"),
    Outcome.NO_GATEWAY: (gettext_lazy("no gateway configured"), "warn"),
    Outcome.NO_PHONE: (gettext_lazy("no telephone"), "warn"),
    Outcome.REFUSED: (gettext_lazy("refused by the gateway"), "stop"),
}


@door(Permission.VIEW_EVENTS)
@require_safe
def trace_page(request: DeskRequest) -> HttpResponse:
    """The tree of causes of a person, case, order, test or contact. People appear by code, never by name."""
    wanted = request.GET.get("q", "")[:60].replace("\x00", "").strip()
    nodes, refusal = [], None
    if wanted:
        try:
            found = trace.tree(wanted)
            trace.check_visible(found, request.posting)
            seen = _visible(found, request.posting)
            nodes = [_line(n, seen) for n in found]
            access.note_reads(
                seen,
                request.posting,
                purpose=Purpose.TRACING,
                part="trace",
                at=clock.now(),
            )
        except Refusal as error:
            refusal = error
    context = {"wanted": wanted, "nodes": nodes, "refusal": refusal}
    return render(request, "site/trace.html", context, status=refusal.status if refusal else 200)


def _visible(nodes: Sequence[trace.Node], posting: Posting) -> set[int]:
    """Of a chain that leaves the posting's area what happened is shown, but not to whom."""
    return set(access.visible(posting).filter(pk__in=trace.persons_of(nodes)).values_list("pk", flat=True))


def _line(node: trace.Node, seen: set[int]) -> dict[str, object]:
    return {
        "depth": node.depth,
        "at": node.event.happened_at,
        "what": words.sentence(node.event),
        "tone": words.tone(node.event),
        "wanted": node.wanted,
        "code": format_code(node.person_code) if node.event.person_id in seen else "",
        "more": node.more,
    }


@door(Permission.VIEW_EVENTS)
@require_safe
def parked(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: events set aside after their last try: which handler, where it failed, since when."""
    waiting = Delivery.objects.filter(parked_at__isnull=False).select_related("event")
    columns = [Column(_("Event")), Column(_("Handler")), Column(_("Failure")), Column(_("Since"))]
    shown = page(
        waiting.annotate(since=F("parked_at")), key=("-since", "-pk"), cursor=request.GET.get("cursor")
    )
    rows = [Row([_what(d), d.handler, d.error, moment(d.parked_at)]) for d in shown.rows]
    caption = _("Events set aside: %(count)s") % {"count": waiting.count()}
    context = {"columns": columns, "rows": rows, "caption": caption, "page": shown}
    return render(request, "site/parked.html", context)


def _what(delivery: Delivery) -> str:
    """The sentence has no facts in it: those are of a person whom the reader may have nothing to do with."""
    return f"{delivery.event.kind} · {str(delivery.event_id)[:8]}"


@door(Permission.VIEW_EVENTS)
@require_POST
def retry_parked(request: DeskRequest) -> HttpResponse:
    count = subscribers.retry_parked()
    messages.success(request, _("%(count)s events will be tried again.") % {"count": count})
    return HttpResponseRedirect(reverse("parked"), status=303)


@door(Permission.VIEW_EVENTS)
@require_safe
def outbox(request: DeskRequest) -> HttpResponse:
    """Messages to people whom the posting may see: what was said, when, and whether it went out."""
    posting = request.posting
    queued = Message.objects.filter(person__in=access.visible(posting)).select_related("person")
    shown = page(queued, key=("-queued_at", "id"), cursor=request.GET.get("cursor"))
    access.note_reads(
        [m.person_id for m in shown.rows], posting, purpose=Purpose.CARE, part="messages", at=clock.now()
    )
    return render(request, "site/outbox.html", {"lines": [_sent(m) for m in shown.rows], "page": shown})


def _sent(message: Message) -> dict[str, object]:
    return {
        "code": message.person.code,
        "queued_at": message.queued_at,
        "badge": Badge(*OUTCOMES[message.outcome]),
        "language": message.language,
        "text": messages_sent.text_of(message),
    }
