"""Which certificates and records a posting may see: those of the people whom it may see. Each read is logged."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Purpose
from lachan.core.errors import Refusal
from lachan.core.models import Person, Posting
from lachan.issuer.models import Intent, Publication, Record
from lachan.issuer.queries.certificates import WITH_ALL


class CertificateNotVisible(Refusal):
    """The same answer for "no such row" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "certificate-not-visible",
            _("There is no certificate with this number that your posting may see."),
        )


def certificate_for(posting: Posting, number: int, *, part: str, at: datetime) -> Intent:
    """Raises CertificateNotVisible."""
    found = (
        Intent.objects.filter(pk=number, person__in=access.visible(posting)).select_related(*WITH_ALL).first()
    )
    if found is None:
        raise CertificateNotVisible
    _note([found.person_id], posting, part=part, at=at)
    return found


def record_for(posting: Posting, number: int, *, at: datetime) -> Record:
    """Raises CertificateNotVisible."""
    found = (
        Record.objects.filter(pk=number, person__in=access.visible(posting)).select_related("person").first()
    )
    if found is None:
        raise CertificateNotVisible
    _note([found.person_id], posting, part="record", at=at)
    return found


def _note(persons: Iterable[int], posting: Posting, *, part: str, at: datetime) -> None:
    access.note_reads(persons, posting, purpose=Purpose.CERTIFICATE, part=part, at=at)


def records_of(person: Person) -> list[Record]:
    """What certificates of a person may stand on, newest first, without what was withdrawn."""
    group = [person.root_id, *Person.objects.filter(merged_into=person.root_id).values_list("pk", flat=True)]
    found = Record.objects.filter(person__in=group, withdrawal__isnull=True).select_related("place")
    return list(found.order_by("-happened_on", "-pk"))


def newest(kind: str) -> Publication | None:
    """The newest edition of a list, without its content (which may be megabytes)."""
    return Publication.objects.filter(kind=kind).defer("content").order_by("-made_at").first()
