"""From results to contacts, as the loop tells it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lachan.core import actors, persons
from lachan.core.eventlog import chain
from lachan.core.events import (
    BedAssigned,
    CaseConfirmed,
    CaseReported,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    CrowdExposed,
    PersonsMerged,
    PersonsSplit,
    SymptomsDeclared,
)
from lachan.core.models import EventRow, PersonMerge, PlaceKind
from lachan.platform import policies
from lachan.systems.tracing import handlers
from lachan.systems.tracing.commands import interviews, upkeep
from lachan.systems.tracing.models import Case, CaseFinding, Contact, Exposure
from lachan.systems.tracing.tests import world
from lachan.systems.tracing.tests.world import AT, DAY, HOUR

pytestmark = pytest.mark.django_db


def test_positive_swab_leads_to_f1_and_f2() -> None:
    ill, friend, far, stranger = world.people(4)
    cafe, market = world.venue(), world.venue()
    world.visit(cafe, [ill, friend], since=AT - 4 * DAY)
    world.visit(cafe, [ill, friend], since=AT - 2 * DAY + HOUR)
    world.visit(market, [friend, far], since=AT + 2 * HOUR)
    world.visit(market, [friend, stranger], since=AT - DAY)
    world.turn_positive(ill, collected=AT, at=AT + DAY)
    assert world.levels() == {friend.pk: 1, far.pk: 2}
    swab, case, first, second = reversed(chain(world.log(ContactFound, far)[0].id))
    assert [e.kind for e in (swab, case, first, second)] == [
        "ResultReported", "CaseConfirmed", "ContactFound", "ContactFound",
    ]  # fmt: skip
    exposure = Exposure.objects.get(person=friend, source=ill)
    assert (exposure.minutes, exposure.kind, exposure.setting) == (60, "co-presence", "venue")
    assert len(exposure.presence_ids) == 2


def f2_at_the_cafe() -> tuple[Any, Any, Any]:
    """A case, their F1, and the F1's F2; a day after the swab."""
    ill, friend, far = world.people(3)
    cafe = world.venue()
    world.visit(cafe, [ill, friend], since=AT - 2 * DAY + HOUR)
    world.visit(cafe, [friend, far], since=AT + 2 * HOUR)
    return ill, friend, far


def test_amended_result_withdraws_the_case_and_clears_its_contacts() -> None:
    ill, friend, far = f2_at_the_cafe()
    swab = world.turn_positive(ill, at=AT + DAY)[0]
    handlers.withdraw_cases([world.amended(swab, "negative")], AT + DAY)
    assert world.levels() == {}
    assert Case.objects.get().classification == "withdrawn"
    assert [e.reason for e in world.log(ContactCleared, friend, far)] == ["case-withdrawn", "case-withdrawn"]
    withdrawn = world.log(CaseWithdrawn)[0]
    f1, f2 = world.log(ContactCleared, friend)[0], world.log(ContactCleared, far)[0]
    assert (f1.caused_by, f2.caused_by) == (withdrawn.id, f1.id)


def test_positive_again_after_a_withdrawal_is_a_new_case() -> None:
    ill = world.people(1)[0]
    swab = world.turn_positive(ill)[0]
    away = world.amended(swab, "invalid")
    handlers.withdraw_cases([away], AT)
    handlers.confirm_cases([world.amended(away, "positive")], AT)
    assert sorted(Case.objects.values_list("classification", flat=True)) == ["confirmed", "withdrawn"]


def test_positive_amended_to_positive_replaces_what_it_amends() -> None:
    ill, _friend, _far = f2_at_the_cafe()
    swab = world.turn_positive(ill, at=AT + DAY)[0]
    again = world.amended(swab, "positive")
    handlers.confirm_cases([again], AT + DAY)
    handlers.confirm_cases([again], AT + DAY)
    assert len(world.log(CaseConfirmed)) == 1
    assert not world.log(CaseWithdrawn)
    assert [f.kind for f in CaseFinding.objects.order_by("pk")] == ["pcr", "pcr", "voided"]
    handlers.withdraw_cases([world.amended(again, "negative")], AT + DAY)
    assert Case.objects.get().classification == "withdrawn"
    assert world.levels() == {}


def test_contact_who_turns_positive_becomes_a_case_and_their_contacts_f1() -> None:
    ill, friend, far = f2_at_the_cafe()
    world.turn_positive(ill, at=AT + DAY)
    swab = world.turn_positive(friend, collected=AT + DAY, at=AT + DAY + HOUR)[0]
    assert world.levels() == {far.pk: 1}
    assert world.log(ContactCleared, friend)[0].reason == "became-case"
    nearer = world.log(ContactChanged, far)[0]
    assert (nearer.previous_level, nearer.level) == (2, 1)
    assert chain(nearer.id)[-1].id == swab.id


def test_negative_test_of_the_f1_in_time_clears_the_f2() -> None:
    ill, friend, far = f2_at_the_cafe()
    world.turn_positive(ill, at=AT + DAY)
    early = world.result(friend, "negative", collected=AT - HOUR)
    handlers.note_negatives([early], AT + DAY)
    assert world.levels() == {friend.pk: 1, far.pk: 2}
    negative = world.result(friend, "negative", collected=AT + 3 * HOUR)
    handlers.note_negatives([negative], AT + DAY)
    assert world.levels() == {friend.pk: 1}
    cleared = world.log(ContactCleared, far)[0]
    assert (cleared.reason, cleared.caused_by) == ("source-cleared", negative.id)


def test_negative_test_of_a_suspected_f1_clears_the_f2() -> None:
    ill, friend, far = f2_at_the_cafe()
    world.turn_positive(ill, at=AT + DAY)
    handlers.review_symptoms([symptoms(friend, "fever", "cough")], AT + DAY)
    assert world.levels() == {friend.pk: 1, far.pk: 2}
    handlers.note_negatives([world.result(friend, "negative", collected=AT + 3 * HOUR)], AT + DAY)
    assert world.levels() == {friend.pk: 1}


def test_negative_that_was_amended_clears_nobody() -> None:
    ill, friend, far = f2_at_the_cafe()
    world.turn_positive(ill, at=AT + DAY)
    negative = world.result(friend, "negative", collected=AT + 3 * HOUR)
    handlers.note_negatives([negative], AT + DAY)
    handlers.note_negatives([world.amended(negative, "invalid")], AT + DAY)
    assert world.levels() == {friend.pk: 1, far.pk: 2}


def test_negative_pool_counts_for_everybody_in_it() -> None:
    ill, *friends = world.people(3)
    far = world.people(2)
    world.visit(world.venue(), [ill, *friends], since=AT - DAY)
    for friend, theirs in zip(friends, far, strict=True):
        world.visit(world.venue(), [friend, theirs], since=AT + 26 * HOUR, hours=2)
    world.turn_positive(ill, at=AT + 2 * DAY)
    assert world.levels() == dict.fromkeys([f.pk for f in friends], 1) | dict.fromkeys([f.pk for f in far], 2)
    pool = [world.result(f, "negative", collected=AT + 30 * HOUR, result_id=77) for f in friends]
    handlers.note_negatives(pool, AT + 2 * DAY)
    assert world.levels() == dict.fromkeys([f.pk for f in friends], 1)
    handlers.note_negatives([world.amended(pool[0], "invalid")], AT + 2 * DAY)
    assert world.levels().keys() == {*(f.pk for f in friends), far[0].pk}


def test_f2_keeps_the_level_by_another_f1_when_a_statement_about_one_is_taken_back() -> None:
    ill, friend, far = f2_at_the_cafe()
    other = world.people(1)[0]
    cafe = world.venue()
    world.visit(cafe, [ill, other], since=AT - DAY)
    world.visit(cafe, [other, far], since=AT + 26 * HOUR, hours=2)
    world.turn_positive(ill, at=AT + 2 * DAY)
    stated = Exposure.objects.get(source=other, person=far)
    interviews.withdraw_exposure(exposure=stated, reason="wrong day", actor=world.officer(), at=AT + 2 * DAY)
    assert world.levels() == {friend.pk: 1, other.pk: 1, far.pk: 2}
    assert Contact.objects.get(person=far, ended_at__isnull=True).source_id == friend.pk
    assert world.log(ContactChanged, far)[0].exposed_at == AT + 3 * HOUR


def test_crowd_gives_a_notice_and_no_list() -> None:
    ill, *fans = world.people(102)
    stadium = world.venue()
    world.visit(stadium, [ill, *fans], since=AT - DAY)
    swab = world.turn_positive(ill)[0]
    assert (world.levels(), Exposure.objects.count()) == ({}, 0)
    notice = world.log(CrowdExposed)[0]
    assert (notice.people, notice.place_id, notice.person_id) == (102, stadium.pk, None)
    assert chain(notice.id)[-1].id == swab.id


def test_household_is_exposed_until_isolation() -> None:
    ill, mother = world.people(2)
    world.lives(world.venue(PlaceKind.HOUSEHOLD), [ill, mother])
    world.told(BedAssigned(person_id=ill.pk, happened_at=AT - HOUR, stay_id=1, order_id=1))
    world.turn_positive(ill, at=AT + DAY)
    assert world.levels() == {mother.pk: 1}
    assert Contact.objects.get().exposed_at == Case.objects.get().isolated_at == AT - HOUR


def test_person_in_quarantine_since_long_has_no_contacts() -> None:
    ill, friend = world.people(2)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.told(BedAssigned(person_id=ill.pk, happened_at=AT - 9 * DAY, stay_id=1, order_id=1))
    world.turn_positive(ill)
    assert world.levels() == {}


def test_f1_with_two_symptoms_is_a_suspect_case_and_stays_a_contact() -> None:
    ill, friend, stranger = world.people(3)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    told = [symptoms(friend, "fever", "cough"), symptoms(stranger, "fever", "cough")]
    handlers.review_symptoms(told, AT)
    assert [e.person_id for e in world.log(CaseReported)] == [friend.pk]
    assert world.levels() == {friend.pk: 1}


def test_one_symptom_makes_nobody_a_case() -> None:
    ill, friend = world.people(2)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    handlers.review_symptoms([symptoms(friend, "fever")], AT)
    assert world.log(CaseReported) == []


def test_earlier_onset_widens_the_window_and_finds_more_contacts() -> None:
    ill, friend = world.people(2)
    world.visit(world.venue(), [ill, friend], since=AT - 5 * DAY)
    world.turn_positive(ill)
    assert world.levels() == {}
    handlers.review_symptoms([symptoms(ill, "fever", onset_on=(AT - 4 * DAY).date())], AT)
    assert world.levels() == {friend.pk: 1}


def symptoms(who: Any, *codes: str, **more: Any) -> SymptomsDeclared:
    return world.told(SymptomsDeclared(person_id=who.pk, happened_at=AT, symptoms=codes, **more))[0]


def test_antigen_positive_of_a_close_contact_counts_with_the_link() -> None:
    ill, friend, stranger = world.people(3)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    handlers.confirm_cases([world.result(p, assay="antigen") for p in (friend, stranger)], AT)
    found = dict(Case.objects.values_list("root", "classification"))
    by_pcr = policies.at(AT.date()).testing.confirm_antigen_by_pcr
    assert found[friend.pk] == ("probable" if by_pcr else "confirmed")
    assert found[stranger.pk] == ("suspect" if by_pcr else "confirmed")


def test_events_told_twice_change_nothing() -> None:
    ill, friend, far = f2_at_the_cafe()
    swab = world.turn_positive(ill, at=AT + DAY)[0]
    negative = world.result(friend, "negative", collected=AT - HOUR)
    handlers.note_negatives([negative], AT + DAY)
    before = EventRow.objects.count(), CaseFinding.objects.count(), Exposure.objects.count()
    handlers.confirm_cases([swab], AT + DAY)
    handlers.find_contacts(world.log(CaseConfirmed), AT + DAY)
    handlers.note_negatives([negative], AT + DAY)
    assert (EventRow.objects.count(), CaseFinding.objects.count(), Exposure.objects.count()) == before
    assert world.levels() == {friend.pk: 1, far.pk: 2}


def statements(n: int) -> int:
    ill = world.people(n)
    for i, who in enumerate(ill):
        place = world.venue()
        world.visit(place, [who, *world.people(3)], since=AT - DAY + i * HOUR)
    swabs = [world.result(p) for p in ill]
    with CaptureQueriesContext(connection) as asked:
        handlers.confirm_cases(swabs, AT)
        handlers.find_contacts(world.log(CaseConfirmed, *ill), AT)
    return len(asked)


def test_batch_of_twenty_asks_no_more_than_one() -> None:
    statements(1)
    assert statements(20) <= statements(1) + 5


def merged(kept: Any, gone: Any) -> None:
    persons.merge(kept=kept, merged=gone, reason="same", actor=actors.system(at=AT), at=AT)
    handlers.reunite(world.log(PersonsMerged, kept)[-1:], AT)


def test_merge_gives_the_kept_record_the_level_and_ends_the_other() -> None:
    ill, friend, twice = world.people(3)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    merged(twice, friend)
    assert world.levels() == {twice.pk: 1}
    assert world.log(ContactCleared, friend)[0].reason == "merged"
    persons.undo_merge(PersonMerge.objects.get(), actor=actors.system(at=AT), at=AT)
    handlers.separate(world.log(PersonsSplit), AT)
    assert world.levels() == {friend.pk: 1}


def test_two_cases_of_one_person_become_one_and_part_again() -> None:
    first, second = world.people(2)
    world.turn_positive(first, second)
    merged(second, first)
    assert Case.objects.filter(joined_to__isnull=True, closed_at__isnull=True).count() == 1
    assert set(Case.objects.values_list("root", flat=True)) == {second.pk}
    persons.undo_merge(PersonMerge.objects.get(), actor=actors.system(at=AT), at=AT)
    handlers.separate(world.log(PersonsSplit), AT)
    assert dict(Case.objects.values_list("root", "joined_to")) == {first.pk: None, second.pk: None}


def test_contact_merged_with_their_own_case_is_no_contact() -> None:
    ill, double = world.people(2)
    world.visit(world.venue(), [ill, double], since=AT - DAY)
    world.turn_positive(ill)
    merged(ill, double)
    assert world.levels() == {}


def test_follow_up_ends_by_night() -> None:
    ill, friend = world.people(2)
    world.visit(world.venue(), [ill, friend], since=AT - DAY)
    world.turn_positive(ill)
    upkeep.refresh_contacts(actor=actors.system(at=AT), at=AT + 12 * DAY)
    assert world.levels() == {friend.pk: 1}
    upkeep.refresh_contacts(actor=actors.system(at=AT), at=AT + 14 * DAY)
    gone = world.log(ContactCleared, friend)[0]
    assert gone.reason == "follow-up-ended"
    assert chain(gone.id)[-1].kind == "ResultReported"


def test_scan_uploaded_after_the_confirmation_is_found_again() -> None:
    ill, friend, other = world.people(3)
    cafe = world.venue()
    world.visit(cafe, [ill], since=AT - DAY)
    world.turn_positive(ill, at=AT + HOUR)
    assert world.levels() == {}
    world.visit(cafe, [friend], since=AT - DAY)
    upkeep.search_again(case_ids=[Case.objects.get().pk], actor=actors.system(at=AT), at=AT + 3 * HOUR)
    assert world.levels() == {friend.pk: 1}
    assert world.log(ContactFound, friend)[0].caused_by == world.log(CaseConfirmed, ill)[0].id

    world.visit(cafe, [ill, other], since=AT + 4 * HOUR)
    upkeep.refresh_contacts(actor=actors.system(at=AT), at=AT + DAY)
    assert world.levels() == {friend.pk: 1, other.pk: 1}
    upkeep.refresh_contacts(actor=actors.system(at=AT), at=AT + 2 * DAY)
    assert Exposure.objects.count() == 2
    assert len(world.log(ContactFound)) == 2
