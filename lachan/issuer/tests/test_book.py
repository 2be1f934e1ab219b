"""Certificates in a person's own record."""

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client

from lachan.core import clock, persons
from lachan.core.models import IdentifierKind, Person
from lachan.issuer import commands
from lachan.issuer.book import CERTIFICATES
from lachan.issuer.models import Intent, Reason
from lachan.issuer.tests.conftest import AT, Office
from lachan.platform import citizens
from lachan.platform.otp import VerifiedPhone

pytestmark = pytest.mark.django_db
PHONE = "+84905123456"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(AT):
        yield


def reading(person: Person) -> Client:
    """Their own browser, after the code on their telephone."""
    persons.claim_identifier(person, IdentifierKind.PHONE, PHONE, at=AT)
    session, token = citizens.start(VerifiedPhone(PHONE, "health-book", AT), device="Chrome", at=AT)
    citizens.actor_of(person, at=AT)
    citizens.be(session, person)
    answer, client = HttpResponse(), Client(raise_request_exception=False)
    citizens.remember(answer, token)
    client.cookies[citizens.COOKIE] = answer.cookies[citizens.COOKIE].value
    return client


def test_who_has_none_sees_no_section(office: Office) -> None:
    assert CERTIFICATES.read(office.person(), AT) is None


def test_one_sees_and_prints_ones_own_and_nobody_elses(office: Office) -> None:
    mine, other = office.issued(), office.issued()
    client = reading(mine.person)
    book = client.get(f"/health-book/{mine.person.code}/").content.decode()
    assert "Comirnaty 2/2, 19/11/2026" in book
    assert f"/health-book/{mine.person.code}/certificates/{mine.pk}" in book
    paper = client.get(f"/health-book/{mine.person.code}/certificates/{mine.pk}")
    assert paper.content.startswith(b"%PDF")
    for code, number in (
        (mine.person.code, other.pk),
        (other.person.code, other.pk),
        (mine.person.code, 2_000_000_001),
    ):
        assert client.get(f"/health-book/{code}/certificates/{number}").status_code == 404


def test_what_was_taken_back_is_said_and_not_printed(office: Office) -> None:
    certificate = office.issued()
    commands.revoke_certificate(certificate=certificate, reason=Reason.FRAUD, actor=office.operator, at=AT)
    client = reading(certificate.person)
    assert "đã thu hồi" in client.get(f"/health-book/{certificate.person.code}/").content.decode()
    answer = client.get(f"/health-book/{certificate.person.code}/certificates/{certificate.pk}")
    assert answer.status_code == 404


def test_what_another_took_the_place_of_is_not_shown(office: Office) -> None:
    old = office.issued()
    commands.reissue_certificate(certificate=old, reason=Reason.BY_MISTAKE, actor=office.operator, at=AT)
    office.sign()
    shown = CERTIFICATES.read(old.person, AT)
    assert shown is not None
    assert [line["certificate"].pk for line in shown["lines"]] == [Intent.objects.get(replaces=old).pk]
