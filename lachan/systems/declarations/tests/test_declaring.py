"""Taking declarations: whose they are, what follows, and that the same is taken once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from lachan.core import eventlog, persons
from lachan.core.events import DeclarationClaimed, DeclarationMade, DeclarerCalled, Event, SymptomsDeclared
from lachan.core.models import Area, Identifier, IdentifierKind, Person, Posting
from lachan.core.names import BadName
from lachan.systems.declarations.commands import (
    CannotCall,
    CannotClaim,
    CannotDeclare,
    Sender,
    claim_declaration,
    correct_declaration,
    record_call,
)
from lachan.systems.declarations.models import Declaration, Provenance
from lachan.systems.declarations.tests.conftest import AT, CLEAR, PHONE, Declare, identity, shown

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_symptoms_are_told_with_their_cause(declare: Declare) -> None:
    made = declare(symptoms=["fever", "pneumonia"])
    told: list[Event] = eventlog.of_person(made.person_id, [DeclarationMade, SymptomsDeclared])
    first, second = told
    assert isinstance(first, DeclarationMade)
    assert (first.declared_outcome, first.rule, first.form_version) == ("call", "pneumonia", "2022-03")
    assert isinstance(second, SymptomsDeclared)
    assert (second.symptoms, second.caused_by) == (("fever", "dyspnoea"), first.id)
    assert (made.outcome, made.symptoms, made.contact) == (3, ["fever", "dyspnoea"], False)


def test_who_feels_well_tells_nothing_to_the_others(declare: Declare) -> None:
    made = declare()
    assert eventlog.of_person(made.person_id, [SymptomsDeclared]) == []
    assert (made.outcome, made.rule) == (0, "")


def test_who_knows_a_name_and_a_number_gets_a_record_of_their_own(declare: Declare, commune: Area) -> None:
    known = declare(about=identity(commune, identifiers={"national_id": "048099753124"})).person
    same = identity(commune, identifiers={"national_id": "048099753124"})
    for sender in (Sender(), Sender(phone=PHONE), Sender(shown=shown())):
        assert declare(about=same, sender=sender).person_id != known.pk
    assert not persons.is_verified(known)


def test_who_shows_the_telephone_finds_their_own_record(declare: Declare, commune: Area) -> None:
    first = declare(sender=Sender(shown=shown()))
    assert (
        declare(about=identity(commune, "tran thi hoa"), sender=Sender(shown=shown())).person_id
        == first.person_id
    )
    assert (
        declare(about=identity(commune, year=1999), sender=Sender(shown=shown())).person_id != first.person_id
    )
    assert declare(sender=Sender(phone=PHONE)).person_id != first.person_id


def test_who_declares_for_another_does_not_get_the_others_record(declare: Declare) -> None:
    """A record that was once joined to the true one would open it."""
    made = declare(sender=Sender(shown=shown(), provenance=Provenance.OTHER, declared_by="Con gái"))
    assert not Identifier.objects.filter(person=made.person, kind=IdentifierKind.PHONE).exists()
    assert made.phone == PHONE


def test_the_same_key_is_one_declaration_and_one_person(declare: Declare) -> None:
    key = uuid4()
    first, again = declare(key=key, symptoms=["fever"]), declare(key=key, symptoms=["cough"])
    assert again.pk == first.pk
    assert again.symptoms == ["fever"]
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_is_one_declaration(declare: Declare) -> None:
    key, start, made = uuid4(), Barrier(4), []

    def send() -> None:
        start.wait()
        made.append(declare(key=key, symptoms=["fever"]).pk)
        connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == Declaration.objects.count() == Person.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"symptoms": ["plague"]}, "answers-wrong"),
        ({"travelled": None}, "answers-wrong"),
        ({"made_at": AT + HOUR}, "declared-in-future"),
        ({"made_at": AT - 61 * 24 * HOUR}, "declared-too-early"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(declare: Declare, change: dict[str, Any], code: str) -> None:
    with pytest.raises(CannotDeclare) as refusal:
        declare(**change)
    assert refusal.value.code == code
    assert not Person.objects.exists()


def test_a_name_that_is_none_is_refused(declare: Declare, commune: Area) -> None:
    with pytest.raises(BadName):
        declare(about=identity(commune, "  "))


def test_a_correction_is_a_new_declaration_of_the_same_person(declare: Declare) -> None:
    first = declare(symptoms=["fever"])
    second = correct_declaration(declaration=first, given=CLEAR, key=uuid4(), at=AT + HOUR)
    assert (second.corrects_id, second.person_id, second.symptoms) == (first.pk, first.person_id, [])
    first.refresh_from_db()
    assert first.symptoms == ["fever"]
    with pytest.raises(CannotDeclare) as again:
        correct_declaration(declaration=first, given=CLEAR, key=uuid4(), at=AT + HOUR)
    assert again.value.code == "already-corrected"


def test_a_week_later_a_new_declaration_is_made_instead(declare: Declare) -> None:
    with pytest.raises(CannotDeclare) as late:
        correct_declaration(declaration=declare(), given=CLEAR, key=uuid4(), at=AT + 170 * HOUR)
    assert late.value.code == "too-late-to-correct"


def on_paper(officer: Posting) -> Sender:
    return Sender(channel="paper", provenance=Provenance.ASSISTED, actor=officer.actor)


def test_what_was_taken_on_paper_is_claimed_once_with_a_telephone(declare: Declare, officer: Posting) -> None:
    made = declare(sender=on_paper(officer))
    claim_declaration(code=made.code, phone=shown(), at=AT + HOUR)
    assert persons.with_identifier(IdentifierKind.PHONE, PHONE) == [made.person]
    assert len(eventlog.of_person(made.person_id, [DeclarationClaimed])) == 1
    with pytest.raises(CannotClaim):
        claim_declaration(code=made.code, phone=shown("+84987654321"), at=AT + HOUR)


def _verified(person: Person, officer: Posting) -> None:
    seen = persons.claim_identifier(person, IdentifierKind.NATIONAL_ID, "048099753124", at=AT)
    persons.verify_identifier(seen, actor=officer.actor, at=AT)


def _with_phone(person: Person, officer: Posting) -> None:
    persons.note_phone(person, "+84900000001", actor=officer.actor, at=AT)


@pytest.mark.parametrize("before", [_verified, _with_phone])
def test_a_record_that_is_somebodys_is_not_claimed_by_a_paper(
    declare: Declare, officer: Posting, before: Callable[[Person, Posting], None]
) -> None:
    made = declare(sender=on_paper(officer))
    before(made.person, officer)
    with pytest.raises(CannotClaim):
        claim_declaration(code=made.code, phone=shown(), at=AT + HOUR)


def test_neither_old_papers_nor_ones_own_declaration_are_claimed(declare: Declare, officer: Posting) -> None:
    for code, at in ((declare(sender=on_paper(officer)).code, AT + 31 * 24 * HOUR), (declare().code, AT)):
        with pytest.raises(CannotClaim):
            claim_declaration(code=code, phone=shown(), at=at)


def test_a_call_is_written_down(declare: Declare, officer: Posting) -> None:
    made = declare(contact_case=True)
    record_call(declaration=made, outcome="reached", actor=officer.actor, at=AT)
    [told] = eventlog.of_person(made.person_id, [DeclarerCalled])
    assert told.call_outcome == "reached"
    with pytest.raises(CannotCall):
        record_call(declaration=made, outcome="sang", actor=officer.actor, at=AT)
