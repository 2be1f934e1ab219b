"""What several pages share: which place they are about, and heads of tables."""

from django.http import Http404

from lachan.core.doors import DeskRequest
from lachan.core.models import Place
from lachan.platform.screen import Column
from lachan.systems.checkpoints import queries


def place_or_404(request: DeskRequest, code: str) -> Place:
    """The posting's place with this code; the same answer for "none" and "not yours"."""
    found = queries.place_of(request.posting, code)
    if found is None:
        raise Http404
    return found


def columns(*labels: str) -> list[Column]:
    return [Column(label) for label in labels]
