from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.foreign import About, Anchors, Entry, Holder, Kind, unpack
from lachan.codecs.foreign.tests.making import (
    ANCHORS,
    AT,
    CSCA,
    CSCA_KEY,
    KEY,
    MESSAGE,
    NOBODY,
    OTHER_KEY,
    SIGNER,
    TESTED,
    b64,
    certificate,
    crl,
    der,
    seal,
    sealed,
    sign,
    with_null,
)
from lachan.codecs.foreign.vds_nc import canonical


def code_of(text: str, anchors: Anchors = ANCHORS) -> str:
    return unpack(text, anchors=anchors, at=AT).code


def test_a_seal_under_a_trusted_authority_is_valid_and_says_who_and_what() -> None:
    read = unpack(seal(), anchors=ANCHORS, at=AT)
    assert (read.kind, read.code, read.signature) == (Kind.VDS_NC, "valid", "valid")
    assert read.level(AT) == "valid"
    assert read.holder == Holder("Smith Bill", "1990-01-02", "A1234567Z")
    assert (read.issuer, read.number) == ("UTO", "U32870")
    assert len(read.entries) == 2
    assert read.entries[0] == Entry(
        About.VACCINATION,
        disease="COVID-19",
        product="Comirnaty",
        code="ICD-11|XM68M6",
        date="2021-03-03",
        country="UTO",
        lot="VC35679",
        dose="1",
        place="RIVM",
    )


@pytest.mark.parametrize("number", ["utci", "ucti"])
def test_a_test_is_read_under_both_spellings_of_its_number(number: str) -> None:
    message = {number if name == "utci" else name: value for name, value in TESTED.items()}
    read = unpack(seal(sealed(message, kind="icao.test")), anchors=ANCHORS, at=AT)
    assert (read.code, read.number, read.holder.document) == ("valid", "U01932", "E1234567P")
    assert read.entries == (
        Entry(
            About.TEST,
            product="molecular(PCR)",
            date="2020-12-12T12:00:00+08:00",
            country="UTO",
            result="negative",
            place="General Hospital",
        ),
    )


def test_order_and_white_space_do_not_matter_to_the_signature() -> None:
    spread = seal().replace('","', '",\n  "').replace('":', '" : ')
    assert code_of(spread) == "valid"


def test_an_altered_seal_is_wrong() -> None:
    altered = unpack(seal().replace("Smith Bill", "Smith Bull"), anchors=ANCHORS, at=AT)
    assert (altered.code, altered.signature) == ("signature", "wrong")
    assert code_of(seal(key=OTHER_KEY)) == "signature"
    assert code_of(seal(sigvl=b64(bytes(63)))) == "signature"


def test_a_certificate_that_nobody_trusts_proves_nothing() -> None:
    self_made = certificate("CSCA", KEY, "CSCA", KEY)
    same_name = certificate("Signer", KEY, "CSCA", OTHER_KEY)
    for signer in (self_made, same_name):
        assert code_of(seal(signer=signer)) == "unknown-issuer"
    assert code_of(seal(), NOBODY) == "unknown-issuer"


def test_a_trusted_authority_is_found_among_several() -> None:
    other = certificate("Other", OTHER_KEY, "Other", OTHER_KEY, authority=True)
    assert code_of(seal(), Anchors.of(csca=[der(other), der(CSCA)])) == "valid"


def test_a_signer_of_passports_may_not_sign_health() -> None:
    for use in (None, CSCA.signature_algorithm_oid):
        assert code_of(seal(signer=certificate("Signer", KEY, "CSCA", CSCA_KEY, use=use))) == "key-usage"


def test_a_signer_counts_only_within_its_time() -> None:
    for starts in (AT - timedelta(days=4000), AT + timedelta(seconds=1)):
        signer = certificate("Signer", KEY, "CSCA", CSCA_KEY, starts=starts)
        assert code_of(seal(signer=signer)) == "key-not-valid"
    for starts in (AT, AT - timedelta(days=3650)):
        assert code_of(seal(signer=certificate("Signer", KEY, "CSCA", CSCA_KEY, starts=starts))) == "valid"


@pytest.mark.parametrize(("algorithm", "curve"), [("ES384", ec.SECP384R1()), ("ES512", ec.SECP521R1())])
def test_longer_curves_are_checked_with_their_own_hash(algorithm: str, curve: ec.EllipticCurve) -> None:
    key = ec.derive_private_key(0xABCDEF, curve)
    signer = certificate("Signer", key, "CSCA", CSCA_KEY)
    assert code_of(seal(signer=signer, key=key, alg=algorithm)) == "valid"
    assert code_of(seal(signer=signer, key=key, alg="ES256")) == "signature"


@pytest.mark.parametrize("algorithm", ["none", "RS256", "HS256", "", None, 5, ["ES256"]])
def test_other_algorithms_are_refused(algorithm: object) -> None:
    assert code_of(seal(alg=algorithm)) == "algorithm"


def test_a_certificate_that_cannot_be_read_leaves_the_seal_unchecked() -> None:
    read = unpack(seal(cer=b64(b"0\x03\x02\x01\x05")), anchors=ANCHORS, at=AT)
    assert (read.code, read.signature, read.level(AT)) == ("vds-certificate", "unchecked", "unsure")
    assert read.holder.name == "Smith Bill"


@pytest.mark.parametrize(
    "text",
    [
        seal(cer=7),
        seal(cer="!"),
        seal(sigvl=None),
        seal(sigvl="*"),
        seal(sealed({})),
        seal(sealed(MESSAGE, kind="icao.visa")),
        seal(sealed(MESSAGE | {"ve": []})),
        seal(sealed(MESSAGE | {"pid": {"sex": "M"}})),
        '{"data":[],"sig":0}',
    ],
)
def test_a_seal_without_its_parts_is_refused(text: str) -> None:
    assert code_of(text) == "vds-content"


def test_fractions_have_no_canonical_form_here() -> None:
    assert code_of(seal(sealed(MESSAGE | {"extra": 1.5}))) == "json-number"


def test_keys_are_sorted_by_utf_16_as_rfc_8785_has_it() -> None:
    """The example of section 3.2.3, and an escape of each kind."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    assert canonical(dict.fromkeys(names, 0)) == '{"\\r":0,"1":0,"\u0080":0,"ö":0,"€":0,"😀":0,"\ufb33":0}'
    assert canonical('\b\f\n\r\t"\\\u001f/é') == '"\\b\\f\\n\\r\\t\\"\\\\\\u001f/é"'
    assert canonical([True, None, -5, []]) == "[true,null,-5,[]]"


def test_only_authorities_are_anchors() -> None:
    bare = certificate("CSCA", CSCA_KEY, "CSCA", CSCA_KEY, constrained=False)
    for wrong in (der(SIGNER), der(bare), b"no certificate"):
        with pytest.raises(FormatError) as refused:
            Anchors.of(csca=[wrong])
        assert refused.value.code == "anchor-csca"


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20), st.integers(1, 99))
def test_what_an_issuer_seals_is_what_is_shown(name: str, dose: int) -> None:
    given_dose = {"dvc": "2021-03-03", "seq": dose, "ctr": "VNM"}
    message = MESSAGE | {"pid": {"n": name}, "ve": [{"des": "XX", "vd": [given_dose]}]}
    read = unpack(seal(sealed(message)), anchors=ANCHORS, at=AT)
    assert (read.code, read.holder, read.entries[0].dose) == ("valid", Holder(name), str(dose))


def test_a_signature_moved_to_other_data_is_wrong() -> None:
    stolen = b64(sign(canonical(sealed(MESSAGE)).encode()))
    assert code_of(seal(sealed(TESTED), sigvl=stolen)) == "signature"


def test_a_certificate_with_the_null_that_japan_writes_is_read_and_checked() -> None:
    padded = certificate("Signer", KEY, "CSCA", CSCA_KEY, pad=200)
    assert code_of(seal(cer=b64(with_null(padded, CSCA_KEY)))) == "valid"
    assert code_of(seal(cer=b64(with_null(padded, OTHER_KEY)))) == "unknown-issuer"
    assert code_of(seal(cer=b64(with_null(padded, CSCA_KEY)), sigvl=b64(bytes(64)))) == "signature"


def test_an_authority_with_rsa_signs_too_but_not_what_names_ecdsa() -> None:
    key = rsa.generate_private_key(65_537, 2048)
    anchors = Anchors.of(csca=[der(certificate("CSCA", key, "CSCA", key, authority=True))])
    assert code_of(seal(signer=certificate("Signer", KEY, "CSCA", key)), anchors) == "valid"
    padded = certificate("Signer", KEY, "CSCA", CSCA_KEY, pad=200)
    assert code_of(seal(cer=b64(with_null(padded, CSCA_KEY))), anchors) == "unknown-issuer"


def test_a_signer_with_rsa_fits_no_algorithm_of_seals() -> None:
    key = rsa.generate_private_key(65_537, 2048)
    assert code_of(seal(signer=certificate("Signer", key, "CSCA", CSCA_KEY))) == "signature"


def test_a_key_of_an_unknown_curve_signs_nothing() -> None:
    p256, unknown = bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03017f")
    assert code_of(seal(cer=b64(der(SIGNER).replace(p256, unknown)))) == "signature"


def test_the_null_saves_no_certificate_that_was_changed() -> None:
    der_ = bytearray(with_null(certificate("Signer", KEY, "CSCA", CSCA_KEY, pad=200), CSCA_KEY))
    place = der_.index(b"Signer")
    der_[place : place + 6] = b"Singer"
    assert code_of(seal(cer=b64(bytes(der_)))) == "unknown-issuer"


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_a_certificate_that_is_cut_off_is_none(cut: int) -> None:
    whole = with_null(certificate("Signer", KEY, "CSCA", CSCA_KEY, pad=200), CSCA_KEY)
    for part in (whole[:cut], whole[: len(whole) - 1 - cut], whole[cut + 1 :], whole + b"\0"):
        assert code_of(seal(cer=b64(part))) == "vds-certificate"


def test_a_signer_that_its_authority_took_back_counts_no_more() -> None:
    anchors = Anchors.of(csca=[der(CSCA)], csca_crls=[crl(1, SIGNER.serial_number)])
    assert code_of(seal(), anchors) == "key-not-valid"
    assert code_of(seal(), Anchors.of(csca=[der(CSCA)], csca_crls=[crl(1)])) == "valid"


@pytest.mark.parametrize("wrong", [crl(1, key=OTHER_KEY), crl(1, issuer="Other"), b"no list", b""])
def test_a_revocation_list_of_a_stranger_is_refused(wrong: bytes) -> None:
    with pytest.raises(FormatError) as refused:
        Anchors.of(csca=[der(CSCA)], csca_crls=[wrong])
    assert refused.value.code == "anchor-crl"


@pytest.mark.parametrize("pad", range(1, 24))
def test_a_certificate_with_the_null_is_read_whatever_its_length(pad: int) -> None:
    """Among these are bodies of 255, 256 and 257 bytes, where the length of the length changes."""
    signer = certificate("S", KEY, "CSCA", CSCA_KEY, pad=pad, constrained=False)
    assert code_of(seal(cer=b64(with_null(signer, CSCA_KEY)))) == "valid"
