"""From a scanned text to a verdict."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import base45, claims, cose, schema, text
from lachan.codecs.hcert.certificate import Certificate, certificate_of
from lachan.codecs.hcert.keys import Revoked, TrustedKey
from lachan.codecs.hcert.trust import Trust
from lachan.codecs.hcert.verdict import STEPS, Verdict

_VALID: Final = "The certificate is valid."
FEW: Final = 32  # what the processor's caches hold of each step


class _Case:
    """A text on its way to its verdict; `code` is None while nothing is wrong."""

    __slots__ = (
        "certificate", "code", "content", "envelope", "given", "key", "said", "sentence", "symbols", "warnings",
    )  # fmt: skip

    symbols: str
    envelope: cose.Envelope

    def __init__(self, given: str | bytes) -> None:
        self.given = given
        self.code: str | None = None
        self.sentence = _VALID
        self.content: bytes | None = None
        self.said: claims.Claims | None = None
        self.certificate: Certificate | None = None
        self.key: TrustedKey | None = None
        self.warnings: tuple[str, ...] = ()


def verify(given: str | bytes, *, trust: Trust, at: datetime) -> Verdict:
    """Judge a scanned text. Never raises, whatever is given; bounded in time and memory (4,296 characters, 64 kB).

    The steps, in order: text, Base45, zlib, COSE, claims, the signer's key and signature, the periods of the claims
    and of the key, the key's use, the schema and its value sets, revocation. The first that fails names the verdict.
    """
    [verdict] = _verify_few([given], trust, at)
    return verdict


def verify_many(given: Iterable[str | bytes], *, trust: Trust, at: datetime) -> Iterator[Verdict]:
    """Yield for each text, in order, what `verify` returns.

    A few at a time and step by step, which is a fifth faster: each step finds its code in the processor's cache.
    """
    waiting = iter(given)
    while few := list(islice(waiting, FEW)):
        yield from _verify_few(few, trust, at)


def _verify_few(few: list[str | bytes], trust: Trust, at: datetime) -> list[Verdict]:
    cases = [_Case(given) for given in few]
    _each(cases, _unprefix)
    _decode_together(cases)
    _each(cases, _open)
    _each(cases, lambda case: _know_signer(case, trust))
    _each(cases, lambda case: _require(case, trust, at))
    return [_verdict(case, trust) for case in cases]


def _each(cases: list[_Case], step: Callable[[_Case], None]) -> None:
    for case in cases:
        if case.code is None:
            try:
                step(case)
            except FormatError as error:
                case.code, case.sentence = error.code, error.message
            except Exception:  # the promise of `verify`; a test looks for it under mutation
                case.code, case.sentence = "broken", "The text cannot be read."


def _unprefix(case: _Case) -> None:
    case.symbols = text.unprefix(text.as_text(case.given))


def _decode_together(cases: list[_Case]) -> None:
    """Where one is not Base45, each is decoded by itself."""
    sound = [case for case in cases if case.code is None]
    if len(sound) > 1:
        with suppress(Exception):
            contents = base45.decode_many([case.symbols for case in sound])
            for case, content in zip(sound, contents, strict=True):
                case.content = content


def _open(case: _Case) -> None:
    content = base45.decode(case.symbols) if case.content is None else case.content
    case.envelope = cose.read(text.inflate(content))
    case.said = claims.read(case.envelope.payload)
    case.certificate = certificate_of(case.said.payload)


def _know_signer(case: _Case, trust: Trust) -> None:
    case.key = _signer(case.envelope, trust)


def _require(case: _Case, trust: Trust, at: datetime) -> None:
    said, key, certificate = case.said, case.key, case.certificate
    if said is None or key is None:
        raise TypeError
    _require_time(said, key, at if at.tzinfo else at.replace(tzinfo=UTC))
    case.warnings = _require_content(said, certificate, key)
    _require_unrevoked(certificate, case.envelope, trust.lists_of(key).revoked)


def _require_time(said: claims.Claims, key: TrustedKey, at: datetime) -> None:
    claims.require_time(said, at.timestamp())
    if not key.not_before <= at <= key.not_after:
        raise FormatError("key-not-valid", "The signer's certificate is not valid at this time.")


def _require_content(
    said: claims.Claims, certificate: Certificate | None, key: TrustedKey
) -> tuple[str, ...]:
    if certificate is None:
        raise FormatError("schema", "The certificate attests no vaccination, test or recovery.")
    if certificate.kind not in key.uses:
        raise FormatError("key-usage", "The signer may not sign this kind of certificate.")
    return schema.check(certificate.payload, issued=said.issued)


def _require_unrevoked(
    certificate: Certificate | None, envelope: cose.Envelope, revoked: Revoked | None
) -> None:
    if revoked is None or certificate is None:
        return
    if revoked.holds(certificate.certificate_id, envelope.signature):
        raise FormatError("revoked", "The certificate has been revoked.")


def open_text(given: str | bytes) -> cose.Envelope:
    """Return the envelope in a scanned text. Raises FormatError: length, prefix, base45, inflate, cbor, cose."""
    return cose.read(text.inflate(base45.decode(text.unprefix(text.as_text(given)))))


def _signer(envelope: cose.Envelope, trust: Trust) -> TrustedKey:
    if envelope.algorithm is None:
        raise FormatError("algorithm", "The signature's algorithm is neither ES256 nor PS256.")
    if envelope.kid is None:
        raise FormatError("kid-unknown", "The certificate does not name its signer.")
    message = cose.signed_bytes(envelope.protected, envelope.payload)
    return trust.signer(envelope.algorithm, envelope.kid, message, envelope.signature)


def _verdict(case: _Case, trust: Trust) -> Verdict:
    code, said = case.code or "valid", case.said
    if said is None:
        return Verdict(code, STEPS[code], case.sentence, lists_as_of=trust.as_of)
    issued, expires = claims.moment(said.issued), claims.moment(said.expires)
    step = STEPS.get(code, "revocation")  # a list may refuse in words of its own
    as_of = trust.lists_of(case.key).as_of
    return Verdict(
        code,
        step,
        case.sentence,
        case.certificate,
        said.issuer,
        issued,
        expires,
        case.key,
        as_of,
        case.warnings,
    )
