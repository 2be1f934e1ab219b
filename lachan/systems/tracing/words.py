"""Codes as people read them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from lachan.platform.screen import Badge, Tone
from lachan.systems.tracing.models import Classification

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TONES: Final[Mapping[str, Tone]] = {
    "confirmed": "stop",
    "probable": "warn",
    "suspect": "warn",
    "withdrawn": "",
}
MASKED: Final[Mapping[bool | None, "StrOrPromise"]] = {
    True: _("both wore masks"),
    False: _("without masks"),
    None: _("masks not known"),
}


def case_badge(classification: str, *, ended: bool = False) -> Badge:
    """What a case is; one that is over says so."""
    if ended and classification != "withdrawn":
        return Badge(_("Ended"), "ok")
    return Badge(Classification(classification).label, TONES[classification])


def level_badge(level: int) -> Badge:
    return Badge(f"F{level}", "accent" if level == 1 else "")
