from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.foreign import About, Anchors, Entry, Holder, Kind, unpack
from lachan.codecs.foreign.tests.making import (
    ANCHORS,
    AT,
    DOSE,
    ISSUER,
    KEY,
    NOBODY,
    OTHER_KEY,
    PATIENT,
    TEST,
    b64,
    card,
    chunks,
    claims,
    deflated,
    digits,
    jwk,
    minified,
    sign,
)


def code_of(text: str, anchors: Anchors = ANCHORS) -> str:
    return unpack(text, anchors=anchors, at=AT).code


def test_a_card_of_a_trusted_issuer_is_valid_and_says_who_and_what() -> None:
    read = unpack("shc:/" + digits(card(claims(PATIENT, DOSE, TEST))), anchors=ANCHORS, at=AT)
    assert (read.kind, read.code, read.signature, read.ok) == (Kind.SHC, "valid", "valid", True)
    assert read.holder == Holder("Thị Hoa Nguyễn", "1990-05")
    assert read.issuer == ISSUER
    assert read.issued_at == AT - timedelta(hours=1)
    dose, test = read.entries
    assert dose == Entry(
        About.VACCINATION,
        disease="COVID-19",
        product="Pfizer-BioNTech COVID-19 (CVX 208)",
        code="http://hl7.org/fhir/sid/cvx|208",
        date="2021-01-29",
        lot="0000008",
        place="Bệnh viện Bạch Mai",
    )
    assert (test.about, test.result, test.place) == (
        About.TEST,
        "Detected (SNOMED CT 260373001)",
        "ABC General Hospital",
    )


@pytest.mark.parametrize(
    "text",
    [
        card(),
        "\ufeff" + card(),
        "shc:/" + digits(card()),
        "SHC:/" + digits(card()) + "\r\n",
        " ".join(chunks(card(), 3)),
        "\n".join(reversed(chunks(card(), 3))),
        "\n".join(chunks(card(), 2) * 2),
        minified({"verifiableCredential": [card()]}).decode(),
        card(deflated(b"\xef\xbb\xbf" + minified(claims()))),
        card(deflated(minified(claims())) + b"\0" * 8),
    ],
    ids=[
        "jws",
        "bom",
        "digits",
        "upper",
        "parts",
        "any order",
        "twice",
        "file",
        "bom inside",
        "gzip trailer",
    ],
)
def test_every_way_to_write_a_card_is_read(text: str) -> None:
    assert code_of(text) == "valid"


@pytest.mark.parametrize("anchors", [NOBODY, Anchors.of(jwks={ISSUER: {"keys": [jwk(KEY, "key-2")]}})])
def test_a_card_of_an_unknown_key_is_read_and_said_to_be_unproven(anchors: Anchors) -> None:
    read = unpack(card(), anchors=anchors, at=AT)
    assert (read.code, read.signature, read.level(AT)) == ("unknown-issuer", "unknown-issuer", "unsure")
    assert read.holder.name


def test_a_forged_card_is_wrong_whoever_it_names() -> None:
    forged = unpack(card(key=OTHER_KEY), anchors=ANCHORS, at=AT)
    assert (forged.code, forged.signature, forged.level(AT)) == ("signature", "wrong", "invalid")


def test_a_forged_card_is_called_forged_even_when_expired() -> None:
    assert code_of(card(claims(exp=1), key=OTHER_KEY)) == "signature"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384", "RS256", "es256", None])
def test_only_es256_is_an_algorithm(algorithm: str | None) -> None:
    assert code_of(card(alg=algorithm)) == "algorithm"


def test_a_key_of_another_curve_or_use_is_no_key_of_cards() -> None:
    encryption = jwk(KEY) | {"use": "enc"}
    off_curve = jwk(KEY) | {"x": b64(b"\1" * 32)}
    other_curve = jwk(KEY) | {"crv": "P-384"}
    for bad in (encryption, off_curve, other_curve, {}, {"kid": "key-1"}, jwk(KEY) | {"x": 7}):
        assert code_of(card(), Anchors.of(jwks={ISSUER: {"keys": [bad]}})) == "unknown-issuer"


def test_a_signature_of_another_length_never_fits() -> None:
    head, body, _ = card().split(".")
    longer = b64(sign(f"{head}.{body}".encode()) + b"\0")
    assert code_of(f"{head}.{body}.{longer}") == "signature"
    assert code_of(f"{head}.{body}.{b64(bytes(64))}") == "signature"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"nbf": AT.timestamp() + 1}, "not-yet-valid"),
        ({"nbf": AT.timestamp()}, "valid"),
        ({"exp": AT.timestamp()}, "expired"),
        ({"exp": AT.timestamp() + 1}, "valid"),
        ({"nbf": None}, "shc-content"),
        ({"nbf": "now"}, "shc-content"),
        ({"nbf": True}, "shc-content"),
        ({"nbf": 10**14}, "shc-content"),
        ({"exp": "never"}, "shc-content"),
        ({"iss": "http://cards.example.org"}, "shc-issuer"),
        ({"iss": "https://cards.example.org/?a=b"}, "shc-issuer"),
        ({"iss": "https://user@evil.example"}, "shc-issuer"),
        ({"iss": None}, "shc-issuer"),
        ({"vc": {}}, "shc-content"),
        ({"vc": {"type": ["other"]}}, "shc-content"),
    ],
)
def test_claims_are_checked(changed: dict[str, Any], code: str) -> None:
    assert code_of(card(claims(**changed))) == code


@pytest.mark.parametrize("resources", [(DOSE,), (PATIENT, PATIENT, DOSE), (PATIENT | {"name": []}, DOSE)])
def test_a_card_is_about_exactly_one_named_person(resources: tuple[dict[str, Any], ...]) -> None:
    assert code_of(card(claims(*resources))) == "shc-content"


def test_a_dose_that_was_not_given_says_so() -> None:
    read = unpack(card(claims(PATIENT, DOSE | {"status": "not-done"})), anchors=ANCHORS, at=AT)
    assert [entry.status for entry in read.entries] == ["not-done"]


def test_a_missing_part_is_asked_for() -> None:
    first, second, _ = chunks(card(), 3)
    assert code_of(first) == "shc-parts-missing"
    assert code_of(f"{first} {second}") == "shc-parts-missing"


def test_parts_of_two_cards_are_not_mixed() -> None:
    here, there = chunks(card(), 2), chunks(card(claims(exp=1)), 3)
    assert code_of(f"{here[0]} {there[1]}") == "shc-parts"
    assert code_of(f"{here[0]} {here[1]} {chunks(card(claims(exp=1)), 2)[1]}") == "shc-parts"
    assert code_of(here[0].replace("/1/2/", "/0/2/")) == "shc-parts"
    assert code_of(f"{here[0]} shc:/{digits(card())}") == "shc-parts"


def test_a_bomb_is_refused_before_it_grows() -> None:
    bomb = deflated(b" " * 20_000_000)
    assert len(bomb) < 20_000
    assert code_of(card(bomb[:10_000])) == "inflate-size"


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
        lambda t: t not in {"-", "NA"}
    ),
    st.dates().map(str),
    st.integers(1, 4),
)
def test_what_an_issuer_writes_is_what_is_shown(name: str, day: str, parts: int) -> None:
    person = PATIENT | {"name": [{"family": name}], "birthDate": day}
    texts = chunks(card(claims(person, DOSE | {"occurrenceDateTime": day})), parts)
    text = " ".join(texts) if len(texts) > 1 else texts[0].replace("/1/1/", "/")
    read = unpack(text, anchors=ANCHORS, at=AT)
    assert (read.code, read.holder, read.entries[0].date) == ("valid", Holder(name, day), day)


def test_a_key_off_the_list_of_another_issuer_does_not_count() -> None:
    stranger = Anchors.of(jwks={"https://other.example.org": {"keys": [jwk(KEY)]}})
    assert code_of(card(), stranger) == "unknown-issuer"


def test_anchors_hold_p256_keys_only() -> None:
    anchors = Anchors.of(jwks={ISSUER: {"keys": [jwk(KEY), {"kty": "RSA", "kid": "rsa"}, "no key"]}})
    (key,) = anchors.health_cards[ISSUER].values()
    assert isinstance(key.curve, ec.SECP256R1)


def revoking(*rids: object, kid: str = "key-1", issuer: str = ISSUER) -> Anchors:
    crl = {"kid": kid, "method": "rid", "ctr": 1, "rids": list(rids)}
    return Anchors.of(jwks={ISSUER: {"keys": [jwk(KEY)]}}, card_crls={issuer: [crl]})


def test_a_card_that_its_issuer_took_back_is_revoked() -> None:
    said = claims()
    mine = card(said | {"vc": said["vc"] | {"rid": "AQPCj4wwk6Mt"}})
    issued = int(said["nbf"])
    assert code_of(mine) == "valid"
    assert code_of(mine, revoking("other", "AQPCj4wwk6Mt")) == "revoked"
    assert code_of(mine, revoking(f"AQPCj4wwk6Mt.{issued + 1}")) == "revoked"
    assert code_of(mine, revoking(f"AQPCj4wwk6Mt.{issued}")) == "valid"
    assert code_of(mine, revoking("AQPCj4wwk6Mt", f"AQPCj4wwk6Mt.{issued}")) == "revoked"
    assert code_of(mine, revoking("AQPCj4wwk6Mt.99999999999999999999")) == "revoked"
    assert code_of(mine, revoking("AQPCj4wwk6Mt", kid="key-2")) == "valid"
    assert code_of(mine, revoking("AQPCj4wwk6Mt", issuer="https://other.example.org")) == "valid"
    assert code_of(card(), revoking("AQPCj4wwk6Mt", 7, None)) == "valid"


def test_a_revocation_list_without_rids_takes_nothing_back() -> None:
    anchors = Anchors.of(jwks={ISSUER: {"keys": [jwk(KEY)]}}, card_crls={ISSUER: [{}, {"rids": "all"}]})
    assert code_of(card(), anchors) == "valid"


@pytest.mark.parametrize(
    "text", ["shc:/", "shc:/abc", "shc:/1/2/56 more", "shc:/1/2/56 shc:/2/2/5x", "shc:/1/56"]
)
def test_what_is_not_all_digits_is_refused(text: str) -> None:
    assert code_of(text) == "shc-digits"


def test_content_that_is_cut_off_or_followed_by_more_than_a_trailer_is_refused() -> None:
    packed = deflated(minified(claims()))
    assert code_of(card(packed[:-4])) == "inflate"
    assert code_of(card(packed + b"\0" * 9)) == "inflate"


def test_a_credential_of_another_type_is_no_health_card() -> None:
    said = claims()
    for kinds in (["https://example.org#other"], "https://smarthealth.cards#health-card", None):
        assert code_of(card(said | {"vc": said["vc"] | {"type": kinds}})) == "shc-content"
