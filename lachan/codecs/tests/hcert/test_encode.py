import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs import qr
from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import Request, Signer, base45, cose, encode, encode_many
from lachan.codecs.hcert.products import HOLDERS, PRODUCTS, VACCINES
from lachan.codecs.hcert.text import pack
from lachan.codecs.hcert.verifying import open_text
from lachan.codecs.tests.hcert.making import (
    AT,
    EXPIRES,
    EXPIRY,
    ISSUED,
    SIGNER,
    TRUST,
    certificate,
    issued,
    judged,
    payload,
    rsa_key,
    token,
)
from lachan.codecs.transliteration import icao

LETTERS = st.characters(exclude_categories=["C", "Z"])
words = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)
dates = st.dates(datetime(1900, 1, 1).date(), AT.date()).map(lambda day: day.isoformat())  # noqa: DTZ001
names = st.builds(lambda fn, gn: {"fn": fn, "fnt": icao(fn), "gn": gn, "gnt": icao(gn)}, words, words)
people = st.fixed_dictionaries({"nam": names, "dob": dates | dates.map(lambda day: day[:4]) | st.just("")})
vaccinations = st.builds(
    lambda mp, ma, vp, dn, sd, dt: payload("v", mp=mp, ma=ma, vp=vp, dn=dn, sd=sd, dt=dt),
    st.sampled_from(sorted(PRODUCTS)), st.sampled_from(sorted(HOLDERS)), st.sampled_from(sorted(VACCINES)),
    st.integers(1, 9), st.integers(1, 9), dates,
)  # fmt: skip
tests = st.builds(
    lambda at, nm, tr: payload("t", sc=at.replace(tzinfo=UTC).isoformat(), nm=nm, tr=tr),
    st.datetimes(datetime(2020, 1, 1), datetime(2026, 11, 22)),  # noqa: DTZ001
    words,
    st.sampled_from(["260415000", "260373001"]),
)
recoveries = st.builds(lambda fr, df, du: payload("r", fr=fr, df=df, du=du), dates, dates, dates)


@given(st.one_of(vaccinations, tests, recoveries), people)
@settings(max_examples=300)
def test_what_is_issued_is_read_back(event: dict[str, Any], person: dict[str, Any]) -> None:
    content = event | person

    verdict = judged(issued(content))

    assert (verdict.code, verdict.warnings) == ("valid", ())
    assert verdict.certificate is not None
    assert verdict.certificate.payload == content


def test_the_bytes_are_those_of_a_plain_encoder() -> None:
    """The parts put together by hand (claims, envelope, zlib) against libraries that know nothing of ours."""
    text = issued()
    tag = cbor2.loads(zlib.decompress(base45.decode(text[4:])))

    protected, unprotected, content, signature = tag.value
    assert tag.tag == 18
    assert cbor2.loads(protected) == {1: -7, 4: SIGNER.kid}
    assert unprotected == {}
    assert content == token()
    assert cbor2.loads(content) == {1: "VN", 4: EXPIRY, 6: ISSUED, -260: {1: payload()}}
    assert cose.signed_bytes(protected, content) == cbor2.dumps(["Signature1", protected, b"", content])
    assert zlib.decompress(base45.decode(text[4:])) == cbor2.dumps(
        cbor2.CBORTag(18, [protected, {}, content, signature])
    )


def test_ps256_says_so_in_its_header() -> None:
    signer = Signer.of_key(rsa_key(), certificate(rsa_key()))
    envelope = open_text(issued(signer=signer))

    assert envelope.algorithm == "PS256"
    assert cbor2.loads(envelope.protected) == {1: -37, 4: signer.kid}
    assert len(envelope.signature) == 256


BAD = {
    "no name": (payload() | {"nam": {"fn": "A"}}, "schema"),
    "two events": (payload() | {"v": payload()["v"] * 2}, "schema"),
    "two kinds": (payload() | payload("t"), "schema"),
    "no event": ({"ver": "1.3.0", "nam": {"fnt": "A"}, "dob": ""}, "schema"),
    "an empty event": (payload() | {"v": []}, "schema"),
    "a field more": (payload(dr=""), "schema"),
    "a field more at the top": (payload() | {"nationality": "VN"}, "schema"),
    "a field less": (payload(dn=None), "schema"),
    "a null": (payload() | {"t": None}, "schema"),
    "space": (payload() | {"nam": {"fnt": "A", "fn": " A"}}, "schema"),
    "a float": (payload(dn=2.0), "schema"),
    "dose 0": (payload(dn=0), "schema"),
    "a date with a time": (payload(dt="2026-06-11T00:00:00"), "schema"),
    "no day": (payload(dt="2026-06-32"), "schema"),
    "no zone": (payload("t", sc="2026-11-22T08:00:00"), "schema"),
    "a small letter": (payload() | {"nam": {"fnt": "Nguyen"}}, "schema"),
    "a long name": (payload() | {"nam": {"fnt": "A", "fn": "A" * 81}}, "schema"),
    "bytes": (payload() | {"dob": b"1990"}, "schema"),
    "another disease": (payload(tg="1"), "value-set"),
    "an unknown product": (payload(mp="New-2027"), "value-set"),
    "an unknown result": (payload("t", tr="1"), "value-set"),
    "an unknown country": (payload(co="XY"), "value-set"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_payload_that_breaks_the_schema_is_not_signed(case: str) -> None:
    content, code = BAD[case]
    signer = Signer(SIGNER.kid, "ES256", lambda _: pytest.fail("signed"))

    with pytest.raises(FormatError) as refusal:
        issued(content, signer)

    assert refusal.value.code == code


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 40])
def test_many_are_issued_in_order_and_the_bad_are_refused_each(count: int) -> None:
    contents = [payload(dn=number + 1) if number % 5 else payload(dn=0) for number in range(count)]

    found = list(encode_many((Request(content, "VN", AT, EXPIRES) for content in contents), signer=SIGNER))

    assert len(found) == count
    for number, text in enumerate(found):
        if number % 5 == 0:
            assert isinstance(text, FormatError)
            assert text.code == "schema"
        else:
            assert isinstance(text, str)
            certificate_ = judged(text).certificate
            assert certificate_ is not None
            assert certificate_.entry["dn"] == number + 1


@pytest.mark.parametrize(
    ("issuer", "issued_at", "expires_at", "code"),
    [
        ("VN", AT, AT, "period"),
        ("VN", AT, AT + timedelta(milliseconds=900), "period"),
        ("VN", AT, datetime(2107, 1, 1, tzinfo=UTC), "period"),
        ("VNM", AT, EXPIRES, "issuer"),
        ("vn", AT, EXPIRES, "issuer"),
        ("ĐN", AT, EXPIRES, "issuer"),
        ("", AT, EXPIRES, "issuer"),
        ("V1", AT, EXPIRES, "issuer"),
    ],
)
def test_a_period_or_an_issuer_that_cannot_be_is_refused(
    issuer: str, issued_at: datetime, expires_at: datetime, code: str
) -> None:
    with pytest.raises(FormatError) as refusal:
        encode(payload(), signer=SIGNER, issuer=issuer, issued_at=issued_at, expires_at=expires_at)
    assert refusal.value.code == code


@given(st.binary(max_size=3000))
def test_any_content_is_packed_as_zlib_reads_it(content: bytes) -> None:
    assert zlib.decompress(base45.decode(pack(content)[4:])) == content


@given(st.lists(st.sampled_from([b"Nguyen", b"2026-11-23", b"URN:UVCI:01:VN:"]), max_size=90).map(b"".join))
def test_long_content_is_deflated_and_short_content_grows_little(content: bytes) -> None:
    packed = len(base45.decode(pack(content)[4:]))

    assert packed <= len(content) + 11
    if len(content) >= 420:
        assert packed <= len(zlib.compress(content, 9)) + 16  # the window is smaller than zlib's usual one


def test_a_drawn_certificate_is_read_back_at_level_q() -> None:
    text = issued()
    dark = np.array([list(line) for line in qr.matrix(text, level="Q")], dtype=np.uint8)
    pixels = np.pad(255 * (1 - dark), 4, constant_values=255)
    image = np.kron(pixels, np.ones((4, 4), dtype=np.uint8))

    found = zxingcpp.read_barcodes(image)

    assert [barcode.text for barcode in found] == [text]
    assert found[0].ec_level == "Q"
    assert judged(found[0].text, TRUST).ok
