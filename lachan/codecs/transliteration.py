"""Names in the letters A-Z of passports, by ICAO Doc 9303 part 3, section 6."""

import unicodedata
from typing import Final

# Latin letters that decomposition does not take apart, and those for which the table asks for two letters.
_LATIN: Final = {
    "Ä": "AE", "Å": "AA", "Æ": "AE", "Ð": "D", "Ö": "OE", "Ø": "OE", "Ü": "UE", "Þ": "TH", "Đ": "D", "Ɖ": "D",
    "Ħ": "H", "Ĳ": "IJ", "ĸ": "Q", "Ł": "L", "Ŋ": "N", "Œ": "OE", "Ŧ": "T", "Ə": "E", "Ɓ": "B", "Ɗ": "D", "Ƙ": "K",
    "Ǝ": "E", "Ɛ": "E", "Ɔ": "O", "Ɣ": "G", "Ɩ": "I", "Ƴ": "Y", "ẞ": "SS", "ß": "SS",
}  # fmt: skip

_CYRILLIC: Final = {
    "А": "A", "Б": "B", "В": "V", "Г": "G", "Д": "D", "Е": "E", "Ё": "E", "Ж": "ZH", "З": "Z", "И": "I", "І": "I",
    "Й": "I", "К": "K", "Л": "L", "М": "M", "Н": "N", "О": "O", "П": "P", "Р": "R", "С": "S", "Т": "T", "У": "U",
    "Ф": "F", "Х": "KH", "Ц": "TS", "Ч": "CH", "Ш": "SH", "Щ": "SHCH", "Ъ": "IE", "Ы": "Y", "Ь": "", "Э": "E",
    "Ю": "IU", "Я": "IA", "Ѵ": "Y", "Ґ": "G", "Ў": "U", "Ѫ": "U", "Ѓ": "G", "Ђ": "D", "Ѕ": "DZ", "Ј": "J",
    "Ќ": "K", "Љ": "LJ", "Њ": "NJ", "Һ": "C", "Џ": "DZ", "Є": "IE", "Ї": "I",
}  # fmt: skip

_LETTERS: Final = {**_LATIN, **_CYRILLIC}
_FILLERS: Final = frozenset("<-\u2010\u2011\u2012\u2013\u2014\u2015/,;")
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def icao(text: str) -> str:
    """Return the name as passports and certificates write it: `Đặng Thị Hoà` -> `DANG<THI<HOA`.

    Only A-Z and `<`, never two `<` in a row nor one at an end. Spaces and hyphens become `<`, apostrophes and all
    other signs go. Marks go, save where ICAO asks for two letters (`Ö` is `OE`). A name in a script without an ICAO
    table here (Chinese, Arabic, Greek) comes back empty: its holder's passport says how it is written.
    The same for NFC and NFD; `icao(icao(x)) == icao(x)`. Never raises.
    """
    upper = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).upper())
    return "<".join(part for part in "".join(map(_letters, upper)).split("<") if part)


def _letters(symbol: str) -> str:
    if symbol in _PLAIN:
        return symbol
    if symbol.isspace() or symbol in _FILLERS:
        return "<"
    known = _LETTERS.get(symbol)
    return known if known is not None else _without_marks(symbol)


def _without_marks(symbol: str) -> str:
    spread = unicodedata.normalize("NFD", symbol)
    return "".join(_LETTERS.get(part, part if part in _PLAIN else "") for part in spread)
