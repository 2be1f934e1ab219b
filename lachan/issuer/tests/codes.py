"""Codes of every sort that a verifier meets, made by an office of the tests."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from lachan.codecs.hcert import Signer, encode
from lachan.issuer import commands, lists
from lachan.issuer.keys import NewKey
from lachan.issuer.models import Intent, Reason, SignerKey
from lachan.issuer.tests.conftest import AT, Office

DAY = timedelta(days=1)


def publish(office: Office, at: datetime = AT) -> None:
    """Lists of `at`, signed by a key for lists."""
    if not SignerKey.objects.filter(purpose="lists").exists():
        office.key_in_use(at, purpose="lists")
    lists.refresh(keyring=office.keyring, at=at)


def signed(
    certificate: Intent, signer: Signer, *, start: datetime, end: datetime, country: str = "VN"
) -> str:
    """The certificate's content, for another country or time, signed by whomever."""
    payload: dict[str, Any] = msgspec.json.decode(certificate.payload)
    payload[certificate.kind][0]["co"] = country
    return encode(payload, signer=signer, issuer=country, issued_at=start, expires_at=end)


def stranger() -> Signer:
    """A key that stands on no list."""
    private = NewKey.of_algorithm("ES256").private
    assert private is not None
    return Signer.of_key(private, b"a certificate that nobody has")


def every_sort(office: Office, at: datetime = AT) -> dict[str, str]:
    """Text by what is the matter with it at `at`, of which the lists are."""
    for_tests = office.key_in_use(at, uses=["t"])
    good, gone = office.issued(at=at), office.issued(at=at)
    commands.revoke_certificate(certificate=gone, reason=Reason.FRAUD, actor=office.operator, at=at)
    publish(office, at)
    own = office.keyring.signer(good.signature.key)
    now: dict[str, Any] = {"start": at - DAY, "end": at + DAY}
    return {
        "valid": good.signature.text,
        "revoked": gone.signature.text,
        "expired": signed(good, own, start=at - 2 * DAY, end=at - DAY),
        "not-yet-valid": signed(good, own, start=at + DAY, end=at + 2 * DAY),
        "key-usage": signed(good, office.keyring.signer(for_tests), **now),
        "kid-unknown": signed(good, stranger(), **now),
        "kid-unknown-foreign": signed(good, stranger(), country="FR", **now),
        "signature": good.signature.text[:-6] + "ABCDEF",
        "garbage": "xin chào",
    }
