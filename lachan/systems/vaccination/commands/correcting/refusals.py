"""What a correction is refused for, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal

WORDS: Final = {
    "no-dose": _("No dose is written down in this record: the health station of your commune corrects it."),
    "nothing-wrong": _("This is what the record says already."),
    "words-missing": _("Say which paper shows it."),
    "asked-before": _("This was asked for before, and waits for an answer."),
    "answer-missing": _("Say which paper was seen, or why the record stays as it is."),
    "own-correction": _("You asked for this yourself. A colleague has to decide."),
    "decided-before": _("This was decided meanwhile. Look at the page again."),
    "dose-missing": _("Say which dose it is about."),
    "dose-withdrawn": _("This dose was withdrawn meanwhile: there is nothing left to correct."),
    "visit-open": _("The person is still in the line. Withdraw the dose there and write it down anew."),
    "number-unreadable": _("A citizen ID number has 12 digits."),
    "number-unseen": _(
        "The number that you typed from the card is not the one that was asked for. Read both again; if the card is"
        " right, refuse this and ask for a correction with the number of the card."
    ),
    "lot-unreadable": _("A lot number has 1 to 20 printed characters and no spaces."),
    "lot-unknown": _(
        "No lot of this vaccine has this number. Look at the vial or the slip again. If the number is right, the store"
        " keeper writes down its receipt first."
    ),
    "lot-of-another-vaccine": _(
        "This lot is of another vaccine. If that vaccine was given, withdraw the dose and write it down anew from the"
        " paper."
    ),
    "lot-not-in-books": _(
        "In the books of the site nothing of this lot could have been given at that time: no vial of it was open, or"
        " each of its doses was given to somebody. Look whether another dose of that day has the wrong lot, correct"
        " that first, and decide then."
    ),
    "dose-number-wrong": _("Choose a number that this vaccine has."),
    "moment-unreadable": _("Write the day as day/month/year, and the time if you know it: 5/3/2021 08:30."),
    "moment-in-future": _("The day lies in the future."),
    "before-birth": _("The dose lies before the person's birth."),
    "order-impossible": _(
        "The doses of this person would no longer follow each other in order. Correct the other dose first."
    ),
    "dose-known": _("Another dose of this person has this number or this day already."),
    "site-missing": _("Choose the site at which the dose was given."),
}


class CannotCorrect(Refusal):
    """The codes are the keys of WORDS."""

    def __init__(self, code: str) -> None:
        super().__init__(code, WORDS[code])
