"""The persons that a list names: found by reference, or registered."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lachan.core.dates import BirthDate
from lachan.core.models import Area, Person
from lachan.core.names import clean_name
from lachan.core.persons import Identity
from lachan.platform.lists.rows import BadRow
from lachan.site.imports.values import Cells


@dataclass(frozen=True, slots=True)
class Listed:
    """A person as a row tells of them. `named`: the list has a name; else the reference stands for it."""

    reference: str
    name: str
    named: bool
    sex: str
    birth: BirthDate | None
    area: Area | None

    @property
    def identity(self) -> Identity:
        return Identity(name=self.name, sex=self.sex, birth=self.birth, home_area=self.area)

    def differences(self, person: Person) -> list[str]:
        """Our names of the fields in which the registered person is not as the row says."""
        born = None if person.birth_year is None else person.birth_year
        pairs = {
            "name": (self.name, person.name),
            "sex": (self.sex, person.sex),
            "birth": (self.birth.year if self.birth else None, born),
            "area": (self.area.pk if self.area else None, person.home_area_id),
        }
        return [field for field, (told, kept) in pairs.items() if told not in ("", None) and told != kept]


def listed(cells: Cells, areas: "Areas", *, day: date) -> Listed:
    """Who a row of a line list is about. `day` is the day of the evidence: ages and areas are those of that day."""
    reference, name = cells.reference("id"), cells.mapped.text(cells.cells, "name")
    birth, age = cells.birth(), cells.age()
    if birth is None and age is not None:
        birth = cells.given("age", lambda: BirthDate(day.year - age))
    return Listed(
        reference=reference,
        name=cells.given("name" if name else "id", lambda: clean_name(name or reference)),
        named=bool(name),
        sex=cells.code("sex"),
        birth=birth,
        area=areas.find(cells, day),
    )


class Areas:
    """Area codes of lists, each looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, date], Area | None] = {}

    def find(self, cells: Cells, day: date) -> Area | None:
        """The smallest unit that bears the code on `day`, or today where the units of that day are not loaded."""
        code = cells.mapped.text(cells.cells, "area")
        if not code:
            return None
        key = (code, day)
        if key not in self._known:
            self._known[key] = _area(code, day) or _area(code, cells.today)
        if (area := self._known[key]) is None:
            column = cells.mapped.column("area")
            raise BadRow(column, "area-unknown", _("No administrative unit has this code."))
        return area


def _area(code: str, day: date) -> Area | None:
    on_day = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return Area.objects.filter(on_day, code=code[:16]).order_by("-level").first()
