"""Ways to alter a certificate, layer by layer. What is altered inside is packed again, so that it is read at all."""

import hmac
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

import cbor2
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lachan.codecs.hcert import Signer, Trust, TrustedKey, base45, cose
from lachan.codecs.tests.hcert.cbor_items import Item, altered_item, items, swapped, text_of
from lachan.codecs.tests.hcert.making import (
    AT,
    CERTIFICATE,
    DAY,
    ISSUED,
    KEY,
    SIGNER,
    TEST_OID,
    certificate,
    ec_key,
    issued,
    payload,
    rsa_key,
    token,
)  # fmt: skip

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256's group
SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_STRANGE = "\0\t\n\x7fé٣🦠\ud800abcz,;_"
_SIGN1 = b"\xd2"

RSA_CERTIFICATE = certificate(rsa_key())
RSA_SIGNER = Signer.of_key(rsa_key(), RSA_CERTIFICATE)
_TESTS_ONLY = certificate(ec_key("tests"), usage=[TEST_OID])
_EXPIRED = certificate(ec_key("expired"), start=AT - 9 * DAY, end=AT - DAY)
_TRUSTED = (CERTIFICATE, RSA_CERTIFICATE, _TESTS_ONLY, _EXPIRED)
TRUST = Trust([TrustedKey.of_certificate(der) for der in _TRUSTED], as_of=AT)

_STRANGER = Signer.of_key(ec_key("stranger"), certificate(ec_key("stranger")))
# Who may not sign a vaccination: a stranger as himself, as the signer, as the RSA signer; a trusted laboratory; a key
# that was good until yesterday.
WRONG_SIGNERS = (
    _STRANGER,
    Signer(SIGNER.kid, "ES256", _STRANGER.sign),
    Signer(RSA_SIGNER.kid, "ES256", _STRANGER.sign),
    Signer(RSA_SIGNER.kid, "PS256", _STRANGER.sign),
    Signer.of_key(ec_key("tests"), _TESTS_ONLY),
    Signer.of_key(ec_key("expired"), _EXPIRED),
)


@dataclass(frozen=True)
class Genuine:
    """A valid certificate and its layers."""

    text: str
    protected: bytes
    payload: bytes
    signature: bytes

    @classmethod
    def of(cls, text: str) -> "Genuine":
        protected, _, signed, signature = cbor2.loads(zlib.decompress(base45.decode(text[4:]))).value
        return cls(text, protected, signed, signature)

    @cached_property
    def packed(self) -> bytes:
        return base45.decode(self.text[4:])

    @cached_property
    def content(self) -> bytes:
        return zlib.decompress(self.packed)

    @cached_property
    def content_items(self) -> list[Item]:
        return items(self.content)

    @cached_property
    def payload_items(self) -> list[Item]:
        return items(self.payload)

    @cached_property
    def protected_items(self) -> list[Item]:
        return items(self.protected)


def genuine() -> list[Genuine]:
    """Three kinds, two algorithms."""
    return [
        Genuine.of(issued()),
        Genuine.of(issued(payload("t"))),
        Genuine.of(issued(payload("r"))),
        Genuine.of(issued(signer=RSA_SIGNER)),
    ]


Mutator = Callable[[Random, Genuine], str]


def _packed(chance: Random, content: bytes) -> str:
    return "HC1:" + base45.encode(zlib.compress(content, chance.choice((0, 1, 1, 1, 6, 9))))


def _enveloped(
    chance: Random, protected: bytes, signed: bytes, signature: bytes, unprotected: bytes = b"\xa0"
) -> str:
    parts = text_of(protected) + unprotected + text_of(signed) + text_of(signature)
    return _packed(chance, _SIGN1 + b"\x84" + parts)


def text(chance: Random, of: Genuine) -> str:
    """Other, more, fewer symbols; another prefix; two symbols changed about; the half of another code."""
    whole, place = of.text, chance.randrange(len(of.text))
    symbol = chance.choice(SYMBOLS if chance.random() < 0.8 else _STRANGE)
    way = chance.randrange(8)
    if way < 2:
        return whole[:place] + symbol + whole[place + 1 :]
    if way == 2:
        return whole[:place] + symbol + whole[place:]
    if way == 3:
        return whole[:place] + whole[place + chance.choice((1, 2, 3, 6, 60)) :]
    if way == 4:
        return whole[:place] + whole[place : place + 2][::-1] + whole[place + 2 :]
    if way == 5:
        return whole[: place - place % 3 + 1] + ":::" + whole[place - place % 3 + 4 :]
    if way == 6:
        return chance.choice(("HC2:", "HC1", "hc1:", "", "HC1: ", "HC1:HC1:", " \n", "HC1:\0")) + whole[4:]
    return (
        whole[:place] + whole[place:].lower()
        if place % 2
        else whole + chance.choice((" ", "\n", "\0", "A", "HC1:"))
    )


def _damaged(chance: Random, content: bytes) -> bytes:
    """A bit, a byte, a few bytes more or fewer, a part twice, the end cut off."""
    place, way = chance.randrange(len(content)), chance.randrange(7)
    before, after = content[:place], content[place + 1 :]
    if way < 3:
        return before + bytes((content[place] ^ 1 << chance.randrange(8),)) + after
    if way == 3:
        return before + chance.randbytes(chance.choice((1, 1, 2, 9))) + content[place:]
    if way == 4:
        return before + content[place + chance.choice((1, 1, 2, 9)) :]
    if way == 5:
        return before + content[place : place + 9] + content[place:]
    return before + bytes((chance.choice((0, 1, 0x7F, 0x80, 0xFF)),)) + after


def deflated(chance: Random, of: Genuine) -> str:
    """The compressed bytes damaged."""
    return "HC1:" + base45.encode(_damaged(chance, of.packed))


def repacked(chance: Random, of: Genuine) -> str:
    """The same content compressed in other ways, half of them wrong."""
    level, window = chance.randrange(10), chance.choice((9, 12, 15, -15, 31))
    engine = zlib.compressobj(level, zlib.DEFLATED, window, chance.randrange(1, 10), chance.randrange(5))
    middle = chance.randrange(len(of.content))
    packed = engine.compress(of.content[:middle]) + engine.flush(
        chance.choice((zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH))
    )
    packed += engine.compress(of.content[middle:]) + engine.flush()
    way = chance.randrange(5)
    if way == 0:
        packed = packed[:-4] + zlib.adler32(_damaged(chance, of.content)).to_bytes(4, "big")
    elif way == 1:
        packed = packed[: -chance.randrange(1, 9)]
    elif way == 2:
        packed += chance.choice((b"\0", packed, zlib.compress(of.content)))
    return "HC1:" + base45.encode(packed)


def content(chance: Random, of: Genuine) -> str:
    """The envelope's bytes damaged."""
    return _packed(chance, _damaged(chance, of.content))


def structure(chance: Random, of: Genuine) -> str:
    """An item of the envelope altered: its kind, length, tag, place."""
    alter = swapped if chance.random() < 0.2 else altered_item
    return _packed(chance, alter(chance, of.content, of.content_items))


def payload_structure(chance: Random, of: Genuine) -> str:
    """An item of what is signed altered, under the signature of the original, or a wrong one."""
    alter = swapped if chance.random() < 0.2 else altered_item
    altered = alter(chance, of.payload, of.payload_items)
    return _signed_wrongly(chance, of, altered)


def header_structure(chance: Random, of: Genuine) -> str:
    protected = altered_item(chance, of.protected, of.protected_items)
    return _enveloped(chance, protected, of.payload, of.signature)


_ALGORITHMS = (
    None,
    0,
    -7,
    -37,
    -35,
    -36,
    -8,
    -257,
    -258,
    -259,
    -65535,
    1,
    4,
    5,
    6,
    7,
    True,
    -7.0,
    "ES256",
    b"\x26",
    [-7],
)


def header(chance: Random, of: Genuine) -> str:
    """Another algorithm, key number or critical label, in either header."""
    labels: dict[Any, Any] = {1: chance.choice(_ALGORITHMS), 4: chance.choice((_kid(chance), SIGNER.kid))}
    if chance.random() < 0.3:
        labels[chance.choice((2, 2, 3, 5, 33, "kid", -1))] = chance.choice(([1], [4], 0, b"", "x", None))
    for label in list(labels):
        if chance.random() < 0.2:
            del labels[label]
    outside = {4: _kid(chance), 1: -7} if chance.random() < 0.5 else {chance.randrange(9): _kid(chance)}
    encoded = cbor2.dumps(labels) if labels or chance.random() < 0.5 else b""
    if chance.random() < 0.3:
        encoded = of.protected
    signature = _mac(of) if labels.get(1) in (5, 4) else of.signature
    return _enveloped(chance, encoded, of.payload, signature, cbor2.dumps(outside))


def _kid(chance: Random) -> object:
    return chance.choice(
        (SIGNER.kid, RSA_SIGNER.kid, _STRANGER.kid, SIGNER.kid[:7], b"", bytes(8), "12345678", 7, None)
    )


_PUBLIC = KEY.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _mac(of: Genuine) -> bytes:
    """What is public as a secret: the classic confusion of algorithms."""
    return hmac.digest(_PUBLIC, cose.signed_bytes(of.protected, of.payload), "sha256")


def signature(chance: Random, of: Genuine) -> str:
    """A signature damaged, of another length or form, with numbers that the curve does not have; its mirror image."""
    half = len(of.signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (of.signature[:half], of.signature[half:]))
    edges = [0, 1, ORDER - 1, ORDER, ORDER + 1, 2**256 - 1]
    way = chance.randrange(6)
    if way < 2 or half != 32:
        altered = _damaged(chance, of.signature)
    elif way == 2:
        r, s = chance.choice(
            ((s, r), (ORDER - r, s), (ORDER - r, ORDER - s), (chance.choice(edges), s), (0, 0))
        )
        altered = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    elif way == 3:
        altered = of.signature[:32] + chance.choice((*edges, ORDER - s, s ^ 1)).to_bytes(32, "big")
    elif way == 4:
        altered = chance.choice((b"", bytes(64), chance.randbytes(64), of.signature * 2, of.signature[:32]))
    else:
        altered = cbor2.dumps([r % 2**64, s % 2**64]) + chance.choice((of.signature, b"\0"))
    return _enveloped(chance, of.protected, of.payload, altered)


def claims(chance: Random, of: Genuine) -> str:
    """Another issuer, expiry, moment of issue, or none, or of another kind."""
    others: tuple[Any, ...] = (
        None, 0, -1, ISSUED + 1, 2**40, 2.0**33, float("nan"), float("inf"), "VN", "XX", True, b"\0", [], {},
    )  # fmt: skip
    changed = {f"c{chance.choice((1, 4, 6, -260, 5, 7, 99))}": chance.choice(others)}
    return _signed_wrongly(chance, of, token(payload(chance.choice("vtr")), **changed))


def values(chance: Random, of: Genuine) -> str:
    """Another person, birth date, number of doses, product, day."""
    said = cbor2.loads(of.payload)
    person = said[-260][1]
    event = next(person[kind][0] for kind in "vtr" if kind in person)
    place: dict[str, Any] = chance.choice((person, person["nam"], event, event))
    name = chance.choice(list(place))
    old = place[name]
    place[name] = (
        old + 1 if isinstance(old, int) else _other_text(chance, old) if isinstance(old, str) else [old]
    )
    return _signed_wrongly(chance, of, cbor2.dumps(said))


def _other_text(chance: Random, old: str) -> str:
    return chance.choice((old + "A", old[:-1], "", " " + old, old[::-1] + "1", "A" * 81, "2026-01-01"))


def _signed_wrongly(chance: Random, of: Genuine, altered: bytes) -> str:
    if chance.random() < 0.5:
        return _enveloped(chance, of.protected, altered, of.signature)
    return forged(chance, altered)


def forged(chance: Random, content: bytes) -> str:
    """Signed by somebody who may not; a laboratory may sign a test, so it signs what it may not: a vaccination."""
    signer = chance.choice(WRONG_SIGNERS)
    if signer is WRONG_SIGNERS[4]:
        content = token(payload(dn=chance.randrange(1, 9)))
    protected = cose.protected_header(signer.algorithm, signer.kid)
    return _enveloped(chance, protected, content, signer.sign(cose.signed_bytes(protected, content)))


def transplant(chance: Random, of: Genuine) -> str:
    """The signature of one certificate under the content of another, or the content unsigned around it."""
    other = chance.choice(OTHERS)
    if chance.random() < 0.5:
        return _enveloped(chance, of.protected, other.payload, of.signature)
    return _enveloped(chance, other.protected, of.payload, other.signature)


OTHERS = [Genuine.of(issued(payload() | {"dob": f"19{year}-02-28"})) for year in range(60, 90)]

_ALL: tuple[Mutator, ...] = (
    text, deflated, repacked, content, structure, payload_structure, header_structure, header, signature, claims,
    values, transplant,
)  # fmt: skip
MUTATORS: Mapping[str, Mutator] = {alter.__name__: alter for alter in _ALL}
