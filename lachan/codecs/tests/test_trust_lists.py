"""Lists of other countries' signers in the forms in which they come."""

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert.keys import key_number
from lachan.codecs.tests.hcert.making import certificate, ec_key
from lachan.codecs.trust_lists import LARGEST, read_list

NAMES = [
    "payload", "signature", "verificationMethod", "publicKeyJwk", "x5c", "certificates", "kid", "rawData", "keys",
]  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


def row(der: bytes, **more: Any) -> dict[str, Any]:
    return {
        "kid": b64encode(key_number(der)).decode(), "country": "FR", "certificateType": "DSC",
        "rawData": b64encode(der).decode(),
    } | more  # fmt: skip


def did(*ders: bytes) -> dict[str, Any]:
    keys = [{"kty": "EC", "x5c": [b64encode(der).decode()]} for der in ders]
    return {"id": "did:web:example", "verificationMethod": [{"publicKeyJwk": key} for key in keys]}


@pytest.fixture(scope="module")
def der() -> bytes:
    return certificate(ec_key("FR"), country="FR")


def code_of(content: bytes) -> str:
    with pytest.raises(FormatError) as refused:
        read_list(content)
    return refused.value.code


def test_the_gateway_s_list_is_read_in_its_three_dresses(der: bytes) -> None:
    rows = json.dumps([row(der)]).encode()
    for content in (
        rows,
        b'{"certificates": ' + rows + b"}",
        b"c2lnbmF0dXJl\n" + b'{"certificates":' + rows + b"}",
    ):
        listed = read_list(content)
        assert (listed.form, [k.certificate for k in listed.keys], listed.made_at) == ("eu", [der], None)
        assert listed.of_country("FR") == listed.keys
        assert listed.of_country("DE") == ()


def test_the_key_number_is_the_list_s_own_where_it_gives_one(der: bytes) -> None:
    given_one = json.dumps([row(der, kid=b64encode(bytes(8)).decode())]).encode()
    none = json.dumps([row(der, kid="AAA=")]).encode()
    assert [read_list(content).keys[0].kid for content in (given_one, none)] == [bytes(8), key_number(der)]


def test_what_is_no_signer_is_passed_over_and_counted(der: bytes) -> None:
    others = [
        row(der), row(der, certificateType="CSCA"), row(b"\x30\x00"), row(der, rawData=7), row(der, rawData="!"), "row",
    ]  # fmt: skip
    listed = read_list(json.dumps(others).encode())
    assert (len(listed.keys), listed.skipped) == (1, 4)


def test_a_did_document_gives_the_keys_that_come_with_a_certificate(der: bytes) -> None:
    document = did(der)
    document["verificationMethod"] += [{"publicKeyJwk": {"kty": "EC"}}, {"id": "#2"}, "method"]
    listed = read_list(json.dumps(document).encode())
    assert (listed.form, [k.certificate for k in listed.keys], listed.skipped) == ("did", [der], 3)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "list-format"),
        (b"HC1:6BF", "list-format"),
        (b"[" * 5_000, "list-format"),
        (b"\xff\xfe{}", "list-format"),
        (b"{}", "list-format"),
        (b"7", "list-format"),
        (b"[]", "list-empty"),
        (b'{"verificationMethod": 7}', "list-empty"),
        (b'{"certificates": {}}', "list-format"),
        (b'{"payload": {}, "signature": "a..b"}', "list-format"),
        (b'{"payload": [], "signature": 7}', "list-format"),
        (b"[" + b" " * LARGEST + b"]", "list-length"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_list_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


@given(ANYTHING)
def test_content_of_any_shape_is_read_or_refused(content: Any) -> None:
    assert code_of(json.dumps(content).encode()) in {"list-format", "list-empty"}
