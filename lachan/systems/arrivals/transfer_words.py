"""What became of who was listed and did not come."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ABSENT: Final[Mapping[str, "StrOrPromise"]] = {
    "did-not-board": _("did not board"),
    "to-hospital": _("taken to a hospital"),
    "to-another-site": _("taken to another site"),
    "left-on-the-way": _("left on the way"),
}
