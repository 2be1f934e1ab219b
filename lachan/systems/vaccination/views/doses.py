"""Every dose of a lot, for who has to find the people when something is wrong with it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.platform import paging
from lachan.platform.pages import answering, person_line
from lachan.platform.screen import Column, Row
from lachan.systems.vaccination import line_words, queries
from lachan.systems.vaccination.queries import doses as found
from lachan.systems.vaccination.views.pieces import product_names

PART = "doses of a lot"


@door(Permission.VIEW_DOSES)
@require_safe
@answering
def of_lot(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?cursor=: where, in whom, and by which certificate; each record shown is noted as read."""
    at = clock.now()
    lot = queries.lot_for(request.posting, number)
    doses = found.doses_of_lot(request.posting, lot)
    page = paging.page(doses, key=("-given_at", "-pk"), cursor=request.GET.get("cursor"))
    people = [dose.person.merged_into or dose.person for dose in page.rows]
    access.note_reads([p.pk for p in people], request.posting, purpose=Purpose.VACCINATION, part=PART, at=at)
    certified = found.certificates_of(page.rows)
    rows = [
        Row((
            person_line(person), f"{dose.given_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}",
            dose.site.name if dose.site else "", line_words.kind(dose.kind, dose.number, dose.primary_doses),
            certified[dose.pk].uvci if dose.pk in certified else _("none"),
        ))
        for dose, person in zip(page.rows, people, strict=True)
    ]  # fmt: skip
    columns = [
        Column(_("Person")), Column(_("Given")), Column(_("Vaccination site")),
        Column(_("Dose")), Column(_("Certificate")),
    ]  # fmt: skip
    name = product_names(at).get(lot.product, lot.product)
    context = {"lot": lot, "product": name, "rows": rows, "columns": columns, "page": page, "at": at}
    return render(request, "vaccination/doses_of_lot.html", context)
