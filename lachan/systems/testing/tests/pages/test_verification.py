"""The second look at results, and amending one."""

from lachan.core.models import Role
from lachan.systems.testing.models import Result
from lachan.systems.testing.tests.conftest import Bench
from lachan.systems.testing.tests.pages.desks import People, Sign, english, entered, url, words


def test_a_verifier_sees_the_entries_of_others_positives_first(
    signed_in: Sign, bench: Bench, people: People
) -> None:
    theirs = entered(bench, bench.technician, "negative", "positive", persons=[people(1), people(1)])
    [own] = entered(bench, bench.verifier, "negative", persons=[people(1)])
    client = english(signed_in(Role.LAB_VERIFIER, actor=bench.verifier, place=bench.laboratory))
    shown = words(client.get(url("verify")))
    assert shown.index(theirs[1].subject.barcode) < shown.index(theirs[0].subject.barcode)
    assert own.subject.barcode not in shown
    assert "1 result that you entered waits" in shown
    assert client.post(url("verify"), {"result": [str(own.pk)], "action": "verify"}).status_code == 409
    assert client.post(url("verify"), {"action": "verify"}).status_code == 409
    both = {"result": [str(r.pk) for r in theirs], "action": "verify"}
    assert client.post(url("verify"), both).status_code == 303
    assert Result.objects.filter(verified_by=bench.verifier).count() == 2
    assert client.post(url("verify"), both).status_code == 409


def test_a_verifier_sends_a_result_back_with_a_reason(signed_in: Sign, bench: Bench, people: People) -> None:
    [result] = entered(bench, bench.technician, "positive", persons=[people(1)])
    client = english(signed_in(Role.LAB_VERIFIER, place=bench.laboratory))
    back = {"result": [str(result.pk)], "action": "return"}
    assert client.post(url("verify"), back).status_code == 409
    assert client.post(url("verify"), back | {"reason": "Row 3"}).status_code == 303
    assert result.subject.barcode in words(client.get(url("bench")))


def test_a_result_is_amended_on_its_page(signed_in: Sign, bench: Bench, people: People) -> None:
    [tube] = bench.received(people(1))
    result = bench.reported(tube.barcode, "positive", ct={"N": 20.0})
    client = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    assert "Amend the result" in words(client.get(url("tube", tube.barcode)))
    page = url("amend", result.pk)
    assert client.post(page, {"outcome": "negative", "reason": ""}).status_code == 422
    assert client.post(page, {"outcome": "positive", "reason": "x", "ct_N": "low"}).status_code == 422
    assert client.post(page, {"outcome": "positive", "reason": "typo", "ct_N": "31,5"}).status_code == 303
    amendment = Result.objects.get(amends=result)
    assert (amendment.ct, amendment.verified_at) == ({"N": 31.5}, None)
    assert client.post(page, {"outcome": "negative", "reason": "again"}).status_code == 422
