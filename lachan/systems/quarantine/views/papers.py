"""Pages to print: the order with the red board, the certificate of completion."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from lachan.codecs import qr
from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Person
from lachan.platform import personal_codes
from lachan.platform.pages import answering, person_line
from lachan.systems.quarantine import queries, words
from lachan.systems.quarantine.models import OrderTerm, ReleaseDecision
from lachan.systems.quarantine.queries.aftercare import monitored_until
from lachan.systems.quarantine.views.orders import home_address
from lachan.systems.quarantine.views.pieces import basis_of, note, root_of


def _paper(term: OrderTerm) -> dict[str, object]:
    person = root_of(term)
    return {
        "term": term, "order": term.order, "person": person, "who": person_line(person), "basis": basis_of(term),
        "kind": words.kind_of(term.subject, term.kind), "subject": words.SUBJECT[term.subject],
        "address": home_address(term), "code": format_code(person.code), "qr": _qr(person), "area": term.order.area,
    }  # fmt: skip


def _qr(person: Person) -> SafeString:
    text = personal_codes.printed(person.code, at=clock.now())
    return SafeString(qr.svg(text, label=format_code(person.code)))


@door(Permission.VIEW_ORDERS)
@require_safe
@answering
def paper(request: DeskRequest, number: int) -> HttpResponse:
    """The order as it is handed over; for a home, with the text of the board at the door (5599/BYT-MT)."""
    term = queries.order_for(request.posting, number)
    note(request, [term], "order on paper", clock.now())
    return render(request, "quarantine/paper.html", _paper(term))


def _tested(term: OrderTerm) -> bool:
    """Whether release took negative tests: none were asked for, or the longest period was over without them."""
    closed_on = clock.local_date(term.order.closed_at) if term.order.closed_at else term.ends_on
    return bool(term.negatives_needed) and (term.at_most_on is None or closed_on < term.at_most_on)


@door(Permission.VIEW_ORDERS)
@require_safe
@answering
def certificate(request: DeskRequest, number: int) -> HttpResponse:
    """The certificate of completion; there is one only after release."""
    term = queries.order_for(request.posting, number)
    released = ReleaseDecision.objects.filter(order=number).exclude(early=True, agreed__isnull=True)
    decision = released.exclude(agreed=False).select_related("decided_by", "second_signer").first()
    if decision is None or term.order.closed_how != "released":
        raise Http404
    note(request, [term], "certificate", clock.now())
    context = _paper(term) | {
        "decision": decision,
        "number": format_code(decision.certificate),
        "tested": _tested(term),
        "monitored_until": monitored_until(term),
    }
    return render(request, "quarantine/certificate.html", context)
