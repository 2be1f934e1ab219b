"""Check digits of GS1 keys: GTIN-8, -12, -13, -14, SSCC, GLN and others of digits alone; the pair of GMN."""

from typing import Final

CSET_82: Final = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CSET_32: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
# One prime for each character before the pair, from the right; GMN and MUDI have at most 23 of them.
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
GTIN_LENGTHS: Final = (8, 12, 13, 14)


def check_digit(digits: str) -> str:
    """The digit that follows: weights 3 and 1 from the right, modulo 10 (General Specifications 7.9)."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of the others."""
    return check_digit(digits[:-1]) == digits[-1:]


def is_gtin(text: str) -> bool:
    """Whether the text is a GTIN of 8, 12, 13 or 14 digits with its check digit."""
    return text.isascii() and text.isdecimal() and len(text) in GTIN_LENGTHS and has_check_digit(text)


def has_check_pair(text: str) -> bool:
    """Whether the last two characters are the check pair of a GMN or MUDI (General Specifications 7.9.5)."""
    body, pair = text[:-2], text[-2:]
    if len(pair) < 2 or len(body) > len(_PRIMES):
        return False
    total = sum(CSET_82.index(symbol) * prime for symbol, prime in zip(reversed(body), _PRIMES, strict=False))
    high, low = divmod(total % 1021, 32)
    return pair == _CSET_32[high] + _CSET_32[low]
