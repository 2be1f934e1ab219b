"""Words of the response centre."""

from django.utils.translation import gettext_lazy as _

SUBJECT = {
    "health": _("illness, symptoms"),
    "reaction": _("a reaction after an injection"),
    "recall": _("a lot of vaccine that was recalled"),
    "vaccination": _("vaccination: when, where, which"),
    "order": _("quarantine, an order"),
    "test": _("a test or its result"),
    "certificate": _("a certificate"),
    "other": _("something else"),
}
OUTCOME = {
    "answered": _("answered"),
    "written": _("answered, and written down"),
    "call-back": _("to be called back"),
    "no-answer": _("nobody answered"),
    "wrong-number": _("wrong number"),
}
WRITE = {
    "nothing": _("advice only"),
    "symptoms": _("symptoms of the person"),
    "reaction": _("a reaction of the person after an injection"),
    "test": _("a test order for the person"),
    "report": _("a report for the office in charge"),
}
ENDING = {
    "answered": _("The question is answered"),
    "call-back": _("The caller wants to be called back"),
    "no-answer": _("Nobody answered"),
    "wrong-number": _("Wrong number"),
}
