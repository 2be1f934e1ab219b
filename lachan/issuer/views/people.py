"""A person's records and certificates: issue, issue anew, take back, print."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.issuer import commands, fields, printing, queries
from lachan.issuer.forms import ReissueForm, RevokeForm
from lachan.issuer.models import Intent, Reason, Record
from lachan.issuer.queries import Standing, reach
from lachan.issuer.views.desk import answers
from lachan.platform.pages import answering, person_line

KINDS = {"pdf": "application/pdf", "png": "image/png"}


@door(Permission.VIEW_CERTIFICATES)
@require_safe
@never_cache
@answering
def person(request: DeskRequest, code: str) -> HttpResponse:
    """The read is logged."""
    at = clock.now()
    found = access.person(request.posting, code=code, purpose=Purpose.CERTIFICATE, part="certificate", at=at)
    certificates = list(queries.certificates_of(found))
    certified = {c.record_id for c in certificates}
    context = {
        "person": person_line(found), "code": found.code, "at": at,
        "certificates": [shown(c, at) for c in certificates],
        "bare": [(r, record_line(r)) for r in reach.records_of(found) if r.pk not in certified],
        "may_issue": access.may(request.posting, Permission.ISSUE_CERTIFICATE),
        "may_revoke": access.may(request.posting, Permission.REVOKE_CERTIFICATES),
        "revoke_form": RevokeForm(auto_id=False), "reissue_form": ReissueForm(auto_id=False),
    }  # fmt: skip
    return render(request, "certificates/person.html", context)


def shown(certificate: Intent, at: datetime) -> dict[str, Any]:
    where = queries.standing(certificate, at)
    order = certificate.revocation.order if hasattr(certificate, "revocation") else None
    return {
        "certificate": certificate, "badge": fields.badge(where), "what": record_line(certificate.record),
        "title": fields.TITLES[certificate.kind], "valid": where == Standing.VALID,
        "counts": where in (Standing.VALID, Standing.WAITING), "why": order.get_reason_display() if order else "",
        "replaced": hasattr(certificate, "replaced_by"),
    }  # fmt: skip


def record_line(record: Record) -> str:
    return fields.entry_line(record.kind, record.facts, record.happened_on)


@door(Permission.ISSUE_CERTIFICATE)
@require_POST
@answering
def issue(request: DeskRequest, number: int) -> HttpResponse:
    """A certificate on a record."""
    at = clock.now()
    record = reach.record_for(request.posting, number, at=at)
    code = root(record.person).code
    try:
        commands.request_certificate(record=record, actor=request.actor, at=at)
    except Refusal as refusal:
        return answers.refused(request, refusal, "person", code)
    return answers.done(request, _("The certificate is asked for. It is signed in a moment."), "person", code)


@door(Permission.ISSUE_CERTIFICATE)
@require_POST
@answering
def reissue(request: DeskRequest, number: int) -> HttpResponse:
    """A new certificate in place of this one: on the corrected record if there is one, with the name as it is now."""
    at, form = clock.now(), ReissueForm(request.POST)
    found = reach.certificate_for(request.posting, number, part="certificate", at=at)
    reason = Reason(form.cleaned_data["reason"]) if form.is_valid() else Reason.CORRECTED
    code = root(found.person).code
    try:
        commands.reissue_certificate(
            certificate=found, record=corrected(found.record), reason=reason, actor=request.actor, at=at
        )
    except Refusal as refusal:
        return answers.refused(request, refusal, "person", code)
    return answers.done(
        request, _("A new certificate is asked for; the old one is taken back."), "person", code
    )


@door(Permission.REVOKE_CERTIFICATES)
@require_POST
@answering
def revoke(request: DeskRequest, number: int) -> HttpResponse:
    """Take one certificate back, for good."""
    at, form = clock.now(), RevokeForm(request.POST)
    found = reach.certificate_for(request.posting, number, part="certificate", at=at)
    code = root(found.person).code
    try:
        if not form.is_valid():
            raise commands.CannotRevoke("no-reason", _("Say why."))
        given = form.cleaned_data
        commands.revoke_certificate(
            certificate=found,
            reason=Reason(given["reason"]),
            evidence=given["evidence"],
            actor=request.actor,
            at=at,
        )
    except Refusal as refusal:
        return answers.refused(request, refusal, "person", code)
    return answers.done(
        request, _("The certificate is taken back. Verifiers know it within an hour."), "person", code
    )


@door(Permission.VIEW_CERTIFICATES)
@require_safe
@never_cache
@answering
def paper(request: DeskRequest, number: int) -> HttpResponse:
    """The certificate to print."""
    at = clock.now()
    found = reach.certificate_for(request.posting, number, part="certificate", at=at)
    return printed(found, base_url=request.build_absolute_uri("/"), at=at)


def printed(
    certificate: Intent,
    *,
    base_url: str,
    at: datetime,
    format: printing.Format = "pdf",  # noqa: A002
) -> HttpResponse:
    """As a file whose name tells nobody's. Raises printing.CannotPrint."""
    made = printing.paper(certificate, base_url=base_url, at=at, format=format)
    answer = HttpResponse(made, content_type=KINDS[format])
    answer["Content-Disposition"] = f'inline; filename="certificate-{certificate.pk}.{format}"'
    return answer


def root(person: Person) -> Person:
    return person.merged_into or person


def corrected(record: Record) -> Record:
    """The newest correction of a record, or itself."""
    while (after := Record.objects.filter(replaces=record).first()) is not None:
        record = after
    return record
