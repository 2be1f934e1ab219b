"""Words of the campaign."""

from django.utils.translation import gettext_lazy as _

GOAL = {
    "adults": _("Adults with at least one dose"),
    "everybody": _("Everybody with a complete course"),
    "doses": _("Doses given"),
}
STATE = {
    "reached": _("goal reached"),
    "ahead": _("on the way"),
    "behind": _("behind"),
    "missed": _("missed"),
    "unknown": _("not known"),
}
