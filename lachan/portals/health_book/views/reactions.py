"""Telling of a reaction after an injection, by the person or who shares the telephone."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lachan.core import clock
from lachan.core.doors import CITIZEN, door
from lachan.core.errors import Refusal
from lachan.platform.pages import see_other
from lachan.portals.health_book.views.pieces import CitizenRequest, opened, page
from lachan.systems.vaccination.commands import report_reaction
from lachan.systems.vaccination.queries.reactions import last_doses
from lachan.systems.vaccination.reaction_forms import FeltForm
from lachan.systems.vaccination.rules.reactions import is_urgent
from lachan.systems.vaccination.views.pieces import product_names


@door(CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def reaction(request: CitizenRequest, code: str) -> HttpResponse:
    """What was felt after the last dose. What alarms is said to be so at once, with whom to call."""
    at = clock.now()
    person, actor = opened(request, code, "reaction", at)
    form, status, dose = FeltForm(request.POST or None), 200, last_doses(person.root_id, at=at).first()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                report_reaction(person=person, told_by="person", actor=actor, at=at, **given)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                _thank(request, urgent=is_urgent(given["symptoms"], given["criteria"]))
                return see_other(reverse("health_book:record", args=[person.code]))
    vaccine = product_names(at).get(dose.product, dose.product) if dose else ""
    context = {"person": person, "form": form, "dose": dose, "vaccine": vaccine, "at": at}
    return page(request, "health_book/reaction.html", context, person=person, status=status)


def _thank(request: CitizenRequest, *, urgent: bool) -> None:
    if urgent:
        messages.error(
            request, _("This can be dangerous: call 115 or go to the nearest hospital now. We call you too.")
        )
    else:
        messages.success(request, _("Thank you. Rest and drink; if it gets worse, tell us here or call 115."))
