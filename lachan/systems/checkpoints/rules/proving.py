"""Whether a personal code proves whose it is, and what follows at a gate where it does not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lachan.codecs.errors import FormatError
from lachan.codecs.live_code import check_live_code
from lachan.codecs.person_qr import LivePersonCode, PersonCode, Recognised, SignedPersonCode, own_part
from lachan.codecs.signed_code import check_signed_code
from lachan.systems.checkpoints.rules.judging import Judgement
from lachan.systems.checkpoints.rules.marks import (
    ALREADY_HERE,
    CERTIFICATE_INVALID,
    CERTIFICATE_POSITIVE,
    CERTIFICATE_UNSURE,
    IMPOSSIBLE_TRAVEL,
    LIVE_CODE_EXPIRED,
    SIGNATURE_WRONG,
    UNSIGNED,
)

# The gravest first: its reason is the one that the guard reads.
DOUBTS: Final[Mapping[str, str]] = {
    SIGNATURE_WRONG: "signature-wrong",
    LIVE_CODE_EXPIRED: "live-code-expired",
    ALREADY_HERE: "already-here",
    CERTIFICATE_INVALID: "certificate-invalid",
    CERTIFICATE_POSITIVE: "certificate-positive",
    CERTIFICATE_UNSURE: "certificate-unsure",
}
DOUBTFUL: Final = (*DOUBTS, IMPOSSIBLE_TRAVEL)
_NOT_NOW: Final = ("live-late", "live-early")


@dataclass(frozen=True, slots=True)
class Proof:
    """`mark` is what speaks against the code; `nonce` is what a post takes once of a live code that holds."""

    mark: str | None = None
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Keys:
    """What codes are checked with; without a key of a sort, codes of that sort are as unsigned ones."""

    printed: Sequence[Ed25519PublicKey] = ()
    live: Sequence[bytes] = ()


def prove(text: str, read: Recognised, keys: Keys, at: datetime) -> Proof:
    """Check the code that was read at `at`, the moment as corrected. Cards and unknown codes prove nothing here."""
    if isinstance(read, SignedPersonCode) and keys.printed:
        return _prove_signed(own_part(text), keys)
    if isinstance(read, LivePersonCode) and keys.live:
        return _prove_live(own_part(text), keys, at)
    return Proof(UNSIGNED) if isinstance(read, PersonCode) else Proof()


def _prove_signed(text: str, keys: Keys) -> Proof:
    try:
        check_signed_code(text, keys.printed)
    except FormatError:
        return Proof(SIGNATURE_WRONG)
    return Proof()


def _prove_live(text: str, keys: Keys, at: datetime) -> Proof:
    try:
        return Proof(nonce=check_live_code(text, keys.live, at).nonce)
    except FormatError as error:
        return Proof(LIVE_CODE_EXPIRED if error.code in _NOT_NOW else SIGNATURE_WRONG)


def doubted(judgement: Judgement, marks: Collection[str]) -> Judgement:
    """At least "check" where the code is in doubt: what is known of its owner may not be known of who shows it."""
    reason = next((DOUBTS[mark] for mark in DOUBTS if mark in marks), None)
    if reason is None or judgement.verdict == "stop":
        return judgement
    return replace(judgement, verdict="check", reason=reason)
