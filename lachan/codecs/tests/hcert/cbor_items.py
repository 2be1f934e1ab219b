"""The items of well-formed CBOR where they lie, and ways to alter one of them."""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

BYTES, TEXT, LIST, MAP, TAG = 2, 3, 4, 5, 6
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}
_INDEFINITE = 31

# What may stand where an item stood: no number, huge, endless, deep, a circle, an expression, nothing at all.
FRAGMENTS = (
    b"\xf9\x7e\x00", b"\xf9\x7c\x00", b"\xfb\xff\xf0\x00\x00\x00\x00\x00\x00", b"\xf6", b"\xf7", b"\xf5", b"\x00",
    b"\x20",
    b"\x1b" + b"\xff" * 8, b"\x3b" + b"\xff" * 8, b"\xc2\x58\x40" + b"\xff" * 64, b"\x9a\xff\xff\xff\xff",
    b"\x5b" + b"\xff" * 8, b"\x81" * 400 + b"\x00", b"\x9f" * 30, b"\xd8\x1c\x81\xd8\x1d\x00", b"\xd8\x23\x65(a+)+",
    b"\xa2\x01\x00\x01\x00", b"\xa2\xf9\x7e\x00\x00\xf9\x7e\x00\x00", b"\x62\xff\xfe", b"\x63\xed\xa0\x80", b"\xff",
    b"\x1c", b"\x40", b"\x60", b"\x80", b"\xa0", b"\xc1\x1a\x7f\xff\xff\xff", b"\xc4\x82\x39\xff\xff\x01", b"",
)  # fmt: skip
_TAGS = (
    0,
    1,
    2,
    3,
    4,
    5,
    17,
    18,
    24,
    25,
    28,
    29,
    30,
    35,
    36,
    37,
    61,
    96,
    98,
    100,
    256,
    258,
    260,
    1004,
    43000,
    55799,
)


class Item(NamedTuple):
    """`start` to `body` is its head, `body` to `end` what it holds; `number` is its value, length or count."""

    start: int
    body: int
    end: int
    major: int
    number: int


def items(content: bytes) -> list[Item]:
    """Every item of one well-formed item of definite length, the outer before the inner."""
    found: list[Item] = []
    _scan(content, 0, found)
    return found


def _scan(content: bytes, start: int, found: list[Item]) -> int:
    major, short = content[start] >> 5, content[start] & 31
    body = end = start + 1 + _SIZES.get(short, 0)
    number = int.from_bytes(content[start + 1 : body], "big") if short in _SIZES else short
    place = len(found)
    found.append(Item(start, body, end, major, number))
    if major in (BYTES, TEXT):
        end += number
    for _ in range({LIST: number, MAP: 2 * number, TAG: 1}.get(major, 0)):
        end = _scan(content, end, found)
    found[place] = Item(start, body, end, major, number)
    return end


def head(major: int, number: int, least: int = 0) -> bytes:
    """The head of an item; `least` 1, 2, 4, 8: in so many bytes, though fewer would do."""
    if number < 24 and not least:
        return bytes((major << 5 | number,))
    for short, size in _SIZES.items():
        if size >= least and number < 1 << 8 * size:
            return bytes((major << 5 | short,)) + number.to_bytes(size, "big")
    raise ValueError(number)


def text_of(content: bytes) -> bytes:
    """A byte string."""
    return head(BYTES, len(content)) + content


def altered_item(chance: Random, content: bytes, found: list[Item]) -> bytes:
    """The content with one of its items altered: its kind, length, tag, place, number..."""
    item = chance.choice(found)
    return content[: item.start] + chance.choice(_WAYS)(chance, content, item) + content[item.end :]


def swapped(chance: Random, content: bytes, found: list[Item]) -> bytes:
    """The content with two of its items in each other's place."""
    one, other = sorted(chance.sample(found, 2))
    if other.start < one.end:
        return altered_item(chance, content, found)
    return b"".join(
        (
            content[: one.start],
            content[other.start : other.end],
            content[one.end : other.start],
            content[one.start : one.end],
            content[other.end :],
        )
    )


_Way = Callable[[Random, bytes, Item], bytes]


def _another_kind(chance: Random, content: bytes, item: Item) -> bytes:
    return bytes((content[item.start] ^ chance.randrange(1, 8) << 5,)) + content[item.start + 1 : item.end]


def _another_length(chance: Random, content: bytes, item: Item) -> bytes:
    near = (item.number - 1, item.number + 1, item.number ^ 1 << chance.randrange(16))
    number = chance.choice((*near, 0, 23, 24, 255, 65_535, 2**32 - 1, 2**63, 2**64 - 1))
    return head(item.major, max(number, 0)) + content[item.body : item.end]


def _longer_head(chance: Random, content: bytes, item: Item) -> bytes:
    return head(item.major, item.number, chance.choice((1, 2, 4, 8))) + content[item.body : item.end]


def _tagged(chance: Random, content: bytes, item: Item) -> bytes:
    return head(TAG, chance.choice(_TAGS)) * chance.choice((1, 1, 1, 2, 20)) + content[item.start : item.end]


def _without_end(chance: Random, content: bytes, item: Item) -> bytes:
    inside = content[item.start if item.major in (BYTES, TEXT) else item.body : item.end]
    return bytes((item.major << 5 | _INDEFINITE,)) + inside + chance.choice((b"\xff", b"\xff", b""))


def _another_item(chance: Random, content: bytes, item: Item) -> bytes:
    return chance.choice(FRAGMENTS)


def _twice(chance: Random, content: bytes, item: Item) -> bytes:
    """A list or a map with its content twice, so that every key comes again; any other item twice."""
    if item.major in (LIST, MAP):
        return head(item.major, 2 * item.number) + 2 * content[item.body : item.end]
    return 2 * content[item.start : item.end]


def _other_bytes(chance: Random, content: bytes, item: Item) -> bytes:
    inside = bytearray(content[item.start : item.end])
    inside[chance.randrange(len(inside))] = chance.randrange(256)
    return bytes(inside)


_WAYS: tuple[_Way, ...] = (
    _another_kind, _another_length, _longer_head, _tagged, _without_end, _another_item, _twice, _other_bytes,
)  # fmt: skip
