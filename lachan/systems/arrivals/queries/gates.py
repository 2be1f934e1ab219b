"""Gates, and whose they are."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.systems.arrivals.models import Gate


class NotHere(Refusal, Http404):
    """The same answer for "no such thing" and "not at your gate"; a page that is not found."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "not-at-this-gate", _("There is nothing with this number that your posting may see.")
        )


def gates() -> QuerySet[Gate]:
    """Airports first, as most people come by air."""
    return Gate.objects.order_by("kind", "name")


def gates_of(posting: Posting) -> QuerySet[Gate]:
    """The gate at which a posting is, or those on the ground of its area."""
    if posting.place is not None:
        return gates().filter(place=posting.place)
    assert posting.area is not None  # noqa: S101 (held by posting_over_an_area_or_at_a_place)
    inside = Q(area__isnull=False) & areas.inside("area__", posting.area)
    return gates().filter(inside | Q(area__isnull=True) if posting.area.level == 0 else inside)
