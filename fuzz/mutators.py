"""Mutators that keep what is around a change in order, so that the change is read."""

import zlib
from collections.abc import Callable
from random import Random

import cbor2

from lachan.codecs.hcert import base45
from lachan.codecs.tests.hcert.cbor_items import altered_item, items, swapped, text_of
from lachan.codecs.tests.hcert.mutations import MUTATORS, Genuine

Mutate = Callable[[bytes, int], bytes]
Custom = Callable[[bytes, int, int], bytes]


def of_cbor(mutate: Mutate) -> Custom:
    """One item altered, or bytes as libFuzzer will."""

    def custom(data: bytes, most: int, seed: int) -> bytes:
        return altered(data, most, Random(seed), mutate)

    return custom


def altered(data: bytes, most: int, chance: Random, mutate: Mutate) -> bytes:
    if chance.random() < 0.6:
        try:
            alter = swapped if chance.random() < 0.2 else altered_item
            return alter(chance, data, items(data))[:most]
        except (IndexError, ValueError, RecursionError, OverflowError):
            pass  # it was altered before, and is no CBOR now
    return mutate(data, most)


def of_whole(mutate: Mutate) -> Custom:
    """One layer taken out, altered, and put back: the text, the compressed bytes, the envelope or a part of it."""

    def custom(data: bytes, most: int, seed: int) -> bytes:
        chance = Random(seed)
        layer = chance.randrange(5)
        try:
            if layer == 0:
                return mutate(data, most)
            packed = base45.decode(data.decode()[4:])
            if layer == 1:
                return _text(mutate(packed, most))
            content = zlib.decompressobj().decompress(packed, 65_536)
            if layer == 2:
                return _text(zlib.compress(altered(content, most, chance, mutate)))
            if layer == 3:
                return _text(zlib.compress(_with_part(content, most, chance, mutate)))
            return _ours(data, chance)
        except Exception:  # it was altered before, and has no such layer now
            return mutate(data, most)

    return custom


def _ours(data: bytes, chance: Random) -> bytes:
    layer = chance.choice(list(MUTATORS))
    return MUTATORS[layer](chance, Genuine.of(data.decode())).encode("utf-8", "surrogatepass")


def _with_part(content: bytes, most: int, chance: Random, mutate: Mutate) -> bytes:
    parts = list(cbor2.loads(content).value)
    place = chance.choice((0, 2, 2, 3))
    parts[place] = altered(parts[place], most, chance, mutate)
    outside = altered(b"\xa1\x04\x40", most, chance, mutate) if chance.random() < 0.3 else b"\xa0"
    return b"\xd2\x84" + text_of(parts[0]) + outside + text_of(parts[2]) + text_of(parts[3])


def _text(packed: bytes) -> bytes:
    return b"HC1:" + base45.encode(packed).encode()
