"""Template tags of the shared look, for what a plain include does clumsily."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django import template
from django.forms import BoundField, CheckboxInput
from django.template import Context
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lachan.core import areas, clock
from lachan.core.codes import format_code
from lachan.core.models import Area

register = template.Library()

THEMES = frozenset({"light", "dark"})
RECENT_SECONDS = 24 * 3600


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """` data-theme="dark"` when the cookie asks for a theme; nothing when the device decides."""
    request = context.get("request")
    theme = request.COOKIES.get("theme", "") if request else ""
    return format_html(' data-theme="{}"', theme) if theme in THEMES else SafeString("")


@register.filter
def figure(number: object) -> str:
    """A whole number as the language groups it, `2.060` or `2,060`; anything else as it is."""
    if isinstance(number, int) and not isinstance(number, bool):
        return f"{number:,}".replace(",", get_format("THOUSAND_SEPARATOR"))
    return "" if number is None else str(number)


@register.simple_tag
def moment(at: datetime | date | None) -> SafeString:
    """Local time as `08:42 23/11/2026`, with how long ago beside it within the last day."""
    if at is None:
        return SafeString("–")
    if not isinstance(at, datetime):
        return format_html('<time datetime="{}">{}</time>', at.isoformat(), f"{at:%d/%m/%Y}")
    local = timezone.localtime(at)
    return format_html(
        '<time datetime="{}">{}</time>{}', local.isoformat(), f"{local:%H:%M %d/%m/%Y}", _ago(at)
    )


def _ago(at: datetime) -> SafeString:
    now = clock.now()
    if not 0 <= (now - at).total_seconds() < RECENT_SECONDS:
        return SafeString("")
    return format_html(' <span class="muted">({})</span>', _ago_words(int((now - at).total_seconds()) // 60))


def _ago_words(minutes: int) -> str:
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)d hour ago", "%(n)d hours ago", hours) % {"n": hours}


@register.simple_tag
def as_of(at: datetime) -> SafeString:
    """`as of 08:42`, with the day when it is not today."""
    local = timezone.localtime(at)
    form = "%H:%M" if local.date() == clock.local_date(clock.now()) else "%H:%M %d/%m/%Y"
    shown = format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local:{form}}")
    return format_html(_("as of {}"), shown)


@register.simple_tag
def as_of_now() -> SafeString:
    """`as of 08:42 23/11/2026` by the program's clock, for a page that has no moment of its own."""
    local = timezone.localtime(clock.now())
    return format_html(_("as of {}"), f"{local:%H:%M %d/%m/%Y}")


@register.simple_tag(takes_context=True)
def same_address(context: Context, **changes: object) -> str:
    """The query string of this page with `changes` applied; None or "" takes a parameter away."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.filter
def beside(first: Iterable[object], second: Iterable[object]) -> list[tuple[object, object]]:
    """Pairs of columns and cells; raises ValueError where a row is not as long as the head."""
    return list(zip(first, second, strict=True))


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands behind it."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def area_names(area: Area) -> str:
    """`Phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh` of an Area."""
    return areas.full_name(area)


@register.filter
def grouped(code: str) -> str:
    """`7K3M-0Q9Z-AB12-CD34-X` of a stored code."""
    return format_code(code)


@register.inclusion_tag("components/table.html")
def table(columns: Sequence[object], rows: Sequence[object], **more: object) -> dict[str, object]:
    """A table of `screen.Column` and `screen.Row`.

    `more`: caption pick pick_form empty_title empty_text empty_url empty_label.
    """
    return {"columns": columns, "rows": list(rows), **more}


@register.inclusion_tag("components/verdict.html")
def verdict(kind: str, reason: str, **more: object) -> dict[str, object]:
    """The big answer: kind `pass`, `check` or `stop`; `more`: word rule decision compact live."""
    if kind not in ("pass", "check", "stop"):
        raise ValueError(f"a verdict is pass, check or stop, not {kind!r}")
    return {"kind": kind, "reason": reason, **more}


@register.inclusion_tag("components/masked.html")
def masked(id: str, **more: object) -> dict[str, object]:  # noqa: A002 (the attribute's name)
    """An identifier shown as dots until somebody says what for; a tag, because its form needs the CSRF token.

    `more`: tail (the last symbols), url (takes a POST of `purpose`), purposes (pairs of value and word), shown.
    """
    return {"id": id, **more}
