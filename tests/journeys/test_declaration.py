"""A feverish declaration on the public page ends in a test order, in contacts when positive, and closes the gate."""

import pytest
from django.test import Client

from lachan.core import clock, eventlog
from lachan.core.events import CaseConfirmed, DeclarationMade, OrderIssued, SymptomsDeclared, TestOrdered
from lachan.systems.declarations.models import Declaration, Diary
from lachan.systems.quarantine.models import Reading
from tests.town import build, moment

pytestmark = pytest.mark.django_db
ANSWERS = {"travelled": "no", "contact_case": "no", "contact_abroad": "no", "contact_ill": "no"}


def test_a_feverish_declaration_ends_in_a_test_and_a_positive_in_an_order_with_a_diary() -> None:
    town = build()
    typed = ANSWERS | {
        "name": "Lê Văn Sốt", "birth": "1988", "sex": "m", "area": town.here.name, "area_id": str(town.here.pk),
        "address": "3 Bạch Đằng", "symptoms": ["fever", "cough"],
    }  # fmt: skip
    with clock.frozen(moment(1, 8)):
        answer = Client().post("/declare/", typed)
    assert answer.status_code == 303
    made = Declaration.objects.get()
    town.loop(moment(1, 9))
    person = made.person
    [declared] = eventlog.of_person(person.pk, [DeclarationMade])
    [ill] = eventlog.of_person(person.pk, [SymptomsDeclared])
    [ordered] = eventlog.of_person(person.pk, [TestOrdered])
    assert (ordered.reason, ordered.caused_by, ill.caused_by) == ("symptoms", ill.id, declared.id)
    town.test(person, outcome="positive", at=moment(1, 10), known_at=moment(2), ct=20.0)
    town.loop(moment(2, 9))
    assert eventlog.of_person(person.pk, [CaseConfirmed])
    [isolated] = eventlog.of_person(person.pk, [OrderIssued])
    diary = Diary.objects.get(order_number=isolated.order_id)
    with clock.frozen(moment(3, 8)):
        report = Client().post(f"/declare/d/{diary.code}", {"symptoms": ["dyspnoea"]})
    assert report.status_code == 303
    assert diary.reports.get().symptoms == ["dyspnoea"]
    town.loop(moment(3, 9))
    assert Reading.objects.get(order=isolated.order_id).symptoms == ["dyspnoea"]
