import base64
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.foreign import About, Entry, Holder, Kind, unpack
from lachan.codecs.foreign.tests.making import (
    ANCHORS,
    AT,
    EVIDENCE,
    NOBODY,
    SWAB,
    credential,
    divoc,
    minified,
    zipped,
)

CERTIFICATE = ("certificate.json", minified(credential()))


def code_of(text: str) -> str:
    return unpack(text, anchors=NOBODY, at=AT).code


def b64(packed: bytes) -> str:
    return "B64:" + base64.b64encode(packed).decode()


def test_a_vaccination_is_read_and_its_signature_said_to_be_unchecked() -> None:
    read = unpack(divoc(), anchors=ANCHORS, at=AT)
    assert (read.kind, read.code, read.signature) == (Kind.DIVOC, "unchecked", "unchecked")
    assert (read.ok, read.level(AT)) == (False, "unsure")
    assert read.holder == Holder("Bhaya Mitra", "1988-05-15", "A1234567")
    assert (read.issuer, read.number) == ("https://cowin.gov.in/", "531487494")
    assert read.issued_at == datetime(2022, 7, 14, 10, 45, 55, 935_000, UTC)
    assert read.entries == (
        Entry(
            About.VACCINATION,
            disease="COVID-19",
            product="COVISHIELD",
            code="ICD-11|XM9QW8",
            date="2022-03-05T00:00:00.000Z",
            country="IDN",
            maker="Serum Institute of India",
            lot="350208D",
            dose="3/3",
            place="Puskesmas Menteng",
        ),
    )


def test_a_test_is_read() -> None:
    read = unpack(divoc(credential(SWAB, EVIDENCE)), anchors=NOBODY, at=AT)
    assert [entry.about for entry in read.entries] == [About.TEST, About.VACCINATION]
    assert read.entries[0] == Entry(
        About.TEST,
        disease="COVID-19",
        product="RT-PCR",
        date="2022-07-01T08:00:00Z",
        country="IN",
        result="Negative",
        place="Lab 1",
    )


def test_the_zip_itself_and_the_json_itself_are_read_too() -> None:
    expected = unpack(divoc(), anchors=NOBODY, at=AT)
    assert unpack(zipped(CERTIFICATE).decode("latin-1"), anchors=NOBODY, at=AT) == expected
    assert unpack(minified(credential()).decode(), anchors=NOBODY, at=AT) == expected
    assert unpack(b64(zipped(CERTIFICATE, method=zipfile.ZIP_STORED)), anchors=NOBODY, at=AT) == expected


def test_dashes_and_missing_numbers_are_nothing() -> None:
    bare = {
        "type": ["Vaccination"],
        "vaccine": "-",
        "prophylaxis": "COVID-19 vaccine",
        "dose": "",
        "batch": "NA",
    }
    person = {"name": "Na", "id": "did:in.gov.uidai.aadhaar:2342343334", "age": "60"}
    read = unpack(
        divoc(credential(bare, credentialSubject=person, issuer={"id": "did:x"})), anchors=NOBODY, at=AT
    )
    assert read.holder == Holder("Na")
    assert read.issuer == "did:x"
    assert read.entries == (Entry(About.VACCINATION, disease="COVID-19", product="COVID-19 vaccine"),)


@pytest.mark.parametrize(
    "packed",
    [
        b"PK\x03\x04",
        b"",
        zipped(("other.json", b"{}")),
        zipped(*[(f"{n}.json", b"") for n in range(8)], CERTIFICATE),
        zipped(CERTIFICATE, method=zipfile.ZIP_LZMA),
        zipped(CERTIFICATE, method=zipfile.ZIP_BZIP2),
        zipped(CERTIFICATE)[:-30],
        zipped(CERTIFICATE, method=zipfile.ZIP_STORED).replace(b"COVISHIELD", b"COVAXIN..."),
    ],
)
def test_a_zip_that_is_not_as_divoc_packs_is_refused(packed: bytes) -> None:
    assert code_of(b64(packed)) == "divoc-zip"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_certificates_in_one_zip_are_refused() -> None:
    assert code_of(b64(zipped(CERTIFICATE, CERTIFICATE))) == "divoc-zip"


def test_a_zip_bomb_is_refused_before_it_grows() -> None:
    bomb = zipped(("certificate.json", b" " * 1_500_000))
    assert len(b64(bomb)) < 4_296
    assert code_of(b64(bomb)) == "inflate-size"


@pytest.mark.parametrize(("lie", "code"), [(0xFFFFFFFE, "unchecked"), (40, "divoc-zip")])
def test_a_member_that_lies_about_its_size_gains_nothing(lie: int, code: str) -> None:
    packed = bytearray(zipped(CERTIFICATE))
    directory = packed.rindex(b"PK\x01\x02")
    packed[directory + 24 : directory + 28] = lie.to_bytes(4, "little")
    assert code_of(b64(bytes(packed))) == code


@pytest.mark.parametrize("text", ["B64:%%%", "B64:AAA", "b64:é"])
def test_what_is_no_base64_is_named(text: str) -> None:
    assert code_of(text) == "divoc-base64"


def test_a_zip_with_letters_outside_of_bytes_is_refused() -> None:
    assert code_of(zipped(CERTIFICATE).decode("latin-1") + "ễ") == "divoc-zip"


@pytest.mark.parametrize(
    "changed", [{"evidence": []}, {"evidence": "none"}, {"credentialSubject": {}}, {"credentialSubject": []}]
)
def test_a_credential_without_person_or_evidence_is_refused(changed: dict[str, Any]) -> None:
    assert code_of(divoc(credential(**changed))) == "divoc-content"


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20),
    st.integers(1, 9),
    st.booleans(),
)
def test_what_an_issuer_writes_is_what_is_shown(lot: str, dose: int, binary: bool) -> None:
    packed = zipped(("certificate.json", minified(credential(EVIDENCE | {"batch": lot, "dose": dose}))))
    read = unpack(packed.decode("latin-1") if binary else b64(packed), anchors=NOBODY, at=AT)
    shown = "" if lot in {"-", "NA", "N/A", "null", "undefined"} else lot
    assert [(entry.lot, entry.dose) for entry in read.entries] == [(shown, f"{dose}/3")]
