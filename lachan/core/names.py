"""Names of people: the spelling is kept, one key finds it however it was typed."""

import unicodedata
from typing import Final

from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal

LONGEST_NAME = 200

_D_LOOK_ALIKES = "đðɖ"  # d with stroke (Vietnamese), eth (Icelandic), d with tail (African): none decomposes
_TO_D = {ord(letter): "d" for letter in _D_LOOK_ALIKES}
_FOREIGN_D = frozenset("ðÐɖƉ")
# Unseen, but of no category that says so: a joiner, Hangul fillers, variation selectors.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0") | {
    chr(point) for block in (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0)) for point in block
}
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})

_SENTENCES: Final = {
    "name-empty": _("Type the name."),
    "name-control": _("The name has a character that cannot be shown. Type it again."),
    "name-long": _("The name is longer than 200 characters."),
}


class BadName(Refusal):
    """A text is no name: name-empty, name-control, name-long."""

    status = 422

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


def search_key(name: str) -> str:
    """Return what the spellings of one name have in common: `Đặng Thị Hoà` -> `dang thi hoa`.

    The same for NFC and NFD, for both places of a tone mark, for Đ (U+0110) and Ð (U+00D0), for any case,
    white space and unseen characters. `search_key(search_key(x)) == search_key(x)`. Never raises.
    """
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    seen = "".join(" " if symbol.isspace() else symbol for symbol in spread if not _is_dropped(symbol))
    return " ".join(unicodedata.normalize("NFC", seen.translate(_TO_D)).split())


def _is_dropped(symbol: str) -> bool:
    """Marks (not the vowel signs of Indic and Thai script, of combining class 0) and what no one sees."""
    return unicodedata.combining(symbol) != 0 or _is_unseen(symbol)


def _is_unseen(symbol: str) -> bool:
    if symbol.isspace():
        return False
    return symbol in _UNSEEN or unicodedata.category(symbol) in {"Cc", "Cf", "Cs"}


def clean_name(text: str) -> str:
    """Return the name as it was spelled, in NFC and without space around it. Raises BadName."""
    if len(text) > 4 * LONGEST_NAME:  # NFC never shortens a name more than this
        raise BadName("name-long")
    name = unicodedata.normalize("NFC", text.strip())
    if any(_breaks_a_page(symbol) for symbol in name):
        raise BadName("name-control")
    if not search_key(name):
        raise BadName("name-empty")
    if len(name) > LONGEST_NAME:
        raise BadName("name-long")
    return name


def _breaks_a_page(symbol: str) -> bool:
    """Controls, line ends, lone surrogates, and the non-characters that XML (spreadsheets) refuses."""
    return unicodedata.category(symbol) in {"Cc", "Cs", "Zl", "Zp"} or ord(symbol) & 0xFFFE == 0xFFFE


def confusable(name: str) -> bool:
    """Tell whether a name may look like another: a foreign D, several scripts, look-alikes, unseen signs.

    A mark for the eye of a clerk, never a reason to refuse: Icelandic names are written with eth.
    """
    composed = unicodedata.normalize("NFC", name)
    if any(symbol in _FOREIGN_D or _is_unseen(symbol) or _imitates_ascii(symbol) for symbol in composed):
        return True
    return len({_script(symbol) for symbol in composed if symbol.isalpha()} - {"MODIFIER"}) > 1


def _imitates_ascii(symbol: str) -> bool:
    plain = unicodedata.normalize("NFKC", symbol)
    return plain != symbol and plain.isascii() and plain.isalnum()


def _script(letter: str) -> str:
    words = unicodedata.name(letter, "UNKNOWN").replace("-", " ").split()
    return "EAST ASIAN" if words[0] in _EAST_ASIAN else words[0]
