"""A person's certificates as they stand in their own record: to show, and to take along."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from lachan.core.models import Person
from lachan.issuer import fields, queries
from lachan.issuer.models import Intent
from lachan.issuer.queries import Standing
from lachan.platform.record import Section


def _certificates(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """Newest first, without those that another took the place of; None where there is none."""
    found = [
        (c, where)
        for c, where in queries.standings(queries.certificates_of(person), at)
        if where != Standing.NOT_SIGNED and not hasattr(c, "replaced_by")
    ]
    return {"code": person.code, "lines": [_shown(c, where) for c, where in found]} if found else None


def _shown(certificate: Intent, where: Standing) -> dict[str, Any]:
    record = certificate.record
    return {
        "certificate": certificate, "badge": fields.badge(where), "title": fields.TITLES[certificate.kind],
        "what": fields.entry_line(record.kind, record.facts, record.happened_on),
        "valid": where == Standing.VALID, "revoked": where == Standing.REVOKED,
    }  # fmt: skip


CERTIFICATES = Section("certificates", _("My certificates"), "certificates/book.html", _certificates)
