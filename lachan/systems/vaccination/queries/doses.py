"""Every dose of a lot: where, in whom, certified by what."""

from collections.abc import Iterable

from django.db.models import QuerySet

from lachan.core.models import Posting
from lachan.issuer.models import Intent
from lachan.systems.vaccination.models import Dose, Lot
from lachan.systems.vaccination.queries.scope import own

SOURCE = "vaccination"


def doses_of_lot(posting: Posting, lot: Lot) -> QuerySet[Dose]:
    """Given at a site of the posting, the newest first; those that were withdrawn are not in it."""
    found = Dose.objects.filter(own(posting, "site__"), lot=lot, withdrawn_at__isnull=True)
    return found.select_related("person__merged_into", "site")


def certificates_of(doses: Iterable[Dose]) -> dict[int, Intent]:
    """By dose, the certificate that was asked for last: one query, whatever their number."""
    references = {f"dose:{dose.pk}": dose.pk for dose in doses}
    intents = Intent.objects.filter(record__source=SOURCE, record__reference__in=list(references))
    found = intents.select_related("record", "revocation", "signature").order_by("pk")
    return {references[intent.record.reference]: intent for intent in found}
