"""Whose code was read: known persons by code or card, new ones registered from the card so that nobody is lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lachan.codecs.bhyt import InsuranceCard
from lachan.codecs.cccd import CitizenCard
from lachan.codecs.national_qr import NationalQr
from lachan.codecs.person_qr import PersonCode, Recognised, Unknown, VenueCode, recognise
from lachan.core.codes import new_code
from lachan.core.dates import BadDate, BirthDate
from lachan.core.eventlog import emit
from lachan.core.events import PersonRegistered
from lachan.core.models import Actor, Identifier, IdentifierKind, Person
from lachan.core.names import BadName, clean_name, search_key
from lachan.core.persons import Identity
from lachan.core.sealed import blind_index, seal
from lachan.systems.checkpoints.commands import certificates
from lachan.systems.checkpoints.commands.certificates import Shown
from lachan.systems.checkpoints.commands.locks import hold
from lachan.systems.checkpoints.models import Payload

Card = CitizenCard | InsuranceCard | NationalQr
Claim = tuple[str, str]
_SEXES = {"male": "m", "female": "f"}
LONGEST_ADDRESS = 300
SOCIAL_DIGITS = 10
NOTHING = Unknown("qr-empty")


@dataclass(frozen=True, slots=True)
class Whose:
    """What was read, as a sort of payload, and the person it names, if we know one."""

    payload: str
    person_id: int | None
    read: Recognised = NOTHING
    certificate: Shown | None = None


def whose(texts: Sequence[str], moments: Sequence[datetime], *, actor: Actor, at: datetime) -> list[Whose]:
    """For each text, in order, read at its moment. A constant number of queries, whatever the number of texts."""
    read = [recognise(text) for text in texts]
    shown = certificates.read(texts, moments, at=at)
    by_code = _by_code({r.code for r in read if isinstance(r, PersonCode)})
    by_card = _by_card([r for r in read if isinstance(r, Card) and _claims(r)], actor=actor, at=at)
    return [
        Whose(Payload.CERTIFICATE, certificate.person_id, certificate=certificate)
        if certificate
        else _whose(r, by_code, by_card)
        for r, certificate in zip(read, shown, strict=True)
    ]


def _whose(read: Recognised, by_code: Mapping[str, int], by_card: Mapping[Claim, int]) -> Whose:
    match read:
        case PersonCode(code):
            return Whose(Payload.PERSON_CODE, by_code.get(code), read)
        case CitizenCard():
            return Whose(Payload.CITIZEN_CARD, by_card.get(_claims(read)[0]))
        case InsuranceCard():
            return Whose(Payload.INSURANCE_CARD, by_card.get(_claims(read)[0]))
        case NationalQr():
            claims = _claims(read)
            return Whose(Payload.NATIONAL_QR, by_card.get(claims[0]) if claims else None)
        case VenueCode():
            return Whose(Payload.VENUE_CODE, None)
        case _:
            return Whose(Payload.UNKNOWN, None)


def _by_code(codes: set[str]) -> dict[str, int]:
    if not codes:
        return {}
    rows = Person.objects.filter(code__in=codes).values_list("code", "pk", "merged_into_id")
    return {code: root or pk for code, pk, root in rows}


def _claims(card: Card) -> list[Claim]:
    """The numbers on the card; the first is the one that names it. None where the only number is masked."""
    if isinstance(card, InsuranceCard):
        return _claims_of(IdentifierKind.HEALTH_INSURANCE.value, card.number)
    if isinstance(card, NationalQr):
        return [claim for kind, number in card.numbers for claim in _claims_of(kind, number)]
    old = [(IdentifierKind.OLD_ID.value, card.old_number)] if card.old_number else []
    return [(IdentifierKind.NATIONAL_ID.value, card.number), *old]


def _claims_of(kind: str, number: str) -> list[Claim]:
    """An insurance number claims as printed and by its last 10 digits, which stay when the card changes."""
    insured = kind == IdentifierKind.HEALTH_INSURANCE
    return [(kind, part) for part in dict.fromkeys([number, number[-SOCIAL_DIGITS:] if insured else number])]


def _by_card(cards: Sequence[Card], *, actor: Actor, at: datetime) -> dict[Claim, int]:
    """The person of each card; unknown cards are registered, each once, however many gates read it at once."""
    by_claim = {_claims(card)[0]: card for card in cards}
    found = _holders(by_claim)
    unknown = {claim: card for claim, card in by_claim.items() if claim not in found}
    if not unknown:
        return found
    hold(f"checkpoints.card:{blind_index(*claim).hex()}" for claim in unknown)
    found |= _holders(unknown)  # somebody else may have registered them while we waited
    new = {c: i for c, card in unknown.items() if c not in found and (i := _identity_of(card)) is not None}
    registered = register_claimed(list(new.values()), actor=actor, at=at)
    return found | dict(zip(new, registered, strict=True))


def _holders(by_claim: Mapping[Claim, Card]) -> dict[Claim, int]:
    """Who holds the number: verified, or claimed under the card's own name. A number that somebody of another name
    has claimed is not theirs to be seen under."""
    wanted = {c: blind_index(*c) for card in by_claim.values() for c in _claims(card)}
    if not wanted:
        return {}
    rows = Identifier.objects.filter(blind_index__in=list(wanted.values())).select_related("person")
    held: dict[tuple[str, bytes], list[Identifier]] = {}
    for row in sorted(rows, key=lambda i: (i.verified_at is None, i.pk)):
        held.setdefault((row.kind, bytes(row.blind_index)), []).append(row)
    found: dict[Claim, int] = {}
    for claim, card in by_claim.items():
        keys = [(own[0], wanted[own]) for own in _claims(card)]
        person = _fitting((i for key in keys for i in held.get(key, ())), card)
        if person is not None:
            found[claim] = person
    return found


def _fitting(held: Iterable[Identifier], card: Card) -> int | None:
    name = search_key(card.name)
    return next(
        (i.person.root_id for i in held if i.verified_at is not None or i.person.search_key == name), None
    )


def _identity_of(card: Card) -> Identity | None:
    """What the card says of its holder; None when its name cannot be one."""
    try:
        name = clean_name(card.name)
    except BadName:
        return None
    try:
        born = card.birth_date
        birth = BirthDate(born.year, born.month, born.day)
    except BadDate:
        birth = None
    return Identity(
        name=name, birth=birth, sex=_SEXES[card.sex] if card.sex else "", address=_address(card),
        identifiers=_one_of_each_kind(_claims(card)),
    )  # fmt: skip


def _address(card: Card) -> str:
    return "" if isinstance(card, NationalQr) else card.address[:LONGEST_ADDRESS]


def _one_of_each_kind(claims: Sequence[Claim]) -> dict[str, str]:
    """Of each kind the first: the number as printed."""
    return dict(reversed(claims))


def register_claimed(identities: Sequence[Identity], *, actor: Actor, at: datetime) -> list[int]:
    """New persons, in bulk; their ids in order. Names are clean already."""
    if not identities:
        return []
    people = Person.objects.bulk_create([_row(identity, at) for identity in identities])
    Identifier.objects.bulk_create(
        Identifier(
            person=person,
            kind=kind,
            blind_index=blind_index(kind, value),
            sealed=seal(kind, value),
            recorded_at=at,
        )
        for person, identity in zip(people, identities, strict=True)
        for kind, value in (identity.identifiers or {}).items()
    )
    emit([PersonRegistered(person_id=p.pk, happened_at=at) for p in people], actor=actor)
    return [p.pk for p in people]


def _row(identity: Identity, at: datetime) -> Person:
    year, month, day = (
        (birth.year, birth.month, birth.day) if (birth := identity.birth) else (None, None, None)
    )
    return Person(
        code=new_code(), name=identity.name, search_key=search_key(identity.name), sex=identity.sex,
        address=identity.address, home_area=identity.home_area, registered_at=at, birth_year=year, birth_month=month,
        birth_day=day,
    )  # fmt: skip
