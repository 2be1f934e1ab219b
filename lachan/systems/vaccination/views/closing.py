"""The end of a session: what was drawn against what was given and written off."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import pages
from lachan.platform.pages import answering
from lachan.systems.vaccination import commands, words
from lachan.systems.vaccination.commands.losses import CHOSEN
from lachan.systems.vaccination.models import Vial
from lachan.systems.vaccination.queries import line as lines
from lachan.systems.vaccination.queries.completeness import session_accounts
from lachan.systems.vaccination.views.line_pieces import done, refused, session_words

OF_OPEN_VIALS = tuple(
    reason for reason in CHOSEN if reason in ("opened-expired", "residual", "contaminated", "broken")
)


@door(Permission.WORK_LINE)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def close_session(request: DeskRequest, number: int) -> HttpResponse:
    """The account of the session; POST closes it, once everything is explained."""
    session, at = lines.line_session(request.posting, number), clock.now()
    if request.method == "POST":
        try:
            commands.close_session(session=session, actor=request.actor, at=at)
        except Refusal as refusal:
            return refused(request, refusal, "close_session", number)
        return done(
            request, _("The session is closed: every dose is accounted for."), "close_session", number
        )
    [account] = session_accounts([session])
    left = Vial.objects.filter(session=session, left__gt=0).select_related("lot").order_by("pk")
    context = session_words(session, at) | {
        "account": account, "left": left, "in_line": session.visits.filter(left_at__isnull=True).count(),
        "reasons": [(code, words.WASTE[code]) for code in OF_OPEN_VIALS],
    }  # fmt: skip
    return render(request, "vaccination/close_session.html", context)


@door(Permission.WORK_LINE)
@require_POST
@answering
def waste_rest(request: DeskRequest, number: int) -> HttpResponse:
    """What is left in a vial of the session is written off."""
    session = lines.line_session(request.posting, number)
    reason = request.POST.get("reason", "")
    try:
        vial = lines.line_vial(session, pages.number(request.POST.get("vial")))
        commands.waste_doses(
            store=session.site, lot=vial.lot, vial=vial, doses=max(vial.left, 0), actor=request.actor,
            reason=reason if reason in OF_OPEN_VIALS else "", at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return refused(request, refusal, "close_session", number)
    return done(request, _("%(n)s doses written off.") % {"n": vial.left}, "close_session", number)
