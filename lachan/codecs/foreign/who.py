"""WHO's certificates inside a CBOR web token: DDCC core data sets, ICVP and its forerunner DVC, health links.

Sub-keys of `hcert` (claim -260): 3 DDCC vaccination, 4 DDCC test result, 5 health link, -6 DVC or ICVP. The first
drafts of DDCC put the core data set straight into the token, flat. Sources: hcert.fsh of
WorldHealthOrganization/smart-trust; CWTPayload.kt, WhoModel.kt, DdccCoreDataSet*.kt and DvcHCertPayloadModel.kt of
WorldHealthOrganization/gdhcn-validator and its unpacked samples; DVCMin (n, dob, s, nt, id, dt, gn, vx, v) and
ICVPMin of WorldHealthOrganization/smart-icvp, which renamed ntl, nid and `v` of the samples.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from lachan.codecs.foreign import moments
from lachan.codecs.foreign.health_links import open_link, read_payload
from lachan.codecs.foreign.shown import coding, joined, named, shown
from lachan.codecs.foreign.strict_json import at_path, rows, table
from lachan.codecs.foreign.unpacked import (
    SENTENCES,
    About,
    Entry,
    Holder,
    Kind,
    Signature,
    Unpacked,
    outcome,
    require,
)

HCERT: Final = -260
ISSUER, EXPIRES, STARTS, ISSUED = 1, 4, 5, 6  # claims of RFC 8392
VACCINATIONS, TESTS, LINK, DVC = 3, 4, 5, -6

Claims = Mapping[object, object]


def is_who(claims: Claims) -> bool:
    """Whether a token holds what this module reads."""
    sub = claims.get(HCERT)
    if isinstance(sub, dict):
        return any(key in sub for key in (VACCINATIONS, TESTS, LINK, DVC))
    return "name" in claims


def read_claims(claims: Claims, signature: Signature, at: datetime, lists_as_of: datetime | None) -> Unpacked:
    """Read a token whose signature the caller has judged. Raises FormatError: who-content, link-content."""
    sub = claims.get(HCERT)
    parts: Claims = sub if isinstance(sub, dict) else {VACCINATIONS: dict(claims)}
    if LINK in parts:
        return _link(parts[LINK], signature)
    kind = Kind.ICVP if DVC in parts else Kind.DDCC
    cards = [_dvc(card) for card in rows(parts.get(DVC))]
    cards += [_core(card) for key in (VACCINATIONS, TESTS) for card in rows(parts.get(key))]
    require(len({holder for holder, _, _ in cards}) == 1, "who-content")
    holder, _, validity = cards[0]
    require(holder.name, "who-content")
    issued_at = moments.of_seconds(claims.get(ISSUED))
    starts = _latest(issued_at, moments.of_seconds(claims.get(STARTS)), moments.of_text(validity[0]))
    ends = _earliest(moments.of_seconds(claims.get(EXPIRES)), moments.end_of_day(validity[1]))
    code = outcome(signature, starts, ends, at)
    return Unpacked(
        kind,
        code,
        SENTENCES[code],
        signature,
        holder,
        tuple(entry for _, entry, _ in cards),
        issuer=shown(claims.get(ISSUER)),
        number=_number(parts),
        issued_at=issued_at,
        expires_at=ends,
        lists_as_of=lists_as_of,
        raw={str(name): value for name, value in claims.items()},
    )


Card = tuple[Holder, Entry, tuple[object, object]]


def _dvc(card: dict[str, object]) -> Card:
    dose = table(card.get("vx")) or table(card.get("v"))
    holder = Holder(
        shown(card.get("n")), shown(card.get("dob")), shown(card.get("nid")) or shown(card.get("id"))
    )
    entry = Entry(
        About.VACCINATION,
        disease=named(dose.get("tg")),
        product=named(dose.get("vp")),
        code=shown(dose.get("vp")),
        date=shown(dose.get("dt")) or shown(dose.get("dv")),
        maker=shown(dose.get("ma")) or shown(dose.get("mid")),
        lot=shown(dose.get("bo")),
        dose=shown(dose.get("dn")),
        place=shown(dose.get("is")) or shown(dose.get("cn")),
    )
    require(dose, "who-content")
    return holder, entry, (dose.get("vls"), dose.get("vle"))


def _core(card: dict[str, object]) -> Card:
    """Read a DDCC core data set, nested as in the guide or flat as in the drafts."""
    certificate = table(card.get("certificate"))
    identifier = shown(card.get("identifier")) or shown(at_path(card, "identifier", "value"))
    holder = Holder(shown(card.get("name")), shown(card.get("birthDate")), identifier)
    test, dose = table(card.get("test")), table(card.get("vaccination"))
    entry = _test(test) if test else _vaccination(dose or card)
    validity = (
        card.get("valid_from") or at_path(certificate, "period", "start"),
        card.get("valid_until") or at_path(certificate, "period", "end"),
    )
    return holder, entry, validity


def _vaccination(dose: dict[str, object]) -> Entry:
    product, code = coding(dose.get("vaccine"))
    require(product, "who-content")
    total = shown(dose.get("total_doses")) or shown(dose.get("totalDoses"))
    brand, holder_of_licence = coding(dose.get("brand"))[0], dose.get("ma_holder") or dose.get("maholder")
    return Entry(
        About.VACCINATION,
        disease=coding(dose.get("disease"))[0],
        product=joined([product, brand], ", "),
        code=code,
        date=shown(dose.get("date")),
        country=_bare(dose.get("country")),
        maker=coding(dose.get("manufacturer"))[0] or coding(holder_of_licence)[0],
        lot=shown(dose.get("lot")),
        dose=joined([shown(dose.get("dose")), total], "/"),
        place=shown(dose.get("centre")),
    )


def _test(test: dict[str, object]) -> Entry:
    product, code = coding(test.get("type"))
    return Entry(
        About.TEST,
        disease=coding(test.get("pathogen"))[0],
        product=product,
        code=code,
        date=shown(test.get("date")),
        country=_bare(test.get("country")),
        maker=coding(test.get("manufacturer"))[0],
        result=coding(test.get("result"))[0],
        place=shown(test.get("centre")),
    )


def _bare(country: object) -> str:
    return shown(country) or shown(at_path(country, "code"))


def _number(parts: Claims) -> str:
    """The health certificate identifier of the first DDCC core data set."""
    cards = [card for key in (VACCINATIONS, TESTS) for card in rows(parts.get(key))]
    hcid = cards[0].get("hcid") or at_path(cards[0], "certificate", "hcid") if cards else None
    return shown(hcid) or shown(at_path(hcid, "value"))


def _link(value: object, signature: Signature) -> Unpacked:
    """A link is a text, an object with the text in `u`, or since 2026 the opened payload itself."""
    found = value[0] if isinstance(value, list) and value else value
    text = found if isinstance(found, str) else at_path(found, "u")
    payload = open_link(text) if isinstance(text, str) else table(found)
    return read_payload(payload, signature)


def _latest(*moments_: datetime | None) -> datetime | None:
    return max((moment for moment in moments_ if moment is not None), default=None)


def _earliest(*moments_: datetime | None) -> datetime | None:
    return min((moment for moment in moments_ if moment is not None), default=None)
