"""The European Union's test vectors: each expected outcome agrees, or is named with its reason in deviations.csv."""

import base64
import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import cbor2
import numpy as np
import pytest
import zxingcpp
from PIL import Image, UnidentifiedImageError

from lachan.codecs import qr
from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import Trust, TrustedKey, Verdict, base45, claims, schema, text, verify
from lachan.codecs.hcert.certificate import certificate_of
from lachan.codecs.hcert.verifying import open_text

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("LACHAN_SHARED_DATA", HERE.parents[3].parent / "shared" / "data"))
VECTORS = SHARED / "standards" / "dcc-testdata"
SCHEMA_CASES = SHARED / "standards" / "dcc-schema"

Row = Mapping[str, Any]


def rows() -> Iterator[Row]:
    if not VECTORS.exists():
        return
    for path in sorted((VECTORS / "common").glob("*.json")):
        yield {"file": f"common/{path.name}"} | json.loads(path.read_text())
    with (VECTORS / "countries.jsonl").open() as lines:
        yield from map(json.loads, lines)


def deviations() -> dict[tuple[str, str], str]:
    with (HERE / "deviations.csv").open() as lines:
        return {(row["file"], row["expectation"]): row["reason"] for row in csv.DictReader(lines)}


def kid_of(row: Row) -> bytes | None:
    try:
        return open_text(row["PREFIX"]).kid
    except FormatError:
        return None


def clock(row: Row) -> datetime:
    at = datetime.fromisoformat(row["TESTCTX"]["VALIDATIONCLOCK"])
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def key(row: Row) -> TrustedKey:
    """The vectors say which certificate signed, whatever number the header has."""
    return TrustedKey.of_certificate(base64.b64decode(row["TESTCTX"]["CERTIFICATE"]), kid=kid_of(row))


def verdict(row: Row) -> Verdict:
    return verify(row["PREFIX"], trust=Trust([key(row)]), at=clock(row))


def said(row: Row) -> claims.Claims:
    return claims.read(open_text(row["PREFIX"]).payload)


def payload(row: Row) -> Any:
    """What is signed; the vectors of the schema alone have content that is no token."""
    try:
        return said(row).payload
    except FormatError:
        content = cbor2.loads(bytes.fromhex(row["CBOR"]))
        return content[-260][1] if -260 in content else content


def unprefixes(row: Row) -> bool:
    return bool(text.unprefix(row["PREFIX"]))


def decodes_base45(row: Row) -> bool:
    return bool(base45.decode(row.get("BASE45") or text.unprefix(row["PREFIX"])))


def inflates(row: Row) -> bool:
    content = text.inflate(base45.decode(text.unprefix(row["PREFIX"])))
    return "COSE" not in row or content == bytes.fromhex(row["COSE"])


def opens(row: Row) -> bool:
    return certificate_of(said(row).payload) is not None


def says_what_the_json_says(row: Row) -> bool:
    """The signed content, and the same after another encoding; the same moment in another zone's sign is the same."""
    if "JSON" not in row:
        return opens(row)
    again = cbor2.loads(cbor2.dumps(payload(row)))
    return _canonical(again) == _canonical(row["JSON"])


def _canonical(content: object) -> str:
    return json.dumps(content, sort_keys=True).replace("+00:00", "Z")


def is_signed(row: Row) -> bool:
    return verdict(row).code not in {
        "prefix", "length", "base45", "inflate", "cbor", "cose", "claims", "algorithm", "kid-unknown", "signature",
    }  # fmt: skip


def fits_the_schema(row: Row) -> bool:
    content = payload(row)
    if certificate_of(content) is None:
        return False
    try:
        issued = said(row).issued
    except FormatError:
        issued = clock(row).timestamp()
    schema.check(content, issued=issued)
    return True


def is_in_time(row: Row) -> bool:
    claims.require_time(said(row), clock(row).timestamp())
    return True


def may_be_signed_by_the_key(row: Row) -> bool:
    certificate = certificate_of(payload(row))
    assert certificate
    return certificate.kind in key(row).uses


def reads_from_a_picture(row: Row) -> bool:
    """The vector's own picture, or ours of its text where the saved vectors have none."""
    picture = base64.b64decode(row["2DCODE"]) if "2DCODE" in row else qr.png(row["PREFIX"], 4, level="Q")
    try:
        pixels = np.asarray(Image.open(BytesIO(picture)).convert("L"))
    except UnidentifiedImageError:
        return False
    found = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
    return [barcode.text for barcode in found] == [row["PREFIX"]]


CHECKS: Mapping[str, Callable[[Row], bool]] = {
    "EXPECTEDUNPREFIX": unprefixes,
    "EXPECTEDB45DECODE": decodes_base45,
    "EXPECTEDCOMPRESSION": inflates,
    "EXPECTEDDECODE": opens,
    "EXPECTEDENCODE": says_what_the_json_says,
    "EXPECTEDVALIDJSON": says_what_the_json_says,
    "EXPECTEDVALIDOBJECT": opens,
    "EXPECTEDVERIFY": is_signed,
    "EXPECTEDSCHEMAVALIDATION": fits_the_schema,
    "EXPECTEDEXPIRATIONCHECK": is_in_time,
    "EXPTECTEDEXPIRED": is_in_time,
    "EXPECTEDKEYUSAGE": may_be_signed_by_the_key,
    "EXPECTEDPICTUREDECODE": reads_from_a_picture,
    "EXPECTEDRESULTS": opens,
}


def outcome(check: Callable[[Row], bool], row: Row) -> bool:
    try:
        return check(row)
    except FormatError:
        return False


ROWS = list(rows())


@pytest.mark.skipif(not ROWS, reason=f"{VECTORS} is not here")
def test_every_expected_outcome_agrees_or_is_named() -> None:
    named = deviations()
    found = {
        (row["file"], expectation): expected
        for row in ROWS
        for expectation, expected in row["EXPECTEDRESULTS"].items()
        if outcome(CHECKS[expectation], row) is not expected
    }

    assert sorted(set(found) - set(named)) == []
    assert sorted(set(named) - set(found)) == []


@pytest.mark.skipif(not ROWS, reason=f"{VECTORS} is not here")
def test_every_kind_of_expectation_is_checked() -> None:
    assert {name for row in ROWS for name in row["EXPECTEDRESULTS"]} <= set(CHECKS)


@pytest.mark.skipif(not ROWS, reason=f"{VECTORS} is not here")
def test_a_vector_of_which_all_is_expected_to_hold_is_valid() -> None:
    """The whole verdict, not one step. Where no expiry check is expected, the clock was not set with care."""
    named = {file for file, _ in deviations()}
    late = {"not-yet-valid", "expired"}
    refused = [
        (row["file"], found.code)
        for row in ROWS
        if all(row["EXPECTEDRESULTS"].values()) and row["file"] not in named
        for found in [verdict(row)]
        if not (found.ok or (found.code in late and "EXPECTEDEXPIRATIONCHECK" not in row["EXPECTEDRESULTS"]))
    ]

    assert refused == [
        ("LI/2DCode/raw/4.json", "key-usage")
    ]  # a test, signed by a key for something else (issue 339)


def json_of(folder: str) -> list[Path]:
    return sorted((SCHEMA_CASES / folder).rglob("*.json"))


@pytest.mark.skipif(not SCHEMA_CASES.exists(), reason=f"{SCHEMA_CASES} is not here")
def test_valid_and_invalid_examples_of_the_schema_are_told_apart() -> None:
    later = datetime(2023, 1, 1, tzinfo=UTC).timestamp()
    for path in [*json_of("test/valid"), *json_of("examples")]:
        assert schema.check(json.loads(path.read_text()), issued=later) == (), path
        schema.require_exact(json.loads(path.read_text()))
    for path in json_of("test/invalid"):
        with pytest.raises(FormatError):
            schema.require_exact(json.loads(path.read_text()))
