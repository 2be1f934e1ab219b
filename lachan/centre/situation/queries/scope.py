"""Whose figures a posting sees: those of its area and of what lies on its ground."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Area, Posting


class AreaNotVisible(Refusal):
    """The same answer for "no such unit" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("area-not-visible", _("There is no such unit that your posting may see."))


def home_of(posting: Posting) -> Area:
    """The area of a posting, or of the place at which it is. Raises AreaNotVisible."""
    found = posting.area or (posting.place.area if posting.place else None)
    if found is None:
        raise AreaNotVisible
    return found


def area_for(posting: Posting, number: int) -> Area:
    """A unit on the ground of the posting. Raises AreaNotVisible."""
    mine = Area.objects.filter(areas.inside("", home_of(posting)), pk=number)
    found = mine.select_related("parent__parent").first()
    if found is None:
        raise AreaNotVisible
    return found


def area_of_code(posting: Posting, code: str, level: int | None, *, day: date) -> Area:
    """The unit of the day with this code; of those that share it, in a province and its city, the larger. Raises
    AreaNotVisible."""
    mine = areas.on(day).filter(areas.inside("", home_of(posting)), code=code.replace("\x00", ""))
    found = (mine if level is None else mine.filter(level=level)).order_by("level", "pk").first()
    if found is None:
        raise AreaNotVisible
    return found
