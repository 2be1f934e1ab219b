"""The way in: a telephone number, the code sent to it, and whose book is to be opened."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import NotVisible
from lachan.core.doors import CITIZEN, PUBLIC, door
from lachan.core.errors import Refusal
from lachan.core.models import Identifier, IdentifierKind, Person
from lachan.core.persons import identifier_value
from lachan.platform import citizens, otp
from lachan.platform.pages import see_other
from lachan.platform.ratelimit import address_of
from lachan.portals.health_book.forms import CodeForm, PhoneForm
from lachan.portals.health_book.queries import given_name
from lachan.portals.health_book.views.pieces import CitizenRequest, be, page

OPEN_BOOK = otp.Purpose("health-book", gettext_lazy("open your health book"))
SAMPLES, KEPT_SECONDS = 4, 60


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for a code. Whether anybody has the number is not looked up, and so cannot be found out."""
    form, status = PhoneForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _asked(request, form.cleaned_data["phone"])
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
    samples = cache.get_or_set("demo-phones", _samples, KEPT_SECONDS) if settings.LACHAN_DEMO else []
    return page(request, "health_book/sign_in.html", {"form": form, "samples": samples}, status=status)


def _asked(request: HttpRequest, phone: str) -> HttpResponse:
    asked = otp.ask(
        phone=phone, purpose=OPEN_BOOK, session=otp.session_of(request), address=address_of(request),
        at=clock.now(), language=get_language() or "vi",
    )  # fmt: skip
    if asked.shown:
        messages.info(
            request, _("Demonstration: no text is sent. The code is %(code)s.") % {"code": asked.shown}
        )
    return see_other(reverse("health_book:code"))


def _samples() -> Sequence[str]:
    """Numbers of the demonstration with something in the book."""
    busy = Person.objects.filter(events__kind="OrderIssued").order_by("pk").distinct()
    phones = Identifier.objects.filter(kind=IdentifierKind.PHONE, person__in=busy).order_by("person")
    return [identifier_value(phone).replace("+84", "0") for phone in phones[:SAMPLES]]


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Type the code; with the right one the session begins."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verified = otp.confirm(
                code=form.cleaned_data["code"],
                purpose=OPEN_BOOK,
                session=otp.session_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal, "code")
        else:
            return _begun(request, verified)
    status = 422 if request.method == "POST" else 200
    return page(request, "health_book/code.html", {"form": form}, status=status)


def _begun(request: HttpRequest, phone: otp.VerifiedPhone) -> HttpResponse:
    """Whoever is alone with their number is known; several choose."""
    at = clock.now()
    session, token = citizens.start(phone, device=citizens.device_of(request), at=at)
    request.session.pop(otp.SESSION_KEY, None)
    found = list(access.of_phone(phone.index)[:2])
    if len(found) == 1:
        citizens.actor_of(found[0], at=at)
        citizens.be(session, found[0])
    answer = see_other(reverse("health_book:home"))
    citizens.remember(answer, token)
    return answer


@door(CITIZEN)
@require_safe
@never_cache
def home(request: CitizenRequest) -> HttpResponse:
    """One's own record, or first the question who one is."""
    me = request.citizen.oneself()
    return see_other(reverse("health_book:record", args=[me.code]) if me else reverse("health_book:family"))


@door(CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def family(request: CitizenRequest) -> HttpResponse:
    """Who shares this telephone; by POST, who of them one is. Given names only: these records are not open yet."""
    sharing = list(request.citizen.persons())
    if request.method == "POST":
        chosen = next((p for p in sharing if p.code == request.POST.get("person")), None)
        if chosen is None:
            raise NotVisible
        be(request, chosen, clock.now())
        return see_other(reverse("health_book:record", args=[chosen.code]))
    lines = [
        {"person": p, "name": given_name(p), "me": p.pk == request.citizen.session.person_id} for p in sharing
    ]
    known = any(line["me"] for line in lines)
    return page(request, "health_book/family.html", {"lines": lines, "known": known})


@door(CITIZEN)
@require_safe
@never_cache
def devices(request: CitizenRequest) -> HttpResponse:
    """Where the book is open now with this telephone."""
    held = citizens.holding(request.citizen.phone_index, at=clock.now())
    lines = [{"session": s, "this": s.pk == request.citizen.session.pk} for s in held]
    return page(request, "health_book/devices.html", {"lines": lines})


@door(CITIZEN)
@require_POST
def end_device(request: CitizenRequest, number: int) -> HttpResponse:
    at = clock.now()
    held = citizens.holding(request.citizen.phone_index, at=at).filter(pk=number)
    if not citizens.end(held, at=at):
        raise NotVisible
    messages.success(request, _("The book is closed on that device."))
    return see_other(reverse("health_book:devices"))


@door(CITIZEN)
@require_POST
def sign_out(request: CitizenRequest) -> HttpResponse:
    at = clock.now()
    own = citizens.holding(request.citizen.phone_index, at=at).filter(pk=request.citizen.session.pk)
    citizens.end(own, at=at)
    answer = see_other(reverse("health_book:sign_in"))
    citizens.forget(answer)
    return answer
