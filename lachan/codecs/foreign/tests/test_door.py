import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.foreign import SENTENCES, Kind, Unpacked, unpack
from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.health_cards import read_file
from lachan.codecs.foreign.tests.making import (
    ANCHORS,
    AT,
    CSCA_KEY,
    KEY,
    MESSAGE,
    NOBODY,
    OTHER_KEY,
    SIGNER,
    b64,
    card,
    certificate,
    chunks,
    claims,
    credential,
    deflated,
    der,
    digits,
    divoc,
    link,
    minified,
    mutated,
    repacked,
    seal,
    sealed,
)
from lachan.codecs.foreign.tests.making_who import CORE, DSC, TRUST, YELLOW_FEVER, hcert, token
from lachan.codecs.hcert import Trust, TrustedKey

ALL = replace(ANCHORS, hcert=TRUST)
GENUINE = {
    "digits": "shc:/" + digits(card()),
    "parts": " ".join(chunks(card(), 2)),
    "jws": card(),
    "divoc": divoc(),
    "seal": seal(),
    "link": link(),
    "icvp": token(hcert(dvc=YELLOW_FEVER)),
    "ddcc": token(hcert(vaccination=CORE)),
}


def read(text: str, anchors: Anchors = ALL) -> Unpacked:
    return unpack(text, anchors=anchors, at=AT)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (GENUINE["digits"], Kind.SHC),
        ("  " + GENUINE["jws"] + "\n", Kind.SHC),
        (GENUINE["divoc"], Kind.DIVOC),
        (GENUINE["divoc"].replace("B64", "b64"), Kind.DIVOC),
        (GENUINE["seal"], Kind.VDS_NC),
        (GENUINE["link"], Kind.HEALTH_LINK),
        ("https://viewer.example.org/#" + GENUINE["link"], Kind.HEALTH_LINK),
        (link("vhlink:/"), Kind.HEALTH_LINK),
        (GENUINE["icvp"], Kind.ICVP),
        (GENUINE["ddcc"], Kind.DDCC),
        ("HC1:", Kind.DCC),
        ("", Kind.UNKNOWN),
        ("LC1:0123456789ABCDEFG", Kind.UNKNOWN),
        ("https://example.org/#/verify", Kind.UNKNOWN),
        ('{"a":1}', Kind.UNKNOWN),
        ("ſhc:/5676", Kind.UNKNOWN),
    ],
)
def test_the_kind_is_known_by_the_first_characters(text: str, kind: Kind) -> None:
    assert read(text).kind == kind


def test_a_link_is_named_and_neither_opened_nor_kept_with_its_key() -> None:
    found = read(link())
    assert (found.code, found.signature, found.level(AT)) == ("link", "unchecked", "unsure")
    assert (found.issuer, found.number) == ("ehr.example.org", "Hồ sơ")
    assert found.raw is not None
    assert "key" not in found.raw


@pytest.mark.parametrize(
    "url", [None, 5, "http://ehr.example.org", "https://", "https://[", "javascript:alert(1)"]
)
def test_a_link_to_no_safe_place_is_refused(url: object) -> None:
    assert read(link(url=url)).code == "link-content"


def test_personal_fields_are_not_in_what_logs_print() -> None:
    shown = repr(read(GENUINE["seal"]))
    assert "Smith" not in shown
    assert "U32870" not in shown


class Unreadable(dict[str, Any]):
    """Anchors that fail when they are asked: the one way known to the innermost door."""

    def get(self, *_: object) -> Any:
        raise LookupError("broken list")


# One text for every outcome that there is.
REACHED: dict[str, Callable[[], Unpacked]] = {
    "valid": lambda: read(card()),
    "unchecked": lambda: read(divoc()),
    "unknown-issuer": lambda: read(card(), NOBODY),
    "link": lambda: read(link()),
    "signature": lambda: read(card(key=OTHER_KEY)),
    "algorithm": lambda: read(card(alg="none")),
    "key-usage": lambda: read(seal(signer=signer_without_use())),
    "key-not-valid": lambda: unpack(seal(), anchors=ALL, at=AT.replace(year=2020)),
    "revoked": lambda: read(token(hcert(vaccination=CORE)), Anchors(taken_back())),
    "not-yet-valid": lambda: read(card(claims(nbf=4_000_000_000))),
    "expired": lambda: read(card(claims(exp=1))),
    "length": lambda: read("x" * 10_000_000),
    "broken": lambda: read(card(), Anchors(health_cards=Unreadable())),
    "unknown-kind": lambda: read("hello"),
    "json": lambda: read("{"),
    "json-depth": lambda: read('{"a":' * 3_000),
    "json-duplicate": lambda: read('{"data":1,"data":2}'),
    "json-number": lambda: read('{"data":NaN}'),
    "json-text": lambda: read('{"data":"\\ud800"}'),
    "shc-digits": lambda: read("shc:/567"),
    "shc-parts": lambda: read("shc:/1/2/56 shc:/2/3/56"),
    "shc-parts-missing": lambda: read("shc:/1/2/56"),
    "shc-several": lambda: read('{"verifiableCredential":["a","b"]}'),
    "jws": lambda: read("eyJ.a"),
    "jws-header": lambda: read(card(zip=None)),
    "inflate": lambda: read(card(b"\xff\xff")),
    "inflate-size": lambda: read(card(deflated(b" " * 70_000))),
    "shc-issuer": lambda: read(card(claims(iss="http://example.org"))),
    "shc-content": lambda: read(card(claims(vc={}))),
    "divoc-base64": lambda: read("B64:!"),
    "divoc-zip": lambda: read("B64:AAAA"),
    "divoc-content": lambda: read('{"credentialSubject":{}}'),
    "vds-content": lambda: read('{"data":{},"sig":{}}'),
    "vds-certificate": lambda: read(seal(cer="AAAA")),
    "link-content": lambda: read("shlink:/!"),
    "who-content": lambda: read(token({"name": "A"})),
}


def signer_without_use() -> x509.Certificate:
    return certificate("Signer", KEY, "CSCA", CSCA_KEY, use=None)


class Everything:
    def holds(self, certificate_id: str | None, signature: bytes) -> bool:
        return bool(certificate_id and signature)


def taken_back() -> Trust:
    return Trust([TrustedKey.of_certificate(der(DSC))], revoked=Everything())


@pytest.mark.parametrize("code", SENTENCES)
def test_every_outcome_is_reached_and_says_its_sentence(code: str) -> None:
    found = REACHED[code]()
    assert (found.code, found.sentence) == (code, SENTENCES[code])
    assert found.ok == (code == "valid")
    assert (found.level(AT) == "valid") == (code == "valid")


def test_only_proven_certificates_are_green_and_only_with_fresh_lists() -> None:
    undated = replace(ALL, as_of=None)
    assert read(card(), undated).level(AT) == "unsure"
    assert read(card()).level(AT) == "valid"


HOSTILE = [
    "\0",
    "\ud800",
    "shc:/" + "9" * 4_000,
    "shc:/" + "0" * 19_000,
    "shc:/0/0/12",
    "shc:/999/999/12",
    "shc:/" * 3_000,
    "shc:/1/1/" + "٣" * 10,
    " ".join(f"shc:/{n}/999/12" for n in range(1, 999)),
    "eyJ" * 6_000,
    "eyJ.eyJ.eyJ",
    "..",
    "B64:" + "A" * 4_292,
    "B64:UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==",
    "PK\x05\x06" + "\0" * 18,
    "PK\x03\x04" + "\xff" * 4_000,
    '{"data":{"hdr":{},"msg":{"pid":[],"ve":[[[]]]}},"sig":[]}',
    '{"verifiableCredential":[[]]}',
    '{"verifiableCredential":{}}',
    '{"credentialSubject":[],"evidence":{}}',
    "shlink:/" + b64(b"[" * 3_000),
    "https://" + "#" * 4_000,
    "HC1:" + ":" * 4_000,
    "HC1:\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_refused_quickly(text: str) -> None:
    began = time.process_time()
    found = read(text)
    assert found.code != "valid"
    assert found.holder.name == ""
    assert time.process_time() - began < 0.25


def said(found: Unpacked) -> object:
    """What must not change when a text changes and is still accepted."""
    return (found.kind, found.holder, found.entries, found.issuer, found.number, found.raw)


@pytest.mark.filterwarnings("ignore")  # the library also warns of what it then refuses
@pytest.mark.parametrize("name", GENUINE)
def test_a_mutated_text_never_raises_and_is_accepted_only_unchanged(name: str) -> None:
    chance = random.Random(name)
    original = read(GENUINE[name])
    assert original.code in {"valid", "unchecked", "link"}
    for _ in range(2_500):
        text = mutated(GENUINE[name], chance)
        found = read(text)
        assert found.code != "broken", text
        assert not found.ok or said(found) == said(original), text


@pytest.mark.parametrize("seed", range(3))
def test_content_of_any_shape_never_raises(seed: int) -> None:
    """Signed again after each change, so that it reaches the last layers."""
    chance = random.Random(seed)
    for _ in range(400):
        texts = (
            card(repacked(claims(), chance)),
            divoc(repacked(credential(), chance)),
            seal(repacked(sealed(MESSAGE), chance)),
            json.dumps(repacked(json.loads(seal()), chance)),
            link(**repacked({"url": "https://a.example", "exp": 1, "label": "x"}, chance)),
            token(hcert(dvc=repacked(YELLOW_FEVER, chance))),
            token(hcert(vaccination=repacked(CORE, chance))),
            token(repacked(CORE, chance)),
        )
        assert "broken" not in {read(text).code for text in texts}, texts


@pytest.mark.filterwarnings("ignore")  # the library also warns of what it then refuses
def test_a_certificate_with_any_byte_changed_never_raises() -> None:
    whole = der(SIGNER)
    chance = random.Random(9)
    for _ in range(1_500):
        changed = bytearray(whole)
        changed[chance.randrange(len(whole))] = chance.randrange(256)
        found = read(seal(cer=b64(bytes(changed))))
        assert found.code != "broken", bytes(changed).hex()
        if found.ok:  # the count of unused bits of the signature may change, what is signed may not
            read_again = x509.load_der_x509_certificate(bytes(changed))
            assert read_again.tbs_certificate_bytes == SIGNER.tbs_certificate_bytes


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(
        ["", "shc:/", "shc:/1/2/", "eyJ", "B64:", "PK\x03\x04", "{", '{"data":', "shlink:/", "HC1:"]
    ),
    st.text(st.characters(), max_size=200),
)
def test_any_text_gets_an_answer(start: str, rest: str) -> None:
    found = read(start + rest)
    assert found.code
    assert found.sentence
    assert found.code != "broken"
    assert not found.ok


def test_a_file_of_cards_is_read_from_json_alone() -> None:
    assert read_file({"verifiableCredential": [card()]}, ALL, AT).ok
    assert read(minified({"verifiableCredential": []}).decode()).code == "jws"
