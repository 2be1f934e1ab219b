"""The tag of a part of a page that renews itself (`lachan.platform.live`)."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from lachan.platform.live import mark
from lachan.platform.screen import Row

register = template.Library()


@register.simple_tag(takes_context=True)
def live(context: Context, rows: Sequence[Row]) -> SafeString:
    """The attributes of the element that holds `rows` and what belongs to them; one such element a page. The answer
    to a form does not renew itself: its address takes forms only."""
    if context["request"].method != "GET":
        return SafeString('id="live"')
    return format_html(
        'id="live" hx-get="{}" hx-trigger="every 2s" hx-select="#live" hx-swap="outerHTML"'
        ' hx-headers=\'{{"X-Seen": "{}"}}\'',
        context["request"].get_full_path(),
        mark(rows),
    )
