"""Green only for what is proven with lists of today; red for what is wrong; amber for what cannot be known."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.codecs.foreign import SENTENCES
from lachan.codecs.hcert.verdict import STEPS
from lachan.issuer import commands, judging, words
from lachan.issuer.judging import Judged
from lachan.issuer.models import Reason, SignerKey
from lachan.issuer.tests.codes import every_sort, publish
from lachan.issuer.tests.conftest import AT, Office

pytestmark = pytest.mark.django_db
UNREADABLE = {
    "base45", "inflate", "inflate-size", "cbor", "cose", "broken", "json", "json-depth", "json-duplicate",
    "json-number", "json-text", "divoc-base64", "divoc-zip", "divoc-content", "vds-content", "link-content",
    "who-content",
}  # fmt: skip
COLOURS = {
    "valid": "valid", "revoked": "invalid", "expired": "invalid", "not-yet-valid": "invalid", "key-usage": "invalid",
    "kid-unknown": "invalid", "kid-unknown-foreign": "unsure", "signature": "invalid", "garbage": "invalid",
}  # fmt: skip


@pytest.fixture
def codes(office: Office) -> dict[str, str]:
    return every_sort(office)


def judged(*texts: str, later: timedelta = timedelta(0)) -> Judged:
    at = AT + later
    return judging.judge(texts, trust=judging.trust(at), at=at)


def test_each_sort_of_code_has_its_colour(codes: dict[str, str]) -> None:
    assert {sort: judged(text).level for sort, text in codes.items()} == COLOURS


def test_each_sort_of_code_has_its_reason(codes: dict[str, str]) -> None:
    found = {sort: judged(text).code for sort, text in codes.items()}
    assert found.pop("garbage") == "unknown-kind"
    assert found.pop("signature") in ("signature", "inflate", "base45", "cose")
    assert found.pop("kid-unknown-foreign") == "kid-unknown"
    assert all(sort == code for sort, code in found.items())


def test_with_lists_older_than_a_day_nothing_is_green(codes: dict[str, str]) -> None:
    day = timedelta(hours=24)
    assert judged(codes["valid"], later=day).level == "valid"
    for sort, text in codes.items():
        late = judged(text, later=day + timedelta(seconds=1))
        assert late.level != "valid", sort
    assert judged(codes["valid"], later=day + timedelta(seconds=1)).code == "lists-old"


def test_without_lists_nothing_is_green(office: Office) -> None:
    found = judged(office.issued().signature.text)
    assert (found.level, found.code, found.lists_as_of) == ("unsure", "lists-old", None)


def test_two_certificates_are_not_judged_together(codes: dict[str, str]) -> None:
    found = judged(codes["valid"], codes["revoked"])
    assert (found.level, found.code, found.found.holder.name) == ("unsure", "several-codes", "")


def test_a_certificate_beside_another_code_is_judged(codes: dict[str, str]) -> None:
    assert judged("https://example.com", codes["valid"]).level == "valid"
    assert judged(codes["valid"], "WIFI:S:x;;").level == "valid"
    assert judged("https://example.com", "WIFI:S:x;;").code == "unknown-kind"


def test_a_picture_without_a_code_is_no_verdict_on_anybody() -> None:
    assert (judged().level, judged().code) == ("unsure", "no-code")


def test_what_is_known_of_a_revocation_is_known_at_once(office: Office) -> None:
    certificate = office.issued()
    publish(office)
    text = certificate.signature.text
    assert judged(text).level == "valid"
    commands.revoke_certificate(certificate=certificate, reason=Reason.FRAUD, actor=office.operator, at=AT)
    publish(office, AT + timedelta(seconds=2))
    assert judged(text, later=timedelta(seconds=3)).code == "revoked"


def test_what_a_compromised_key_signed_is_red_at_once(office: Office) -> None:
    certificate = office.issued()
    publish(office)
    assert judged(certificate.signature.text).level == "valid"
    key = SignerKey.objects.get(purpose="certificates")
    commands.declare_compromised(key=key, reason="stolen", actor=office.operator, at=AT)
    found = judged(certificate.signature.text, later=timedelta(seconds=1))
    assert (found.level, found.code) == ("invalid", "kid-unknown")


def test_lists_are_read_once_for_all_who_ask(codes: dict[str, str]) -> None:
    judged(codes["valid"])
    with CaptureQueriesContext(connection) as asked:
        judged(codes["valid"])
    assert len(asked) == 3
    assert not [q for q in asked if '"content"' in q["sql"]]


@pytest.mark.parametrize("code", sorted({*SENTENCES, *STEPS}))
def test_every_code_of_the_codecs_has_words(code: str) -> None:
    assert (code in words.WHY) is (code not in UNREADABLE)
    assert str(words.why(code))


def test_deviations_are_told_in_words() -> None:
    assert words.warning("schema-dob") != words.warning("schema-dt") != words.warning("tidied")
    assert "value-set" not in words.warning("value-set-mp")
