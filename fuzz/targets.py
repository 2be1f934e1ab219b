"""What is fuzzed: each takes bytes, and fails with an exception when a promise does not hold.

A layer below the outermost gets its bytes as its own input; the layers above are put around them, so that they are
read. Imported after the code under test, which is then counted alone.
"""

import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import cbor2

from lachan.codecs import live_code, national_qr, signed_code
from lachan.codecs.bhyt import parse_bhyt, write_bhyt
from lachan.codecs.cccd import parse_cccd, write_cccd
from lachan.codecs.errors import FormatError
from lachan.codecs.foreign import unpack
from lachan.codecs.foreign.tests.test_door import ALL, GENUINE
from lachan.codecs.gs1 import parse as parse_gs1
from lachan.codecs.gs1 import read as read_gs1
from lachan.codecs.gs1 import read_elements, write_elements
from lachan.codecs.hcert import Verdict, base45, cbor, schema, text, verify
from lachan.codecs.mrz import encode as encode_mrz
from lachan.codecs.mrz import parse as parse_mrz
from lachan.codecs.person_qr import recognise
from lachan.codecs.tests import test_national_qr, test_signed_code
from lachan.codecs.tests.hcert.making import (
    AT,
    EVENTS,
    ISSUED,
    TRUST,
    issued,
    payload,
    signed,
    token,
    wrapped,
)  # fmt: skip
from lachan.codecs.tests.hcert.mutations import OTHERS

_DAY: Final = date(2026, 11, 23)
_NOW: Final = datetime(2026, 11, 23, 8, 0, 10, tzinfo=UTC)
_PLAIN: Final = (
    dict, list, str, bytes, int, float, bool, type(None), tuple, cbor2.frozendict, cbor2.CBORSimpleValue,
)  # fmt: skip
_SIGNED_BY_US: Final = frozenset(
    (*(token(payload(kind)) for kind in EVENTS), *(other.payload for other in OTHERS))
)


@dataclass(frozen=True, slots=True)
class Target:
    """`door`: what strangers' text reaches, for the naive fuzzer, which starts from nothing."""

    judge: Callable[[bytes], object]
    door: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    cbor: bool = False
    whole: bool = False


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _judged(given: str | bytes) -> Verdict:
    verdict = verify(given, trust=TRUST, at=AT)
    assert verdict.code != "broken", verdict
    return verdict


def _certificate(data: bytes) -> None:
    """Nobody has our key: what is accepted is what we signed."""
    if _judged(data).ok:
        content = zlib.decompress(base45.decode(data.decode().strip()[4:]))
        envelope = cbor2.loads(content)
        while isinstance(envelope, cbor2.CBORTag):
            envelope = envelope.value
        assert envelope[2] in _SIGNED_BY_US


def _base45(data: bytes) -> None:
    _certificate(b"HC1:" + data)
    content = _or_none(base45.decode, data.decode("latin-1"))
    assert content is None or base45.encode(content).encode() == data
    assert base45.decode(base45.encode(data)) == data


def _inflate(data: bytes) -> None:
    _certificate(b"HC1:" + base45.encode(data).encode())
    content = _or_none(text.inflate, data)
    assert content is None or (content == zlib.decompress(data) and len(content) <= text.LARGEST_CONTENT)


def _cbor(data: bytes) -> None:
    content = _or_none(_plain, data)
    if content is not None:
        assert repr(cbor.read(cbor2.dumps(content))) == repr(content)
    _certificate(wrapped(data).encode())


def _plain(data: bytes) -> object:
    """What is read is made of the plainest kinds only; undefined and simple values are cbor2's own."""
    content = cbor.read(data)
    waiting = [content]
    while waiting:
        one = waiting.pop()
        assert isinstance(one, _PLAIN) or one is cbor2.undefined, type(one)
        waiting += [*one.keys(), *one.values()] if isinstance(one, Mapping) else []
        waiting += one if isinstance(one, list | tuple) else []
    return content


def _headers(data: bytes) -> None:
    """A protected header of any bytes, well signed: accepted when it says ES256 and our key, or leaves it outside."""
    if _judged(signed(token(), protected=data)).ok:
        labels = cbor2.loads(data, semantic_decoders={0: lambda written, _: written})
        assert labels[1] == -7
        assert 2 not in labels


def _claims(data: bytes) -> None:
    """Claims of any bytes, well signed: what is accepted is of this time, and is one event of the three."""
    if _judged(signed(data)).ok:
        claims = cbor2.loads(data, semantic_decoders={0: lambda written, _: written})
        assert claims[6] <= ISSUED <= claims[4]
        assert [kind for kind in "vtr" if claims[-260][1].get(kind)]


def _schema(data: bytes) -> None:
    """A payload of any bytes; one that may be issued needs no tolerance to be read."""
    content = _or_none(cbor.read, data)
    if isinstance(content, dict):
        _judged(signed(token(content)))
        if _may_be_issued(content):
            assert schema.check(content, issued=2.0**32) == ()


def _may_be_issued(content: Mapping[str, Any]) -> bool:
    try:
        schema.require_exact(content)
    except FormatError:
        return False
    return True


def _or_none(act: Callable[[Any], Any], given: object) -> Any:
    """Only a FormatError is a refusal; any other exception is a finding."""
    try:
        return act(given)
    except FormatError:
        return None


def _mrz(data: bytes) -> None:
    for repair in (False, True):
        document = _or_none(lambda zone: parse_mrz(zone, at=_DAY, repair=repair), _text(data))  # noqa: B023
        if document is not None and (again := _or_none(encode_mrz, document)):
            assert parse_mrz(again, at=_DAY) == document


def _gs1(data: bytes) -> None:
    _or_none(lambda scanned: parse_gs1(scanned, at=_DAY), _text(data))
    elements = _or_none(read_gs1, _text(data))
    if elements:
        assert read_elements(write_elements(elements)) == tuple(elements)


def _person_codes(data: bytes) -> None:
    scanned = _text(data)
    recognise(scanned)
    _or_none(lambda code: signed_code.check_signed_code(code, [test_signed_code.KEY.public_key()]), scanned)
    _or_none(lambda code: live_code.check_live_code(code, [test_signed_code.MASTER], _NOW), scanned)


def _cards(data: bytes) -> None:
    for parse, write in (
        (parse_cccd, write_cccd), (parse_bhyt, write_bhyt), (national_qr.parse_national, national_qr.write_national),
    ):  # fmt: skip
        card = _or_none(parse, _text(data))
        written = card and _or_none(write, card)
        assert not written or parse(written) == card


def _foreign(data: bytes) -> None:
    assert unpack(_text(data), anchors=ALL, at=AT).code != "broken"


def _seeds(texts: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(one.encode() for one in texts)


def _contents(codes: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(zlib.decompress(base45.decode(code[4:])) for code in codes)


_ISSUED: Final = [issued(payload(kind)) for kind in EVENTS]
_TOKENS: Final = tuple(token(payload(kind)) for kind in EVENTS)
_PAYLOADS: Final = tuple(cbor2.dumps(payload(kind)) for kind in EVENTS)
_ZONES: Final = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
)
_CARTONS: Final = (
    "]d20108935000000014172703001021S(1)", "(01)08935000000014(17)270300(10)LOT-7/A(21)S(1)", "8935000000014",
    "https://id.gs1.org/01/08935000000014/10/LOT-7?17=270300&11=261031", "00189350000000000011",
)  # fmt: skip
_CARDS: Final = (
    "001085000123|012345678|Nguyễn Văn A|05031985|Nam|Hà Nội|01052021", test_national_qr.TEXT,
    "GD4797931234567|Nguyễn Văn A|01/02/1985|1|Hà Nội|01 - 003|01/01/2026|31/12/2026",
)  # fmt: skip

TARGETS: Final = {
    "whole": Target(_certificate, _certificate, _seeds(_ISSUED), whole=True),
    "base45": Target(_base45, _certificate, _seeds(code[4:] for code in _ISSUED)),
    "inflate": Target(_inflate, _certificate, tuple(base45.decode(code[4:]) for code in _ISSUED)),
    "cbor": Target(_cbor, _certificate, (*_contents(_ISSUED), *_TOKENS), cbor=True),
    "headers": Target(
        _headers, _certificate, (cbor2.dumps({1: -7, 4: bytes(8)}), *(b"\xa1\x01\x26", b"\xa0")), cbor=True
    ),
    "claims": Target(_claims, _certificate, _TOKENS, cbor=True),
    "schema": Target(_schema, _certificate, _PAYLOADS, cbor=True),
    "mrz": Target(_mrz, _mrz, _seeds(_ZONES)),
    "gs1": Target(_gs1, _gs1, _seeds(_CARTONS)),
    "person codes": Target(
        _person_codes, _person_codes, _seeds([test_signed_code.signed, test_signed_code.live])
    ),
    "cards": Target(_cards, _cards, _seeds(_CARDS)),
    "foreign": Target(_foreign, _foreign, _seeds(GENUINE.values())),
}
