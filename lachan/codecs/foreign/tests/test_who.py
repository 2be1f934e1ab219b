import zlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.foreign import About, Anchors, Entry, Holder, Kind, unpack
from lachan.codecs.foreign.tests.making import (
    AT,
    CSCA_KEY,
    KEY,
    NOBODY,
    OTHER_KEY,
    certificate,
    der,
    link,
)
from lachan.codecs.foreign.tests.making_who import (
    CORE,
    DSC,
    DSC_KEY,
    SWABBED,
    TRUST,
    WHO_ANCHORS,
    YELLOW_FEVER,
    base45,
    hcert,
    token,
)
from lachan.codecs.hcert import Signer, Trust, TrustedKey, encode, uvci
from lachan.codecs.hcert.keys import key_number


def code_of(claims: object, anchors: Anchors = WHO_ANCHORS, **made: Any) -> str:
    return unpack(token(claims, **made), anchors=anchors, at=AT).code


def test_a_yellow_fever_certificate_is_valid_and_says_who_and_what() -> None:
    read = unpack(token(hcert(dvc=YELLOW_FEVER)), anchors=WHO_ANCHORS, at=AT)
    assert (read.kind, read.code, read.signature, read.level(AT)) == (Kind.ICVP, "valid", "valid", "valid")
    assert read.holder == Holder("Aulo Agerio", "1905-08-23", "16337361-9")
    assert read.issuer == "XL"
    assert read.entries == (
        Entry(
            About.VACCINATION,
            disease="Yellow fever",
            product="Yellow fever vaccine",
            code="XM0N24",
            date="1904-08-23",
            maker="HIPRA",
            lot="123",
            dose="Primary",
        ),
    )


def test_the_renamed_fields_of_icvp_are_read_too() -> None:
    dose = {"vp": "YellowFeverProductd2c75a", "dv": "2025-09-26", "bo": "123", "is": "National Institute"}
    renamed = {"n": "John Doe", "dob": "2017-05-17", "s": "M", "nt": "ATG", "id": "A1", "v": "1", "vx": dose}
    read = unpack(token(hcert(dvc=[renamed])), anchors=WHO_ANCHORS, at=AT)
    assert (read.code, read.holder.document) == ("valid", "A1")
    (entry,) = read.entries
    assert (entry.product, entry.date, entry.place) == (dose["vp"], "2025-09-26", "National Institute")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"vle": "2026-11-22"}, "expired"),
        ({"vle": "2026-11-23"}, "valid"),
        ({"vls": "2026-11-24"}, "not-yet-valid"),
        ({"vls": "2026-11-23", "vle": ""}, "valid"),
        ({"vle": "2026-11-23T08:00:00Z"}, "expired"),
        ({"vle": 5, "vls": "soon"}, "valid"),
    ],
)
def test_the_period_of_an_icvp_counts(changed: Mapping[str, object], code: str) -> None:
    assert code_of(hcert(dvc=YELLOW_FEVER | {"v": YELLOW_FEVER["v"] | changed})) == code


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        ({6: AT.timestamp() + 1}, "not-yet-valid"),
        ({5: AT.timestamp() + 1}, "not-yet-valid"),
        ({4: AT.timestamp()}, "expired"),
        ({4: AT.timestamp() + 1, 5: AT.timestamp()}, "valid"),
        ({6: "yesterday", 5: True, 4: float("nan")}, "valid"),
    ],
)
def test_the_times_of_the_token_count(claim: dict[int, object], code: str) -> None:
    assert code_of(hcert(dvc=YELLOW_FEVER) | claim) == code


def test_a_core_data_set_is_read_nested_and_flat() -> None:
    nested = unpack(token(hcert(vaccination=CORE)), anchors=WHO_ANCHORS, at=AT)
    flat_claims = {**CORE["vaccination"], **{k: CORE[k] for k in ("name", "birthDate", "identifier")}}
    flat = unpack(token(flat_claims | {"hcid": "US111", "total_doses": 2}), anchors=WHO_ANCHORS, at=AT)
    for read in (nested, flat):
        assert (read.kind, read.code, read.number) == (Kind.DDCC, "valid", "US111")
        assert read.holder == Holder("Eddie Murphy", "1986-09-19", "1234567890")
        assert read.entries == (
            Entry(
                About.VACCINATION,
                disease="COVID-19 (SNOMED CT 840539006)",
                product="SARS-CoV-2 mRNA vaccine (SNOMED CT 1119349007), urn:x X",
                code="http://snomed.info/sct|1119349007",
                date="2021-07-08",
                country="USA",
                maker="Organization/973",
                lot="PT123F",
                dose="1/2",
                place="Site 1",
            ),
        )


def test_a_test_result_is_read_nested_and_flat() -> None:
    for claims in (hcert(test=SWABBED), SWABBED):
        (entry,) = unpack(token(claims), anchors=WHO_ANCHORS, at=AT).entries
        assert (entry.about, entry.disease) == (About.TEST, "SARS-CoV-2 (ICD-11 XN109)")
        assert entry.product == "Nucleic acid amplification test (LOINC LP6464-4)"
        assert (entry.result, entry.country) == ("Not detected (SNOMED CT 260415000)", "SGP")


def test_signatures_of_who_certificates_are_checked() -> None:
    claims = hcert(dvc=YELLOW_FEVER)
    assert code_of(claims, NOBODY) == "unknown-issuer"
    assert code_of(claims, key=OTHER_KEY) == "signature"
    assert code_of(claims, algorithm=-8) == "algorithm"
    assert code_of(claims, algorithm=-37) == "algorithm"
    assert code_of(claims, kid=b"11") == "unknown-issuer"
    assert code_of(claims, kid=b"12345678") == "unknown-issuer"


def test_a_key_counts_only_for_its_use_and_time() -> None:
    test_only = certificate("T", DSC_KEY, "CSCA", CSCA_KEY, use=x509_test_use())
    late = certificate("L", DSC_KEY, "CSCA", CSCA_KEY, use=None, starts=AT + timedelta(days=1))
    for signer, code in ((test_only, "key-usage"), (late, "key-not-valid")):
        anchors = Anchors.of(hcert=Trust([TrustedKey.of_certificate(der(signer))], as_of=AT))
        assert code_of(hcert(dvc=YELLOW_FEVER), anchors, kid=key_number(der(signer))) == code


def x509_test_use() -> Any:
    return type(DSC.signature_algorithm_oid)("1.3.6.1.4.1.1847.2021.1.1")


class TakenBack:
    def holds(self, certificate_id: str | None, signature: bytes) -> bool:
        return certificate_id == "US111" and len(signature) == 64


def test_what_the_issuer_took_back_is_revoked() -> None:
    trust = Trust([TrustedKey.of_certificate(der(DSC))], revoked=TakenBack(), as_of=AT)
    assert code_of(hcert(vaccination=CORE), Anchors.of(hcert=trust)) == "revoked"
    assert code_of(hcert(dvc=YELLOW_FEVER), Anchors.of(hcert=trust)) == "valid"


@pytest.mark.parametrize(
    "claims",
    [
        hcert(dvc={}),
        hcert(dvc=[]),
        hcert(dvc="text"),
        hcert(dvc={"n": "Aulo"}),
        hcert(dvc=YELLOW_FEVER | {"n": ""}),
        hcert(dvc=[YELLOW_FEVER, YELLOW_FEVER | {"n": "Another"}]),
        hcert(vaccination={"name": "A", "vaccination": {}}),
        hcert(vaccination=CORE, test=SWABBED),
        {"name": "A"},
    ],
)
def test_a_certificate_is_about_exactly_one_person_and_something(claims: object) -> None:
    assert code_of(claims) == "who-content"


@pytest.mark.parametrize(
    "content",
    [
        [{"u": link("vhlink:/")}],
        {"u": link()},
        link(),
        {
            "url": "https://ehr.example.org/qr/m",
            "key": "k" * 43,
            "label": "Hồ sơ",
            "exp": 1_900_000_000,
            "v": 1,
        },
    ],
)
def test_a_link_inside_a_certificate_is_named_in_every_form(content: object) -> None:
    read = unpack(token(hcert(link=content)), anchors=WHO_ANCHORS, at=AT)
    assert (read.kind, read.code, read.signature) == (Kind.HEALTH_LINK, "link", "valid")
    assert (read.issuer, read.number) == ("ehr.example.org", "Hồ sơ")
    assert "k" * 43 not in str(read.raw)


def test_a_token_of_another_use_stays_what_hcert_says() -> None:
    for claims in ({1: "VN"}, [1, 2], "text", {1: "VN", -260: {2: {}}}, {1: "VN", -260: []}):
        read = unpack(token(claims), anchors=WHO_ANCHORS, at=AT)
        assert (read.kind, read.code) == (Kind.DCC, "claims")


DOSE = {
    "tg": "840539006",
    "vp": "1119349007",
    "mp": "EU/1/20/1528",
    "ma": "ORG-100030215",
    "dn": 2,
    "sd": 2,
    "dt": "2026-02-18",
    "co": "VN",
    "is": "Bộ Y tế",
    "ci": uvci("VN", "ABC123"),
}
NAME = {"fn": "Nguyễn", "gn": "Bảo Duy", "fnt": "NGUYEN", "gnt": "BAO<DUY"}


def eu(**changed: object) -> str:
    payload = {"ver": "1.3.0", "nam": NAME, "dob": "1990-05-01"} | (changed or {"v": [DOSE]})
    signer = Signer.of_key(DSC_KEY, der(DSC))
    start, end = AT - timedelta(days=1), AT + timedelta(days=1)
    return encode(payload, signer=signer, issuer="VN", issued_at=start, expires_at=end)


def test_a_european_certificate_has_the_same_shape() -> None:
    read = unpack(eu(), anchors=WHO_ANCHORS, at=AT)
    assert (read.kind, read.code, read.signature, read.issuer) == (Kind.DCC, "valid", "valid", "VN")
    assert (read.holder, read.number) == (Holder("Nguyễn Bảo Duy", "1990-05-01"), DOSE["ci"])
    assert read.entries == (
        Entry(
            About.VACCINATION,
            disease="COVID-19",
            product="Comirnaty",
            code="EU/1/20/1528",
            date="2026-02-18",
            country="VN",
            maker="Biontech Manufacturing GmbH",
            dose="2/2",
            place="Bộ Y tế",
        ),
    )


def test_tests_and_recoveries_of_european_certificates_are_shown() -> None:
    shared = {"tg": "840539006", "co": "VN", "is": "Bộ Y tế", "ci": DOSE["ci"]}
    swab = shared | {
        "tt": "LP6464-4",
        "nm": "PCR",
        "sc": "2026-11-20T08:00:00Z",
        "tr": "260415000",
        "tc": "Lab",
    }
    (test,) = unpack(eu(t=[swab]), anchors=WHO_ANCHORS, at=AT).entries
    assert (test.product, test.result) == ("Nucleic acid amplification test, PCR", "Not detected")
    ill = shared | {"fr": "2026-10-01", "df": "2026-10-11", "du": "2027-03-01"}
    (recovery,) = unpack(eu(r=[ill]), anchors=WHO_ANCHORS, at=AT).entries
    assert (recovery.about, recovery.date) == (About.RECOVERY, "2026-10-01")


def test_verdicts_on_european_certificates_are_carried_over() -> None:
    unknown = unpack(eu(), anchors=NOBODY, at=AT)
    assert (unknown.code, unknown.signature, unknown.level(AT)) == (
        "kid-unknown",
        "unknown-issuer",
        "invalid",
    )
    late = unpack(eu(), anchors=WHO_ANCHORS, at=AT + timedelta(days=2))
    assert (late.code, late.signature) == ("expired", "valid")
    stranger = TrustedKey.of_certificate(
        der(certificate("X", KEY, "CSCA", CSCA_KEY)), kid=key_number(der(DSC))
    )
    forged = unpack(eu(), anchors=Anchors.of(hcert=Trust([stranger])), at=AT)
    assert (forged.code, forged.signature) == ("signature", "wrong")
    broken = unpack("HC1:NCF", anchors=WHO_ANCHORS, at=AT)
    assert (broken.kind, broken.code, broken.entries) == (Kind.DCC, "inflate", ())


@pytest.mark.parametrize("content", [[b"", {}, b""], [b"", {}, "no bytes", b""], {}, 5])
def test_what_is_no_envelope_stays_what_hcert_says(content: object) -> None:
    read = unpack("HC1:" + base45(zlib.compress(cbor2.dumps(content))), anchors=WHO_ANCHORS, at=AT)
    assert (read.kind, read.code) == (Kind.DCC, "cose")


def test_old_lists_make_a_valid_certificate_unsure() -> None:
    read = unpack(eu(), anchors=Anchors.of(hcert=TRUST), at=AT)
    assert [read.level(AT + timedelta(hours=age)) for age in (24, 25)] == ["valid", "unsure"]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20), st.dates().map(str))
def test_what_an_issuer_writes_is_what_is_shown(name: str, day: str) -> None:
    card = YELLOW_FEVER | {"n": name, "v": YELLOW_FEVER["v"] | {"dt": day}}
    read = unpack(token(hcert(dvc=card)), anchors=WHO_ANCHORS, at=AT)
    assert (read.code, read.holder.name, read.entries[0].date) == ("valid", name, day)
