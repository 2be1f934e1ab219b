"""Certificates for programs: ask for one, fetch it, take it back, verify a code; and the lists that verifiers carry."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import AwareDatetime, Field

from lachan.codecs.foreign import Unpacked
from lachan.core import clock
from lachan.core.access import Permission
from lachan.issuer import commands, fields, judging, printing, queries, uploads, words
from lachan.issuer.judging import Judged
from lachan.issuer.models import Intent, ListKind, Reason
from lachan.issuer.publishing import published
from lachan.issuer.queries import reach
from lachan.platform import ratelimit
from lachan.platform.api import INT_MAX, Anybody, Line, Permit, Problem, once

router = Router(tags=["certificates"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}

Number = Annotated[int, Path(ge=1, le=INT_MAX)]


class RecordIn(Schema):
    """The number of the dose, test or recovery that the certificate is to stand on."""

    record: int = Field(ge=1, le=INT_MAX)


class RevokeIn(Schema):
    reason: Literal["fraud", "by-mistake", "corrected", "record-withdrawn"]
    evidence: Line = ""


class TextIn(Schema):
    text: str = Field(min_length=1, max_length=judging.LONGEST_TEXT)


class CertificateOut(Schema):
    """`state`: waiting, valid, expired, revoked, not-signed. `use`: v, t or r."""

    number: int
    certificate_id: str
    use: str
    state: str
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    replaces: int | None


class VerdictOut(Schema):
    """`level` is what to show: valid (green), unsure (amber), invalid (red); `code` says why, `message` in words.

    `holder` is to be compared with an identity document; where `proven` is false all of it is a mere claim.
    """

    level: Literal["valid", "unsure", "invalid"]
    code: str
    message: str
    proven: bool
    kind: str
    holder: dict[str, str]
    entries: list[dict[str, str]]
    issuer: str
    issued_at: datetime | None
    expires_at: datetime | None
    lists_as_of: datetime | None
    warnings: list[str]


@router.post("/", response={201: CertificateOut} | REFUSED, auth=Permit(Permission.ISSUE_CERTIFICATE))
def request_certificate(request: HttpRequest, wanted: RecordIn) -> HttpResponse:
    """Ask for the first certificate on a record; a moment later its state is `valid`."""
    caller: Any = request

    def run() -> tuple[int, Any]:
        at = clock.now()
        record = reach.record_for(caller.posting, wanted.record, at=at)
        made = commands.request_certificate(record=record, actor=caller.actor, at=at)
        return 201, _state(Intent.objects.get(pk=made.pk), at)

    return once(request, run)


@router.get("/trust-list", auth=Anybody(), response={200: Any, 404: Problem})
def trust_list(request: HttpRequest) -> HttpResponse:
    """Whose signatures count, as JSON signed by a JWS."""
    return published(request, ListKind.TRUST, "application/json")


@router.get("/did", auth=Anybody(), response={200: Any, 404: Problem})
def did(request: HttpRequest) -> HttpResponse:
    """Whose signatures count, as a DID document."""
    return published(request, ListKind.DID, "application/did+json")


@router.get("/revocations", auth=Anybody(), response={200: Any, 404: Problem})
def revocations(request: HttpRequest) -> HttpResponse:
    """What was taken back, as the signed file that offline verifiers carry (lachan.codecs.revoked)."""
    return published(request, ListKind.REVOKED, "application/octet-stream")


@router.post("/verify", response={200: VerdictOut, 422: Problem, 429: Problem}, auth=Anybody())
def verify_code(request: HttpRequest, sent: TextIn) -> Any:
    """The verdict on the text of a code; nothing of it is kept. For anybody, so many times in ten minutes."""
    at = clock.now()
    ratelimit.take(uploads.TEXTS, ratelimit.address_of(request), at=at)
    return _verdict(judging.judge([sent.text], trust=judging.trust(at), at=at))


@router.get("/{number}", response={200: CertificateOut} | REFUSED, auth=Permit(Permission.VIEW_CERTIFICATES))
def certificate(request: HttpRequest, number: Number) -> Any:
    caller, at = _caller(request)
    return _state(reach.certificate_for(caller.posting, number, part="certificate", at=at), at)


@router.get(
    "/{number}/code", response={200: dict[str, str]} | REFUSED, auth=Permit(Permission.VIEW_CERTIFICATES)
)
def code(request: HttpRequest, number: Number) -> Any:
    """The text of the code, `HC1:…`, for whoever draws it."""
    return {"text": _drawn(request, number, printing.text_of)}


@router.get("/{number}/pdf", response={200: bytes} | REFUSED, auth=Permit(Permission.VIEW_CERTIFICATES))
def pdf(request: HttpRequest, number: Number) -> HttpResponse:
    """The certificate on one A4 page."""
    base = request.build_absolute_uri("/")
    made = _drawn(request, number, lambda found, at: printing.paper(found, base_url=base, at=at))
    return HttpResponse(made, content_type="application/pdf")


@router.get("/{number}/png", response={200: bytes} | REFUSED, auth=Permit(Permission.VIEW_CERTIFICATES))
def png(request: HttpRequest, number: Number) -> HttpResponse:
    made = _drawn(request, number, lambda found, at: printing.picture_png(printing.text_of(found, at)))
    return HttpResponse(made, content_type="image/png")


@router.get("/{number}/svg", response={200: bytes} | REFUSED, auth=Permit(Permission.VIEW_CERTIFICATES))
def svg(request: HttpRequest, number: Number) -> HttpResponse:
    made = _drawn(request, number, lambda found, at: printing.picture_svg(printing.text_of(found, at)))
    return HttpResponse(made, content_type="image/svg+xml")


@router.post(
    "/{number}/revoke", response={200: CertificateOut} | REFUSED, auth=Permit(Permission.REVOKE_CERTIFICATES)
)
def revoke(request: HttpRequest, number: Number, sent: RevokeIn) -> HttpResponse:
    """Take one certificate back, for good."""
    caller: Any = request

    def run() -> tuple[int, Any]:
        at = clock.now()
        found = reach.certificate_for(caller.posting, number, part="certificate", at=at)
        commands.revoke_certificate(
            certificate=found, reason=Reason(sent.reason), evidence=sent.evidence, actor=caller.actor, at=at
        )
        return 200, _state(reach.certificate_for(caller.posting, number, part="certificate", at=at), at)

    return once(request, run)


def _caller(request: HttpRequest) -> tuple[Any, datetime]:
    return request, clock.now()


def _drawn(request: HttpRequest, number: int, draw: Callable[[Intent, datetime], Any]) -> Any:
    caller, at = _caller(request)
    return draw(reach.certificate_for(caller.posting, number, part="certificate", at=at), at)


def _state(found: Intent, at: datetime) -> dict[str, Any]:
    return {
        "number": found.pk, "certificate_id": found.uvci, "use": found.kind,
        "state": queries.standing(found, at).value, "issued_at": found.issued_at, "expires_at": found.expires_at,
        "replaces": found.replaces_id,
    }  # fmt: skip


def _verdict(judged: Judged) -> dict[str, Any]:
    found: Unpacked = judged.found
    return {
        "level": judged.level, "code": judged.code, "message": str(words.why(judging.reason(judged))),
        "proven": found.ok, "kind": found.kind.value,
        "holder": {
            "name": found.holder.name, "birth_date": found.holder.birth_date, "document": found.holder.document
        },
        "entries": [fields.entry_texts(entry) for entry in found.entries], "issuer": found.issuer,
        "issued_at": found.issued_at, "expires_at": found.expires_at, "lists_as_of": judged.lists_as_of,
        "warnings": list(judged.warnings),
    }  # fmt: skip
