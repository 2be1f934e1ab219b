"""The letters of the zone, and the check digit over them (Doc 9303-3, 4.9)."""

from typing import Final

FILLER: Final = "<"
DIGITS: Final = frozenset("0123456789")
LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
SYMBOLS: Final = DIGITS | LETTERS | {FILLER}

_VALUES: Final = {symbol: value for value, symbol in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {
    FILLER: 0
}
_WEIGHTS: Final = (7, 3, 1)


def value_of(symbol: str) -> int:
    """0 to 35; the filler counts as 0. Two symbols whose values differ by 10 share every check digit."""
    return _VALUES[symbol]


def check_digit(text: str) -> str:
    """The weighted sum, weights 7, 3, 1, modulo 10. Raises KeyError for what no zone holds."""
    return str(sum(_VALUES[symbol] * _WEIGHTS[place % 3] for place, symbol in enumerate(text)) % 10)
