"""Commands of officers: reports, interviews, calls, hand-overs, imports."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from lachan.core.errors import Refusal
from lachan.core.events import (
    CaseConfirmed,
    CaseReported,
    CaseWithdrawn,
    ContactCalled,
    ContactFound,
    HandOverDecided,
    SymptomsDeclared,
)
from lachan.core.models import Person
from lachan.core.persons import Identity
from lachan.systems.tracing import queries
from lachan.systems.tracing.commands import calls, cases, handovers, imports, interviews
from lachan.systems.tracing.models import CallOutcome, Case, CaseFinding, Contact, Exposure
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db


def code_of(act: Any) -> str:
    with pytest.raises(Refusal) as raised:
        act()
    return raised.value.code


def report(who: Person, **more: Any) -> Case:
    given = {"symptoms": ("fever", "cough")} | more
    return cases.report_case(person=who, report=cases.Report(**given), actor=world.officer(), at=AT)


def test_report_with_two_symptoms_is_a_suspect_case() -> None:
    case = report(world.people(1)[0])
    case.refresh_from_db()
    assert case.classification == "suspect"
    told = world.log(CaseReported)[0]
    assert (told.classification, told.case_id) == ("suspect", case.pk)
    assert told.caused_by is not None


def test_diagnosis_with_a_link_is_a_probable_case() -> None:
    report(world.people(1)[0], symptoms=(), diagnosis=True, epi_link=True)
    assert Case.objects.get().classification == "probable"


def test_report_without_enough_is_refused_and_leaves_nothing() -> None:
    who = world.people(1)[0]
    assert code_of(lambda: report(who, symptoms=("fever",))) == "not-enough-evidence"
    assert code_of(lambda: report(who, symptoms=())) == "not-enough-evidence"
    assert code_of(lambda: report(who, onset_on=date(2022, 1, 11))) == "onset-in-the-future"
    assert Case.objects.count() == 0


def test_report_taken_back_withdraws_the_case() -> None:
    case = report(world.people(1)[0])
    finding = CaseFinding.objects.get()
    officer = world.officer()
    cases.void_finding(case=case, finding=finding, note="other person", actor=officer, at=AT)
    case.refresh_from_db()
    assert (case.classification, len(world.log(CaseWithdrawn))) == ("withdrawn", 1)
    again = partial(cases.void_finding, case=case, finding=finding, note="", actor=officer, at=AT)
    assert code_of(again) == "finding-already-void"


def test_laboratory_result_is_not_taken_back_by_hand() -> None:
    world.turn_positive(world.people(1)[0])
    case, finding = Case.objects.get(), CaseFinding.objects.get()
    act = partial(cases.void_finding, case=case, finding=finding, note="", actor=world.officer(), at=AT)
    assert code_of(act) == "finding-from-laboratory"


def named(**more: Any) -> interviews.NamedContact:
    given: dict[str, Any] = {"starts_at": AT - DAY, "ends_at": AT - DAY + HOUR, "setting": "friend"}
    return interviews.NamedContact(**given | more)


def tell(case: Case, *contacts: interviews.NamedContact) -> list[Exposure]:
    return interviews.add_exposures(case=case, contacts=contacts, actor=world.officer(), at=AT)


def a_case() -> Case:
    world.turn_positive(world.people(1)[0])
    return Case.objects.get()


def test_person_named_in_an_interview_is_registered_and_a_contact() -> None:
    tell(a_case(), named(identity=Identity(name="Lê Thị Hoa")))
    who = Person.objects.get(name="Lê Thị Hoa")
    assert world.levels() == {who.pk: 1}
    assert Exposure.objects.get().minutes == 60


def test_same_statement_twice_adds_nothing() -> None:
    case, friend = a_case(), world.people(1)[0]
    assert len(tell(case, named(person=friend))) == len(tell(case, named(person=friend))) == 1
    assert (Exposure.objects.count(), len(world.log(ContactFound))) == (1, 1)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ends_at": AT - DAY}, "exposure-period"),
        ({"starts_at": AT + HOUR, "ends_at": AT + DAY}, "exposure-in-the-future"),
        ({"starts_at": AT - 90 * DAY}, "exposure-too-long"),
        ({}, "exposure-of-nobody"),
    ],
)
def test_impossible_statement_is_refused(more: dict[str, Any], code: str) -> None:
    case = a_case()
    assert code_of(lambda: tell(case, named(**more))) == code


def test_nobody_is_their_own_contact() -> None:
    case = a_case()
    assert code_of(lambda: tell(case, named(person=case.person))) == "exposure-with-oneself"


def test_statement_taken_back_clears_the_contact_and_stays_readable() -> None:
    case, friend = a_case(), world.people(1)[0]
    exposure = tell(case, named(person=friend))[0]
    officer = world.officer()
    interviews.withdraw_exposure(exposure=exposure, reason="mistaken", actor=officer, at=AT)
    assert world.levels() == {}
    exposure.refresh_from_db()
    assert exposure.withdrawn_reason == "mistaken"
    again = partial(interviews.withdraw_exposure, exposure=exposure, reason="x", actor=officer, at=AT)
    assert code_of(again) == "exposure-already-withdrawn"


def a_contact() -> Contact:
    tell(a_case(), named(person=world.people(1)[0]))
    return Contact.objects.get()


def test_call_with_symptoms_declares_them_with_the_call_as_cause() -> None:
    contact, officer = a_contact(), world.officer()
    calls.record_call(
        contact=contact, outcome=CallOutcome.REACHED, symptoms=("fever", "cough"), actor=officer, at=AT
    )
    called, ill = world.log(ContactCalled)[0], world.log(SymptomsDeclared)[0]
    assert (called.caused_by, ill.caused_by) == (contact.found_event, called.id)


def test_impossible_calls_are_refused() -> None:
    contact, officer = a_contact(), world.officer()
    call = partial(calls.record_call, contact=contact, actor=officer, at=AT)
    late = partial(call, outcome=CallOutcome.REACHED, next_at=AT - HOUR)
    unreached = partial(call, outcome=CallOutcome.NO_ANSWER, symptoms=("fever",))
    assert code_of(late) == "call-next-not-later"
    assert code_of(unreached) == "call-symptoms-unreached"
    Contact.objects.update(ended_at=AT, end_reason="merged")
    assert code_of(partial(call, outcome=CallOutcome.REACHED)) == "contact-over"
    assert code_of(lambda: calls.take_contact(contact=contact, actor=officer, at=AT)) == "contact-over"


def test_contact_is_taken_and_given_back() -> None:
    contact, one, two = a_contact(), world.officer("one"), world.officer("two")
    calls.take_contact(contact=contact, actor=one, at=AT)
    calls.take_contact(contact=contact, actor=one, at=AT)
    give = partial(calls.give_back_contact, contact=contact, at=AT)
    assert code_of(lambda: give(actor=two)) == "contact-not-yours"
    give(actor=one)
    calls.take_contact(contact=contact, actor=two, at=AT)
    assert Contact.objects.get().tracer == two


def test_urgency_of_calls() -> None:
    case, people = a_case(), world.people(4)
    tell(case, *(named(person=p) for p in people))
    reached, agreed, _fresh, late = Contact.objects.order_by("pk")
    officer = world.officer()
    Contact.objects.filter(pk=late.pk).update(found_at=AT - 25 * HOUR)
    calls.record_call(contact=reached, outcome=CallOutcome.REACHED, actor=officer, at=AT)
    calls.record_call(contact=agreed, outcome=CallOutcome.REACHED, next_at=AT + HOUR, actor=officer, at=AT)
    work = queries.worklist(world.posting("tracer"), at=AT + 2 * HOUR).order_by(*queries.WORK_KEY)
    assert [c.urgency for c in work] == [0, 1, 2, 3]
    assert work[0].pk == late.pk


def test_handed_over_case_is_seen_and_reached_by_the_other_area() -> None:
    case, there = a_case(), world.commune("Phường Đa Kao", "26737")
    posting, officer = world.posting("tracer", area=there), world.officer()
    assert not queries.cases(posting).exists()
    sent = handovers.send_handover(
        case=case, from_area=world.commune(), to_area=there, reason="lives there", actor=officer, at=AT
    )
    assert list(queries.cases(posting)) == [case]
    assert list(queries.reach(posting)) == [case.root_id]
    decide = partial(handovers.decide_handover, handover=sent, actor=officer, at=AT)
    assert code_of(lambda: decide(accepted=True)) == "handover-not-acknowledged"
    handovers.acknowledge_handover(handover=sent, actor=officer, at=AT)
    assert code_of(lambda: decide(accepted=False)) == "handover-needs-reason"
    decide(accepted=False, reason="has moved on")
    assert not queries.cases(posting).exists()
    assert not queries.reach(posting).exists()
    assert world.log(HandOverDecided)[0].accepted is False


def test_contacts_found_after_a_handover_are_reached_as_the_worklist_shows_them() -> None:
    case, there = a_case(), world.commune("Phường Đa Kao", "26737")
    posting = world.posting("tracer", area=there)
    handovers.send_handover(
        case=case, from_area=world.commune(), to_area=there, reason="r", actor=world.officer(), at=AT
    )
    friend = world.people(1)[0]
    met = interviews.NamedContact(
        person=friend, setting="friend", starts_at=AT - DAY, ends_at=AT - DAY + HOUR
    )
    interviews.add_exposures(case=case, contacts=[met], actor=world.officer(), at=AT)
    assert [c.person for c in queries.worklist(posting, at=AT)] == [friend]
    assert set(queries.reach(posting)) == {case.root_id, friend.pk}


def test_handover_of_nothing_or_to_oneself_is_refused() -> None:
    here, officer = world.commune(), world.officer()
    send = partial(handovers.send_handover, from_area=here, reason="r", actor=officer, at=AT)
    assert code_of(lambda: send(to_area=world.commune("B", "2"))) == "handover-nothing"
    case = a_case()
    assert code_of(lambda: send(to_area=here, case=case)) == "handover-same-area"
    send(to_area=world.commune("B", "2"), case=case)
    assert code_of(lambda: send(to_area=world.commune("B", "2"), case=case)) == "handover-under-way"


def rows(n: int) -> list[imports.CaseRow]:
    return [
        imports.CaseRow(
            reference=f"list:{i}", identity=Identity(name=f"Case {i}"), reported_on=date(2022, 1, 8),
            onset_on=date(2022, 1, 5),
        )
        for i in range(n)
    ]  # fmt: skip


def test_import_makes_confirmed_cases_and_again_changes_nothing() -> None:
    officer = world.officer()
    first = imports.import_cases(rows=rows(3), actor=officer, at=AT)
    second = imports.import_cases(rows=rows(4), actor=officer, at=AT)
    assert (len(first.taken), len(first.known)) == (3, 0)
    assert (second.taken, len(second.known)) == (["list:3"], 3)
    assert Case.objects.filter(classification="confirmed").count() == len(world.log(CaseConfirmed)) == 4
    assert {c.onset_on for c in Case.objects.all()} == {date(2022, 1, 5)}


def test_imported_pairs_are_edges_once() -> None:
    officer = world.officer()
    imports.import_cases(rows=rows(2), actor=officer, at=AT)
    pairs = [
        imports.ExposureRow(source="list:0", person="list:1", starts_on=date(2022, 1, 6)),
        imports.ExposureRow(source="list:0", person="list:9"),
        imports.ExposureRow(source="list:0", person="list:0"),
    ]
    first = imports.import_exposures(rows=pairs, actor=officer, at=AT)
    again = imports.import_exposures(rows=pairs, actor=officer, at=AT)
    assert (first.taken, len(first.unknown)) == (["list:0 list:1"], 2)
    assert (again.taken, again.known) == ([], ["list:0 list:1"])
    assert Exposure.objects.get().kind == "import"
    assert world.levels() == {}
