"""One search box for an administrative unit, with or without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, clock
from lachan.core.models import Area
from lachan.core.names import search_key
from lachan.platform.forms.text import LONGEST_LINE, refuse_control

OFFERED = 10
# Commune and province share words ("Hồ Chí Minh"), so more are asked for than shown when a level is demanded.
SOUGHT = 40


def today() -> date:
    return clock.local_date(clock.now())


def _words(text: str) -> list[str]:
    return search_key(text.replace(",", " ")).split()


@dataclass(frozen=True)
class Typed:
    """What came back from the page: the words, and the id of the unit that was chosen from a list."""

    text: str = ""
    id: str = ""


class AreaInput(forms.TextInput):
    """A text box and the id of the chosen unit; `offered` are the units to choose from where several fit."""

    template_name = "components/area_input.html"
    offered: list[Area] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        typed = value if isinstance(value, Typed) else Typed()
        context: dict[str, Any] = super().get_context(name, typed.text, attrs)
        chosen = typed.id if not self.offered else ""
        options = [{"id": area.pk, "name": areas.full_name(area)} for area in self.offered]
        return context | {"chosen": chosen, "options": options, "url": reverse("area_search")}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:  # noqa: ARG002
        return Typed(str(data.get(name) or "").strip(), str(data.get(f"{name}_id") or ""))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        return name not in data


class AreaField(forms.Field):
    """The value is an Area of `day` (or None), `least_level` deep or deeper: 1 province, 3 commune."""

    widget = AreaInput
    default_error_messages = {
        "unknown": _("No area has this name. Check the spelling, or type fewer words."),
        "several": _("Several areas fit. Choose one below, or type more of its name."),
        "wide": _("Choose a smaller unit: a commune or ward."),
    }

    def __init__(self, *, day: Callable[[], date] = today, least_level: int = 1, **kwargs: Any) -> None:
        self.day, self.least_level = day, least_level
        kwargs.setdefault("help_text", _("Type the name, for example: Bến Nghé"))
        super().__init__(**kwargs)

    def prepare_value(self, value: object) -> object:
        return Typed(areas.full_name(value), str(value.pk)) if isinstance(value, Area) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return self.prepare_value(initial) != data

    def clean(self, value: object) -> Area | None:
        typed = value if isinstance(value, Typed) else Typed()
        if not typed.text:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        refuse_control(typed.text)
        if len(typed.text) > LONGEST_LINE:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return self._chosen(typed) or self._sought(typed.text)

    def _chosen(self, typed: Typed) -> Area | None:
        """The unit of the hidden id, unless the words were changed after it was chosen."""
        if not typed.id.isascii() or not typed.id.isdigit() or len(typed.id) > 12:
            return None
        area = areas.on(self.day()).select_related("parent__parent").filter(pk=int(typed.id)).first()
        if area is None:
            return None
        fits = set(_words(typed.text)) <= set(_words(areas.full_name(area)))
        return self._small_enough(area) if fits else None

    def _small_enough(self, area: Area) -> Area:
        if area.level < self.least_level:
            raise ValidationError(self.error_messages["wide"], code="wide")
        return area

    def _sought(self, text: str) -> Area:
        found = areas.search(text.replace(",", " "), day=self.day(), limit=SOUGHT)
        fitting = [area for area in found if area.level >= self.least_level]
        exact = [area for area in fitting if _words(areas.full_name(area)) == _words(text)]
        if len(exact or fitting) == 1:
            return (exact or fitting)[0]
        if not fitting:
            code = "wide" if found else "unknown"
            raise ValidationError(self.error_messages[code], code=code)
        cast(AreaInput, self.widget).offered = fitting[:OFFERED]
        raise ValidationError(self.error_messages["several"], code="several")
