"""Many codes judged together: each as if it were alone."""

from collections.abc import Iterator
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import example, given
from hypothesis import strategies as st

from lachan.codecs.hcert import base45, signatures, verify, verify_many
from lachan.codecs.hcert.verifying import FEW
from lachan.codecs.tests.hcert.making import AT, TRUST, issued, judged, payload
from lachan.codecs.tests.hcert.mutations import MUTATORS, genuine
from lachan.codecs.tests.hcert.mutations import TRUST as KNOWN
from lachan.codecs.tests.hcert.test_verify import REFUSED

NUMBERS = st.integers(0, 2**256 - 1)


def unsound() -> Iterator[str | bytes]:
    """No text, no prefix, no Base45 by its letters, its length, its values, its end; no certificate."""
    yield from (
        7,
        None,
        "",
        "HC2:BB8",
        "HC1:bb8",
        "HC1:BB8A",
        "HC1:GGW",
        "HC1:::",
        "HC1:",
        b"HC1:BB8",
        b"\xff",
    )  # type: ignore[misc]
    yield from (text for text, _, trust, at in REFUSED.values() if (trust, at) == (TRUST, AT))


def test_among_others_each_gets_the_verdict_that_it_gets_alone() -> None:
    sound = [issued(payload(kind)) for kind in "vtr"]
    texts: list[str | bytes] = []
    for number, text in enumerate(unsound()):
        texts += [text, *sound[: number % 4], issued(payload(dn=number % 3 + 1, sd=3))]
    assert len(texts) > 2 * FEW

    verdicts = list(verify_many(texts, trust=TRUST, at=AT))

    assert len(verdicts) == len(texts)
    for text, verdict in zip(texts, verdicts, strict=True):
        assert verdict == judged(text)
    assert {verdict.code for verdict in verdicts} >= {
        "valid",
        "broken",
        "prefix",
        "base45",
        "inflate",
        "signature",
    }


def test_altered_certificates_among_genuine_ones_get_the_verdict_that_they_get_alone() -> None:
    chance, originals = Random(11), genuine()
    texts = [alter(chance, chance.choice(originals)) for alter in MUTATORS.values() for _ in range(40)]
    texts += [original.text for original in originals] * 10
    chance.shuffle(texts)

    for text, verdict in zip(texts, verify_many(texts, trust=KNOWN, at=AT), strict=True):
        assert verdict[:3] == verify(text, trust=KNOWN, at=AT)[:3]


def test_of_none_there_is_no_verdict() -> None:
    assert list(verify_many([], trust=TRUST, at=AT)) == []


def test_texts_are_taken_as_they_are_needed() -> None:
    taken = []

    def arriving() -> Iterator[str]:
        for number in range(10 * FEW):
            taken.append(number)
            yield "HC1:"

    assert next(verify_many(arriving(), trust=TRUST, at=AT)).code == "inflate"
    assert len(taken) == FEW


def test_sound_codes_are_decoded_together_and_one_that_is_not_makes_no_difference(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone = []

    def noted(text: str) -> bytes:
        alone.append(text)
        return real(text)

    real = base45.decode
    monkeypatch.setattr(base45, "decode", noted)
    text = issued()
    assert [verdict.ok for verdict in verify_many(["no", text, text], trust=TRUST, at=AT)] == [
        False,
        True,
        True,
    ]
    assert alone == []

    assert [verdict.ok for verdict in verify_many([text, "HC1:A"], trust=TRUST, at=AT)] == [True, False]
    assert alone == [text[4:], "A"]
    assert verify(text, trust=TRUST, at=AT).ok
    assert len(alone) == 3


@given(NUMBERS, NUMBERS)
@example(0, 1)
@example(0x7F << 248, 0x80 << 248)
@example(0x7F << 240, 0x80 << 240)
@example(0x7F, 0x80)
@example(2**256 - 1, 0xFF << 8)
def test_signatures_are_written_as_the_library_writes_them(r: int, s: int) -> None:
    der, raw = encode_dss_signature(r, s), r.to_bytes(32, "big") + s.to_bytes(32, "big")
    assert signatures.der_of(raw) == der
    assert signatures.raw_of(der) == raw
