"""What a verifier is told about a code: colour, words, and how old our lists are. Keeps and logs nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.conf import settings

from lachan.codecs.foreign import Anchors, Kind, Unpacked, unpack
from lachan.codecs.hcert import Trust, verify
from lachan.codecs.hcert.verdict import lists_count
from lachan.issuer.models import ListKind, Publication
from lachan.issuer.queries import foreign_lists, trusted
from lachan.issuer.queries import trust as read_trust

Level = Literal["valid", "unsure", "invalid"]

LONGEST_TEXT: Final = 20_000
"""A health card in several codes; more than any code of one kind, which lachan.codecs bounds by itself."""
NO_LIST_OF: Final = "kid-unknown"


@dataclass(frozen=True, slots=True)
class Judged:
    """`code` says why in the words of `lachan.issuer.words`; `found` is what could be read, trusted or not."""

    level: Level
    code: str
    found: Unpacked
    lists_as_of: datetime | None
    warnings: tuple[str, ...] = ()


class _Kept:
    """The trust of one edition of the lists: read once for all who ask, anew when a list or a key changes."""

    __slots__ = ("edition", "trust")

    def __init__(self) -> None:
        self.edition: tuple[object, ...] = ()
        self.trust = Trust(())


_kept = _Kept()


def trust(at: datetime) -> Trust:
    """Our keys and revocations as published, and those of other countries as loaded; three small queries, and large
    ones after a change."""
    last = (
        Publication.objects.filter(kind=ListKind.REVOKED)
        .order_by("-made_at")
        .values_list("pk", flat=True)
        .first()
    )
    edition = (
        last,
        *(key.pk for key in trusted(at)),
        "foreign",
        *foreign_lists().values_list("pk", flat=True),
    )
    if _kept.edition != edition:
        _kept.trust = read_trust(at)
        _kept.edition = edition
    return _kept.trust


def judge(texts: Sequence[str], *, trust: Trust, at: datetime, shown_at: datetime | None = None) -> Judged:
    """The verdict on what was pasted or read from one picture. Never raises.

    `at` is now: how old the lists are. `shown_at`: when the certificate was shown, where that was earlier.

    Several codes are one health card in parts, or one certificate beside codes of other things; two certificates
    are not judged: whose would the answer be?
    """
    anchors = Anchors(hcert=trust, as_of=trust.as_of)
    if not texts:
        return _no_code(trust)
    if len(texts) > 1 and all(text[:5].lower() == "shc:/" for text in texts):
        texts = ["\n".join(texts)]
    moment = shown_at or at
    read = [(text, unpack(text, anchors=anchors, at=moment)) for text in texts]
    known = [(text, found) for text, found in read if found.kind != Kind.UNKNOWN] or read[:1]
    if len(known) > 1:
        return Judged("unsure", "several-codes", _nothing("several-codes"), trust.as_of)
    [(text, found)] = known
    return _judged(text, found, trust, at, moment)


def _judged(text: str, found: Unpacked, trust: Trust, at: datetime, moment: datetime) -> Judged:
    level: Level = found.level(at)
    if found.code == NO_LIST_OF and not _is_listed(found, trust, at):
        level = "unsure"  # nobody keeps a list of all countries' signers
    code = "lists-old" if found.ok and level == "unsure" else found.code
    verdict = verify(text, trust=trust, at=moment) if found.kind == Kind.DCC else None
    if found.ok and verdict and verdict.key and verdict.key.lists and _says_ours(found):
        level, code = "invalid", "key-usage"  # a signer of another country does not speak for ours
    return Judged(level, code, found, found.lists_as_of or trust.as_of, verdict.warnings if verdict else ())


def reason(judged: Judged) -> str:
    """The code under which `lachan.issuer.words` has the reason."""
    foreign = judged.code == NO_LIST_OF and judged.level == "unsure"
    return f"{judged.code}-foreign" if foreign else judged.code


def _is_listed(found: Unpacked, trust: Trust, at: datetime) -> bool:
    """Whether who signs for the country is known here, by our own list or by one of it that is new enough."""
    countries = _countries(found)
    if not countries or settings.ISSUER_COUNTRY in countries:
        return True
    known = {key.country for key in trust.keys if key.lists and lists_count(key.lists.as_of, at)}
    return countries <= known


def _says_ours(found: Unpacked) -> bool:
    return settings.ISSUER_COUNTRY in _countries(found)


def _countries(found: Unpacked) -> set[str]:
    return {found.issuer, *(entry.country for entry in found.entries)} - {""}


def _no_code(trust: Trust) -> Judged:
    return Judged("unsure", "no-code", _nothing("no-code"), trust.as_of)


def _nothing(code: str) -> Unpacked:
    return Unpacked(Kind.UNKNOWN, code, "", "unchecked")
