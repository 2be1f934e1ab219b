"""Looking behind the work: the chain of causes, and events that no handler could take."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock, subscribers
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Delivery
from lachan.platform import messages as messages_sent
from lachan.platform.models import Message
from lachan.platform.paging import page
from lachan.site import trace, words


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
            nodes = [_line(n) for n in found]
            access.note_reads(
                trace.persons_of(found),
                request.posting,
                purpose=Purpose.TRACING,
                part="trace",
                at=clock.now(),
            )
        except Refusal as error:
            refusal = error
    context = {"wanted": wanted, "nodes": nodes, "refusal": refusal}
    return render(request, "site/trace.html", context, status=refusal.status if refusal else 200)


def _line(node: trace.Node) -> dict[str, object]:
    return {
        "depth": node.depth,
        "at": node.event.happened_at,
        "what": words.sentence(node.event),
        "tone": words.tone(node.event),
        "code": format_code(node.person_code) if node.person_code else "",
        "more": node.more,
    }


@door(Permission.VIEW_EVENTS)
@require_safe
def parked(request: DeskRequest) -> HttpResponse:
    """Events set aside after their last try: which handler, where it failed, since when."""
    waiting = (
        Delivery.objects.filter(parked_at__isnull=False).select_related("event").order_by("-parked_at", "pk")
    )
    return render(request, "site/parked.html", {"deliveries": waiting[:200]})


@door(Permission.VIEW_EVENTS)
@require_POST
def retry_parked(request: DeskRequest) -> HttpResponse:
    count = subscribers.retry_parked()
    messages.success(request, _("%(count)s events will be tried again.") % {"count": count})
    return redirect("parked")


@door(Permission.VIEW_EVENTS)
@require_safe
def outbox(request: DeskRequest) -> HttpResponse:
    """Messages to people whom the posting may see: what was said, when, and whether it went out."""
    posting = request.posting
    queued = Message.objects.filter(person__in=access.visible(posting)).select_related("person", "cause")
    shown = page(queued, key=("-queued_at", "id"), cursor=request.GET.get("cursor"))
    access.note_reads(
        [m.person_id for m in shown.rows], posting, purpose=Purpose.CARE, part="messages", at=clock.now()
    )
    lines = [(m, messages_sent.text_of(m)) for m in shown.rows]
    return render(request, "site/outbox.html", {"lines": lines, "page": shown})
