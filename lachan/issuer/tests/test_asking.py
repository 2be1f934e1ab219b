"""Up to twenty are taken back alone; for more it takes two, by rule and by database."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.issuer import commands, queries
from lachan.issuer.commands import asking
from lachan.issuer.models import (
    Compromise,
    Reason,
    RecallRequest,
    Record,
    Revocation,
    RevocationOrder,
    Scope,
    SignerKey,
)
from lachan.issuer.queries.affected import Aim, affected
from lachan.issuer.tests.conftest import AT, TODAY, YESTERDAY, Office
from lachan.issuer.tests.many import records

pytestmark = pytest.mark.django_db
LOT = Aim(scope=Scope.LOT, reason=Reason.LOT_RECALLED, evidence="letter 12", lot="L-9")


def certified(office: Office, count: int, lot: str = "L-9") -> None:
    records(office, count, lot=lot)
    for _ in commands.request_batch(records=Record.objects.filter(lot=lot), actor=office.operator, at=AT):
        pass


def recalled(office: Office, aim: Aim = LOT) -> RecallRequest | None:
    return asking.recall_many(aim=aim, actor=office.operator, at=AT)


def decided(office: Office, request: RecallRequest, *, agreed: bool = True, actor: Any = None) -> int:
    return asking.decide_recall(request=request, agreed=agreed, actor=actor or office.colleague, at=AT)


def test_twenty_are_taken_back_alone_and_twenty_one_are_not(office: Office) -> None:
    certified(office, 20)
    assert recalled(office) is None
    assert Revocation.objects.count() == 20
    certified(office, 21, lot="L-10")
    other = Aim(scope=Scope.LOT, reason=Reason.LOT_RECALLED, evidence="letter 13", lot="L-10")
    asked = recalled(office, other)
    assert asked is not None
    assert (asked.certificates, Revocation.objects.count()) == (21, 20)


def test_a_second_officer_agrees_and_it_is_done(office: Office) -> None:
    certified(office, 25)
    asked = recalled(office)
    assert asked is not None
    assert decided(office, asked) == 25
    order = RevocationOrder.objects.get()
    assert (order.certificates, order.ordered_by, order.evidence) == (25, office.colleague, "letter 12")
    with pytest.raises(asking.CannotDecide, match="decided-before"):
        decided(office, asked)


def test_a_second_officer_does_not_agree_and_nothing_happens(office: Office) -> None:
    certified(office, 25)
    asked = recalled(office)
    assert asked is not None
    assert decided(office, asked, agreed=False) == 0
    assert not Revocation.objects.exists()
    assert recalled(office) is not None, "it may be asked for again"


def test_nobody_decides_their_own_request(office: Office) -> None:
    certified(office, 25)
    asked = recalled(office)
    assert asked is not None
    with pytest.raises(asking.CannotDecide, match="own-request"):
        decided(office, asked, actor=office.operator)
    with pytest.raises(commands.CannotRevoke, match="asked-before"):
        recalled(office)
    assert not Revocation.objects.exists()


def test_a_place_and_its_days_are_counted_and_recalled(office: Office) -> None:
    office.issued(office.record(happened_on=YESTERDAY))
    office.issued(office.record(happened_on=TODAY))
    aim = Aim(
        scope=Scope.PLACE, reason=Reason.FRAUD, evidence="inspection", place=office.site,
        starts_on=YESTERDAY, ends_on=TODAY,
    )  # fmt: skip
    assert affected(aim) == 1
    assert recalled(office, aim) is None
    assert Revocation.objects.count() == 1


def test_a_key_is_given_up_alone_while_it_signed_little(office: Office) -> None:
    office.issued()
    key = SignerKey.objects.get(purpose="certificates")
    aim = Aim(scope=Scope.KEY, reason=Reason.KEY_COMPROMISED, evidence="stolen", key=key)
    assert affected(aim) == 1
    assert recalled(office, aim) is None
    assert Compromise.objects.get().reason == "stolen"


def test_a_key_that_signed_many_takes_two(office: Office) -> None:
    certified(office, 30)
    office.sign()
    key = SignerKey.objects.get(purpose="certificates")
    asked = recalled(office, Aim(scope=Scope.KEY, reason=Reason.KEY_COMPROMISED, evidence="stolen", key=key))
    assert asked is not None
    assert not Compromise.objects.exists()
    assert decided(office, asked) == 30
    assert Compromise.objects.get().declared_by == office.colleague
    assert not queries.trusted(AT + timedelta(seconds=1))


def test_an_order_without_evidence_or_effect_is_refused(office: Office) -> None:
    certified(office, 1)
    for aim, code in (
        (Aim(scope=Scope.LOT, reason=Reason.FRAUD, evidence=" ", lot="L-9"), "no-evidence"),
        (Aim(scope=Scope.LOT, reason=Reason.FRAUD, evidence="x", lot="L-90"), "nothing-affected"),
        (Aim(scope=Scope.KEY, reason=Reason.FRAUD, evidence="x"), "no-key"),
    ):
        with pytest.raises(commands.CannotRevoke, match=code):
            recalled(office, aim)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("recall_request_decided_by_somebody", {"decided_at": AT}),
        ("recall_request_decided_by_somebody", {"agreed": True}),
        ("recall_request_takes_two", {"decided_by": "operator", "decided_at": AT, "agreed": True}),
        ("recall_request_names_what_it_recalls", {"lot": ""}),
        ("recall_request_names_what_it_recalls", {"scope": "place"}),
        ("recall_request_names_what_it_recalls", {"scope": "one"}),
        ("recall_request_says_why", {"evidence": ""}),
    ],
)
def test_the_database_refuses_it_too(office: Office, constraint: str, wrong: dict[str, Any]) -> None:
    row: dict[str, Any] = {
        "scope": "lot", "reason": "fraud", "evidence": "letter", "lot": "L-9", "certificates": 21,
        "asked_by": office.operator, "asked_at": AT,
    }  # fmt: skip
    if wrong.get("decided_by") == "operator":
        wrong = wrong | {"decided_by": office.operator}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RecallRequest.objects.create(**row | wrong)
    RecallRequest.objects.create(**row)
