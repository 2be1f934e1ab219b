"""`/verify`: anybody checks a code that they paste, photograph or hold before the camera. Nothing is kept."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lachan.codecs.errors import FormatError
from lachan.codecs.foreign import Kind
from lachan.codecs.hcert.certificate import certificate_of
from lachan.core import clock
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.issuer import fields, judging, uploads, words
from lachan.issuer.judging import Judged
from lachan.platform import ratelimit

SHAPES: Final = {"valid": "pass", "unsure": "check", "invalid": "stop"}
LANGUAGES: Final = (("vi", "Tiếng Việt"), ("en", "English"))
NAMED_ABOVE = 3  # name, birth date; and the nationality, which the code does not say


@door(PUBLIC)
@csrf_exempt  # a POST changes nothing, and whoever checks a certificate needs no cookie for it
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """GET ?lang=: the form. POST `text` or `picture`: the verdict, above the form for the next one."""
    language = _language(request)
    with override(language):
        answer = _answer(request, language)
    answer["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language", "Cookie"])
    return answer


def _language(request: HttpRequest) -> str:
    """What was chosen, else the browser's; English for browsers that ask for others alone."""
    wanted = request.GET.get("lang", "")
    if wanted in dict(LANGUAGES):
        return wanted
    asked = {
        name[:2] for name, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    }
    if (
        asked
        and asked.isdisjoint({*dict(LANGUAGES), "*"})
        and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES
    ):
        return "en"
    return get_language() or "vi"


def _answer(request: HttpRequest, language: str) -> HttpResponse:
    at = clock.now()
    context: dict[str, Any] = {"languages": LANGUAGES, "language": language, "at": at}
    status = 200
    if request.method == "POST":
        try:
            context |= _shown(_judged(request))
        except Refusal as refusal:
            context["problem"], status = refusal.message, refusal.status
        except FormatError as error:
            context["problem"], status = words.why(error.code), 422
        except RequestDataTooBig:
            context["problem"], status = words.why("length"), 413
    context["lists_as_of"] = judging.trust(at).as_of
    context["lists_age"] = fields.age_text(context["lists_as_of"], at)
    return render(request, "issuer/verify.html", context, status=status)


class TooLarge(Refusal):
    status = 413

    def __init__(self) -> None:
        super().__init__("picture-length", words.why("picture-length"))


def _judged(request: HttpRequest) -> Judged:
    """Raises Refusal, FormatError, RequestDataTooBig."""
    at = clock.now()
    if int(request.META.get("CONTENT_LENGTH") or 0) > uploads.MOST_BODY:
        raise TooLarge
    request.upload_handlers = [uploads.InMemory(request)]
    return judging.judge(_texts(request), trust=judging.trust(at), at=at)


def _texts(request: HttpRequest) -> Sequence[str]:
    typed, picture = request.POST.get("text", ""), request.FILES.get("picture")
    address, at = ratelimit.address_of(request), clock.now()
    if typed.strip():
        ratelimit.take(uploads.TEXTS, address, at=at)
        return [typed]
    if isinstance(picture, UploadedFile) and picture.size:
        ratelimit.take(uploads.PICTURES, address, at=at)
        return uploads.read_codes(picture.read())
    raise FormatError("empty", "Nothing was sent.")


def _shown(judged: Judged) -> dict[str, Any]:
    found = judged.found
    return {
        "judged": judged, "shape": SHAPES[judged.level], "word": words.VERDICTS[judged.level],
        "why": words.why(judging.reason(judged)),
        "proven": found.ok, "name": found.holder.name, "birth": fields.day_as_written(found.holder.birth_date),
        "document": found.holder.document, "lines": _lines(judged), "expires_at": found.expires_at,
        "country": fields.country_name(_country(judged)), "issued_at": found.issued_at,
        "warnings": [words.warning(code) for code in judged.warnings],
    }  # fmt: skip


def _country(judged: Judged) -> str:
    found = judged.found
    return next((entry.country for entry in found.entries if entry.country), found.issuer)


def _lines(judged: Judged) -> Sequence[fields.Field]:
    """What the certificate is for; name and birth date stand above."""
    found = judged.found
    said = certificate_of(found.raw) if found.kind == Kind.DCC else None
    if said is not None:
        return [(label, value) for label, value in fields.of_certificate(said)[NAMED_ABOVE:] if value]
    return [line for entry in found.entries for line in fields.of_entry(entry)]
