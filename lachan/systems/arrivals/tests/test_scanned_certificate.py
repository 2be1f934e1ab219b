"""A signed certificate goes through the officer's box: the signature, the lists, the name, and then the duty."""

from datetime import date
from typing import Any

import pytest

from lachan.core import clock
from lachan.issuer.tests.codes import publish
from lachan.issuer.tests.conftest import AT, office_at
from lachan.systems.arrivals.models import ArrivalDeclaration, CertificateSeen, Clearance
from lachan.systems.arrivals.tests.rows import at_gate, declared
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
DAY = AT.date()


@pytest.fixture(autouse=True)
def rules_of_today(settings: Any, rules_of_the_time: None) -> None:
    settings.LACHAN_POLICY = "vn/exercise"


def entering(name: str = "MARTIN CLAIRE") -> ArrivalDeclaration:
    return declared(name, at=AT, departed_on=DAY, arrives_on=DAY)


def certificate_of(made: ArrivalDeclaration) -> str:
    """Two doses of two, seven weeks ago."""
    office = office_at()
    office.key_in_use()
    text = office.issued(office.record(person=made.person, happened_on=date(2026, 10, 1))).signature.text
    publish(office)
    return text


def test_a_certificate_that_verifies_and_names_the_traveller_changes_the_duty() -> None:
    made = entering()
    text = certificate_of(made)
    with clock.frozen(AT):
        desk = browser_of(at_gate())
        page = f"/arrivals/{made.pk}/"
        assert "Stay at home" in desk.get(page).content.decode()
        desk.post(page, {"typed": text})
        shown = desk.get(page).content.decode()
        assert "valid, of this traveller (VN)" in shown
        desk.post(page, {"typed": "366"})
    seen = CertificateSeen.objects.get()
    assert (seen.valid, seen.doses, seen.complete, seen.happened_on) == (True, 2, True, date(2026, 10, 1))
    assert (Clearance.objects.get().duty, Clearance.objects.get().reasons[0]) == ("test", "immune-no-test")


def test_an_altered_one_and_that_of_another_change_nothing() -> None:
    made, other = entering(), entering("DUPONT JEAN")
    text = certificate_of(made)
    with clock.frozen(AT):
        desk = browser_of(at_gate())
        desk.post(f"/arrivals/{made.pk}/", {"typed": text[:-4] + "ABCD"})
        desk.post(f"/arrivals/{other.pk}/", {"typed": text})
        reasons = dict(CertificateSeen.objects.values_list("declaration", "reason"))
        assert reasons[other.pk] == "other-name"
        assert reasons[made.pk] not in ("", "other-name")
        for one in (made, other):
            desk.post(f"/arrivals/{one.pk}/", {"typed": "366"})
    assert set(Clearance.objects.values_list("duty", flat=True)) == {"home"}
