"""Symbols of public codes: 16 of Crockford's base 32 and one check symbol of the same alphabet.

The check is a weighted sum over GF(32): symbol i has the weight a^(16-i), where a is a root of x^5 + x^2 + 1.
The weights are different and none is zero, so every wrong symbol and every swap of two symbols is detected.
ISO 7064 MOD 37,36 would do that too, but its check symbol may be I, L, O or U, which people misread.
"""

from lachan.codecs.errors import FormatError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAYLOAD_LENGTH = 16
CODE_LENGTH = PAYLOAD_LENGTH + 1
FIELD_POLYNOMIAL = 0b100101
LONGEST_TYPED = 100

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_MISREAD = str.maketrans("OIL", "011")
_BETWEEN = frozenset(" \t\r\n-\u00a0\u2010\u2011\u2012\u2013\u2212")


def times_root(value: int) -> int:
    """Multiply an element of GF(32) by the root."""
    return (value << 1) ^ (FIELD_POLYNOMIAL if value & 16 else 0)


def symbols_of(number: int, length: int) -> str:
    """Write a number in so many symbols of five bits, the highest first."""
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def number_of(symbols: str) -> int:
    """Read what `symbols_of` wrote. Raises KeyError."""
    number = 0
    for symbol in symbols:
        number = number << 5 | _VALUE[symbol]
    return number


def canonical_symbols(text: str, length: int, prefix: str) -> str:
    """Return so many symbols, misread ones put right. Raises FormatError `<prefix>-symbol`, `<prefix>-length`."""
    if len(text) > LONGEST_TYPED + length:
        raise FormatError(f"{prefix}-length", f"A code of this kind has {length} symbols.")
    symbols = "".join(symbol for symbol in text if symbol not in _BETWEEN).upper().translate(_MISREAD)
    if not text.isascii() or not set(symbols) <= _VALUE.keys():
        raise FormatError(f"{prefix}-symbol", "A code has only digits and letters without U.")
    if len(symbols) != length:
        raise FormatError(f"{prefix}-length", f"A code of this kind has {length} symbols.")
    return symbols


def check_symbol(payload: str) -> str:
    """Return the check symbol of 16 canonical symbols."""
    total = 0
    for symbol in payload:
        total = times_root(total ^ _VALUE[symbol])
    return ALPHABET[total]


def canonical_code(text: str) -> str:
    """Return the 17 upper-case symbols of a code as a person typed it.

    Spaces, hyphens and lower case are forgiven, O is read as 0, I and L as 1.
    Raises FormatError: code-empty, code-length, code-symbol, code-check.
    """
    if len(text) > LONGEST_TYPED:
        raise FormatError("code-length", f"A code has {CODE_LENGTH} symbols.")
    typed = "".join(symbol for symbol in text if symbol not in _BETWEEN)
    code = typed.upper().translate(_MISREAD)
    if not code:
        raise FormatError("code-empty", "There is no code.")
    if not typed.isascii() or not set(code) <= _VALUE.keys():
        raise FormatError("code-symbol", "A code has only digits and letters without U.")
    if len(code) != CODE_LENGTH:
        raise FormatError("code-length", f"A code has {CODE_LENGTH} symbols.")
    if check_symbol(code[:PAYLOAD_LENGTH]) != code[PAYLOAD_LENGTH]:
        raise FormatError("code-check", "The check symbol does not fit: one symbol may be wrong.")
    return code
