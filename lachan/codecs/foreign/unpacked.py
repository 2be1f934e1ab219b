"""What every foreign certificate is read into, so that one page can show all kinds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, NoReturn

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert.verdict import lists_count

Signature = Literal["valid", "wrong", "unchecked", "unknown-issuer"]
Level = Literal["valid", "unsure", "invalid"]

_UNSURE: Final = frozenset({"unchecked", "unknown-issuer", "link", "vds-certificate"})

# Every outcome there is, in plain English; pages translate by code.
SENTENCES: Final[Mapping[str, str]] = {
    "valid": "The signature is right and the issuer is trusted.",
    "unchecked": "The signature of this format is not checked here: compare it with the paper original.",
    "unknown-issuer": "The issuer is not on the list of trusted keys, so the signature was not checked.",
    "link": "This is a link to health records that lie elsewhere. It is not opened here.",
    "signature": "The signature does not fit: this certificate was altered or forged.",
    "algorithm": "The certificate is signed in a way that this format does not allow.",
    "key-usage": "The key that signed may not sign health certificates.",
    "key-not-valid": "The key that signed is not valid at this time, or was taken back.",
    "revoked": "The issuer has taken the certificate back.",
    "not-yet-valid": "The certificate is not valid yet.",
    "expired": "The certificate has expired.",
    "length": "The text is longer than any code of this kind.",
    "broken": "The certificate cannot be read.",
    "unknown-kind": "This is no health certificate that is known here.",
    "json": "The content cannot be read.",
    "json-depth": "The content is nested more deeply than any certificate.",
    "json-duplicate": "The content names a field twice.",
    "json-number": "The content has a number that no certificate needs.",
    "json-text": "The content has characters that cannot be shown.",
    "shc-digits": "The digits of the health card are not complete.",
    "shc-parts": "The parts of the health card do not belong together.",
    "shc-parts-missing": "The health card has several codes: scan all of them.",
    "shc-several": "The file has several health cards: show one at a time.",
    "jws": "The health card is not of the form header, content, signature.",
    "jws-header": "The header of the health card is not as the standard asks.",
    "inflate": "The content cannot be unpacked.",
    "inflate-size": "The content grows beyond what any certificate needs.",
    "shc-issuer": "The health card does not name its issuer by a safe web address.",
    "shc-content": "The health card does not hold the records of exactly one person.",
    "divoc-base64": "The code is not of the form B64.",
    "divoc-zip": "The packed certificate cannot be opened.",
    "divoc-content": "The packed certificate does not say who was vaccinated or tested.",
    "vds-content": "The seal does not say whose it is and what it seals.",
    "vds-certificate": "The certificate inside the seal cannot be read, so the signature was not checked.",
    "link-content": "The link cannot be read.",
    "who-content": "The certificate does not say who was vaccinated or tested.",
}


class Kind(StrEnum):
    """The families of certificates that a border post meets."""

    DCC = "dcc"  # EU Digital COVID Certificate and the countries that adopted it
    DDCC = "ddcc"  # WHO Digital Documentation of COVID-19 Certificates
    ICVP = "icvp"  # WHO International Certificate of Vaccination or Prophylaxis
    HEALTH_LINK = "health-link"  # SMART or Verifiable Health Link
    SHC = "shc"  # SMART Health Card
    DIVOC = "divoc"
    VDS_NC = "vds-nc"  # ICAO Visible Digital Seal for non-constrained environments
    UNKNOWN = "unknown"


class About(StrEnum):
    """What an entry tells of; the letters of the EU certificate."""

    VACCINATION = "v"
    TEST = "t"
    RECOVERY = "r"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who it is about, as written. `birth_date` may be partial; `document` is a passport or identity number."""

    name: str = ""
    birth_date: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One dose, test or recovery, as written; what the certificate does not say is empty.

    `product` is the vaccine or the kind of test. `status` is set where the record says that it does not count
    (not-done, entered-in-error, preliminary). `code` is `system|code` of the product, for machines.
    """

    about: About
    disease: str = ""
    product: str = ""
    code: str = ""
    date: str = ""
    country: str = ""
    maker: str = ""
    lot: str = ""
    dose: str = ""
    result: str = ""
    place: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A certificate of any kind. Only `code == "valid"` is proven; everything else is a claim.

    `code` is a key of SENTENCES, or for `HC1:` texts a code of lachan.codecs.hcert. `raw` is the content as
    signed (personal data: for showing, never for logs).
    """

    kind: Kind
    code: str
    sentence: str
    signature: Signature
    holder: Holder = field(default=Holder(), repr=False)
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    issuer: str = ""
    number: str = field(default="", repr=False)
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    lists_as_of: datetime | None = None
    raw: Mapping[str, object] | None = field(default=None, repr=False, compare=False)

    @property
    def ok(self) -> bool:
        """Whether the signature is right, the issuer trusted and the time within its validity."""
        return self.code == "valid"

    def level(self, at: datetime) -> Level:
        """Return the colour of the answer: green only when proven with lists of the last 24 hours.

        Unknown signers are amber here, for nobody has a full list of health card issuers or passport
        authorities; of EU certificates there is one, so an unknown signer of those (`kid-unknown`) is red.
        """
        if not self.ok:
            return "unsure" if self.code in _UNSURE else "invalid"
        return "valid" if lists_count(self.lists_as_of, at) else "unsure"


def refuse(code: str) -> NoReturn:
    """Raise the FormatError of a code of SENTENCES."""
    raise FormatError(code, SENTENCES[code])


def require(holds: object, code: str) -> None:
    """Raise the FormatError of `code` unless `holds`."""
    if not holds:
        refuse(code)


def refused(kind: Kind, error: FormatError) -> Unpacked:
    """Return the answer for a text that could not be read."""
    return Unpacked(kind, error.code, error.message, "unchecked")


def outcome(signature: Signature, starts: datetime | None, ends: datetime | None, at: datetime) -> str:
    """Return the code of a certificate that could be read: forged before late, late before unknown."""
    if signature == "wrong":
        return "signature"
    if starts is not None and at < starts:
        return "not-yet-valid"
    if ends is not None and at >= ends:
        return "expired"
    return signature
