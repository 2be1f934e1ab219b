"""The telephones of a person: noting one, taking one off. Whoever holds it opens the record."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lachan.core import access, clock, persons
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.models import IdentifierKind
from lachan.platform import citizens
from lachan.platform.pages import see_other
from lachan.site.forms import NotePhoneForm


@door(Permission.REVEAL_IDENTIFIER)
@require_POST
def note_phone(request: DeskRequest, code: str) -> HttpResponse:
    at, form = clock.now(), NotePhoneForm(request.POST)
    found = access.person(request.posting, code=code, purpose=Purpose.CORRECTION, part="identifier", at=at)
    if form.is_valid():
        citizens.note_phone(found, form.cleaned_data["phone"], actor=request.actor, at=at)
        messages.success(request, _("The telephone is noted. Whoever holds it can open the health book."))
    else:
        messages.error(request, str(next(iter(form.errors["phone"]))))
    return see_other(reverse("person", args=[found.code]))


@door(Permission.REVEAL_IDENTIFIER)
@require_POST
def take_off_phone(request: DeskRequest, code: str, number: int) -> HttpResponse:
    at = clock.now()
    found = access.person(request.posting, code=code, purpose=Purpose.CORRECTION, part="identifier", at=at)
    phone = get_object_or_404(persons.identifiers_of(found), pk=number, kind=IdentifierKind.PHONE)
    citizens.take_off_phone(phone, actor=request.actor, at=at)
    messages.success(request, _("The telephone is taken off. It opens this record no more."))
    return see_other(reverse("person", args=[found.code]))
