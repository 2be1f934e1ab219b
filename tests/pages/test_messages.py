"""Telling people: one message a cause, in their language, whatever happens twice."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from lachan.core import persons
from lachan.core.eventlog import emit
from lachan.core.events import (
    Event,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    ResultAmended,
    ResultReported,
)
from lachan.core.models import Person
from lachan.core.subscriptions import loop
from lachan.platform import messages
from lachan.platform.messages import text_of
from lachan.platform.models import Message
from lachan.site import notify
from lachan.systems.declarations import handlers as declarations
from lachan.systems.declarations.models import Diary
from tests.town import Town, moment

pytestmark = pytest.mark.django_db
AT = moment(2, 9)
ENDS, TEST = date(2026, 11, 16), date(2026, 11, 5)


def issued(person: Person, kind: str = "home", subject: str = "F1", tests: Any = (TEST,)) -> OrderIssued:
    return OrderIssued(
        happened_at=AT, person_id=person.pk, order_id=1, subject=subject, order_kind=kind,  # type: ignore[arg-type]
        starts_on=date(2026, 11, 2), ends_on=ENDS, test_dates=tests, policy_id="x",
    )  # fmt: skip


def changed(person: Person) -> OrderChanged:
    return OrderChanged(
        happened_at=AT, person_id=person.pk, order_id=1, subject="F1", order_kind="home", ends_on=ENDS, test_dates=(),
        policy_id="x", reason="re-exposed",
    )  # fmt: skip


def lifted(person: Person, reason: str = "source-cleared") -> OrderLifted:
    return OrderLifted(happened_at=AT, person_id=person.pk, order_id=1, reason=reason)


def released(person: Person, until: date | None = None) -> PersonReleased:
    return PersonReleased(happened_at=AT, person_id=person.pk, order_id=1, early=False, monitor_until=until)


def result(person: Person, outcome: str = "negative") -> ResultReported:
    return ResultReported(
        happened_at=AT, person_id=person.pk, result_id=1, outcome=outcome, assay="pcr", collected_at=AT  # type: ignore[arg-type]
    )  # fmt: skip


def amended(person: Person, outcome: str, before: str) -> ResultAmended:
    return ResultAmended(
        happened_at=AT, person_id=person.pk, result_id=2, amends_id=1, outcome=outcome, previous_outcome=before,  # type: ignore[arg-type]
        assay="pcr", collected_at=AT,
    )  # fmt: skip


Make = Callable[[Person], Event]
Handler = Callable[[Sequence[Any], Any], None]
SAID: list[tuple[Handler, Make, str]] = [
    (notify.order_issued, issued, "order-home"),
    (notify.order_issued, lambda p: issued(p, "facility"), "order-facility"),
    (notify.order_issued, lambda p: issued(p, "monitoring", "F2", ()), "order-monitoring"),
    (notify.order_issued, lambda p: issued(p, "facility", "F0"), "order-isolation"),
    (notify.order_issued, lambda p: issued(p, "home", "F0"), "order-isolation"),
    (notify.order_issued, lambda p: issued(p, "home", "arrival"), "order-entry-home"),
    (notify.order_issued, lambda p: issued(p, "facility", "arrival"), "order-entry-facility"),
    (notify.order_changed, changed, "order-changed"),
    (notify.order_lifted, lifted, "order-lifted"),
    (notify.released, released, "released"),
    (notify.released, lambda p: released(p, ENDS), "released-monitor"),
    (notify.result, lambda p: result(p, "positive"), "result-positive"),
    (notify.result, result, "result-negative"),
    (notify.result, lambda p: result(p, "indeterminate"), "result-unclear"),
    (notify.result, lambda p: result(p, "invalid"), "result-unclear"),
    (notify.result_amended, lambda p: amended(p, "positive", "negative"), "amended-positive"),
    (notify.result_amended, lambda p: amended(p, "negative", "positive"), "amended-negative"),
    (notify.result_amended, lambda p: amended(p, "indeterminate", "negative"), "amended-unclear"),
]


def told(town: Town, make: Make, *people: Person) -> Any:
    """Recorded, without the loop: the handlers are called by the tests themselves."""
    from lachan.core.models import Delivery

    events = emit([make(p) for p in people], actor=town.system)
    Delivery.objects.all().delete()
    return events


@pytest.mark.parametrize(("handler", "make", "template"), SAID)
def test_each_cause_is_told_once(
    town: Town, hoa: Person, handler: Handler, make: Make, template: str
) -> None:
    events = told(town, make, hoa)
    for _ in range(2):
        handler(events, AT)
    message = Message.objects.get()
    assert (message.person, message.cause_id, message.template) == (hoa, events[0].id, template)
    assert message.queued_at == AT


@pytest.mark.parametrize(("handler", "make", "template"), SAID)
def test_people_are_told_in_their_language(
    town: Town, hoa: Person, handler: Handler, make: Make, template: str
) -> None:
    john = town.resident("John Smith", sex="m")
    Person.objects.filter(pk=john.pk).update(language="en")
    with translation.override("en"):
        handler(told(town, make, hoa, john), AT)
    texts = {m.person_id: text_of(m) for m in Message.objects.all()}
    assert texts[hoa.pk] != texts[john.pk]
    assert "you" in texts[john.pk].lower().split() or "your" in texts[john.pk].lower().split()
    assert not set("ăâđêôơư").isdisjoint(texts[hoa.pk].lower())
    for text in texts.values():
        assert "%(" not in text
        assert hoa.name not in text, "a telephone may be read by others"
    if template == "order-home":
        assert "16/11/2026" in texts[hoa.pk]
        assert "05/11/2026" in texts[hoa.pk]


# Read beside what leads to them: lachan/site/tests/test_vaccination_texts.py, and the reminders of vaccination.
ELSEWHERE = {
    "vaccination-invited", "vaccination-cancelled", "vaccination-rejected", "vaccination-tomorrow", "vaccination-dose",
    "vaccination-due", "vaccination-recalled", "diary-reminder",
}  # fmt: skip
OF_VACCINATION = {
    notify.invited, notify.invitation_cancelled, notify.registration_rejected, notify.dose_given, notify.recalled,
}  # fmt: skip


def test_every_template_is_used_and_read_by_a_test() -> None:
    assert {template for _, _, template in SAID} | ELSEWHERE == set(notify.TEXTS)


def test_the_text_of_an_order_carries_the_link_of_its_own_diary(town: Town, hoa: Person) -> None:
    """Whichever of the two hears of the order first."""
    events = told(town, issued, hoa)
    notify.order_issued(events, AT)
    declarations.open_diaries(events, AT)
    code = Diary.objects.get(person=hoa).code
    assert text_of(Message.objects.get()).count(f"/declare/d/{code}") == 1


@pytest.mark.parametrize(("language", "words"), [("vi", "khó thở"), ("en", "breathing")])
def test_a_reminder_of_the_diary_carries_its_link(language: str, words: str) -> None:
    link = "http://127.0.0.1:8000/declare/diary/ABC"
    text = text_of(Message(template="diary-reminder", language=language, facts={"link": link}))
    assert link in text
    assert words in text.lower()


def test_a_corrected_ct_disturbs_nobody(town: Town, hoa: Person) -> None:
    notify.result_amended(told(town, lambda p: amended(p, "positive", "positive"), hoa), AT)
    assert not Message.objects.exists()


def test_the_number_of_a_joined_record_is_used(town: Town, hoa: Person) -> None:
    twin = town.resident("Trần Thị Hoà")
    persons.claim_identifier(twin, "phone", "+84905000111", at=AT)
    persons.merge(kept=hoa, merged=twin, reason="same card", actor=town.system, at=AT)
    assert messages._phones({hoa.pk}) == {hoa.pk: "+84905000111"}
    persons.claim_identifier(hoa, "phone", "+84905000222", at=AT)
    assert messages._phones({hoa.pk}) == {hoa.pk: "+84905000222"}


def test_whose_order_another_replaced_is_told_by_the_other_one_only(town: Town, hoa: Person) -> None:
    notify.order_lifted(told(town, lambda p: lifted(p, "superseded"), hoa), AT)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("handler", "make"), [(notify.order_issued, issued), (notify.result, result), (notify.released, released)]
)
def test_a_batch_costs_as_many_statements_as_one(
    town: Town, hoa: Person, handler: Handler, make: Make
) -> None:
    few, many = [], [town.resident(f"Người Số {n}") for n in range(40)]
    counts = []
    for people in ([hoa], many):
        few = told(town, make, *people)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            handler(few, AT + timedelta(minutes=1))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Message.objects.count() == 41


def test_the_loop_tells_through_these_handlers() -> None:
    ours = {on.do for on in loop().table if on.do.__module__ == notify.__name__}
    assert ours == {handler for handler, _, _ in SAID} | OF_VACCINATION
