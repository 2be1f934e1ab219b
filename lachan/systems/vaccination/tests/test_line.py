"""The line of a site, step by step: what is written down, told and certified, and what is refused in words."""

from datetime import timedelta

import pytest

from lachan.core import persons
from lachan.core.models import EventRow, Person
from lachan.issuer.models import Intent, Record, Revocation
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotMoveDoses, CannotServe
from lachan.systems.vaccination.models import Dose, Movement, ScreeningForm, Vial, Visit
from lachan.systems.vaccination.rules.screening import Signs
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper
from lachan.systems.vaccination.tests.line_rows import (
    MINUTE,
    earlier,
    healthy,
    injected,
    person,
    screened,
    session,
    vial,
    visit,
)

pytestmark = pytest.mark.django_db


def kinds_of(who: Person) -> list[str]:
    return list(EventRow.objects.filter(person=who).order_by("id").values_list("kind", flat=True))


def refused(code: str) -> "pytest.RaisesContext[CannotServe]":  # type: ignore[name-defined]
    return pytest.raises(CannotServe, match=f"^{code}:")


# --- received -----------------------------------------------------------------------------------------------------


def test_people_are_numbered_as_they_come() -> None:
    here = session()
    assert [visit(here).number for _ in range(3)] == [1, 2, 3]
    here.refresh_from_db()
    assert (here.arrivals, here.taken) == (3, 3)


def test_who_was_not_invited_is_asked_about_first() -> None:
    with refused("not-invited"):
        commands.receive(session=session(), person=person(), known_by="code", actor=keeper(), at=NOON)


def test_walk_ins_are_taken_while_there_is_room() -> None:
    here = session(places=1)
    visit(here)
    with refused("session-full"):
        visit(here)
    assert Visit.objects.filter(session=here).count() == 1


def test_nobody_is_in_two_lines() -> None:
    who, here = person(), session()
    visit(here, who)
    with refused("in-line"):
        visit(here, who)
    with refused("in-another-line"):
        visit(session(), who)


def test_a_session_of_another_day_receives_nobody() -> None:
    with refused("session-not-today"):
        visit(session(), at=NOON + timedelta(days=1))


def test_a_joined_record_is_received_as_the_one_that_counts() -> None:
    kept, joined = person(), person()
    persons.merge(kept=kept, merged=joined, reason="same", actor=keeper(), at=NOON)
    assert visit(session(), joined).person_id == kept.pk


@pytest.mark.parametrize("typed", ["LC1:{code}", "{code}", "https://example.org/p/LC1:{code}"])
def test_a_personal_code_names_its_person(typed: str) -> None:
    who = person()
    assert commands.who_came(text=typed.format(code=who.code), actor=keeper(), at=NOON) == (who, "code")


CARD = "048080001234||Nguyễn Văn An|05031980|Nam|12 Lê Lợi, Hải Châu, Đà Nẵng|01062021"


def test_who_shows_an_unknown_card_is_registered_once() -> None:
    first, how = commands.who_came(text=CARD, actor=keeper(), at=NOON)
    again, _ = commands.who_came(text=CARD, actor=keeper(), at=NOON)
    assert (first.pk, how, first.birth_year, first.sex) == (again.pk, "card", 1980, "m")


@pytest.mark.parametrize("text", ["", "HELLO", "LC1:0000-0000-0000-0000-0", "LV1:ABC", "x" * 9000, "HC1:NCF"])
def test_a_code_of_nobody_is_refused(text: str) -> None:
    with refused("code-unknown"):
        commands.who_came(text=text, actor=keeper(), at=NOON)


# --- examined -----------------------------------------------------------------------------------------------------


def test_the_conclusion_is_computed_from_the_answers() -> None:
    here = session()
    forms = [
        commands.screen(visit=visit(here), examined=healthy(*yes, defer_until=TODAY + timedelta(days=30)),
                        actor=keeper(), at=NOON)
        for yes in ([], ["1"], ["3"], ["5"], ["7"], ["1", "7"])
    ]  # fmt: skip
    assert [f.outcome for f in forms] == [
        "eligible", "contraindicated", "defer", "hospital", "careful", "contraindicated",
    ]  # fmt: skip
    assert [f.defer_until is not None for f in forms] == [False, False, True, False, False, False]


def test_what_is_missing_is_named() -> None:
    with pytest.raises(CannotServe) as refusal:
        commands.screen(
            visit=visit(session()), examined=healthy(signs=Signs(temperature=36.5)), actor=keeper(), at=NOON
        )
    assert (refusal.value.code, refusal.value.missing) == ("form-incomplete", ("pulse",))


def test_who_is_put_off_is_told_until_when() -> None:
    here = visit(session())
    with refused("defer-date-missing"):
        commands.screen(visit=here, examined=healthy("3"), actor=keeper(), at=NOON)
    with refused("defer-date-past"):
        commands.screen(visit=here, examined=healthy("3", defer_until=TODAY), actor=keeper(), at=NOON)


def test_a_second_examination_counts_and_the_first_is_kept() -> None:
    here = visit(session())
    for yes in (["3"], []):
        commands.screen(
            visit=here, examined=healthy(*yes, defer_until=TODAY + timedelta(days=9)), actor=keeper(), at=NOON
        )
    assert list(ScreeningForm.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "defer",
        "eligible",
    ]


@pytest.mark.parametrize("signs", [{"temperature": 366}, {"pulse": 7600}, {"systolic": -1}])
def test_impossible_signs_are_refused(signs: dict[str, float]) -> None:
    with refused("signs-impossible"):
        given = healthy(signs=Signs(**({"temperature": 36.5, "pulse": 70} | signs)))  # type: ignore[arg-type]
        commands.screen(visit=visit(session()), examined=given, actor=keeper(), at=NOON)


# --- injected -----------------------------------------------------------------------------------------------------


def test_an_injection_is_a_dose_a_movement_an_event_and_a_certificate() -> None:
    here, who = session(), person()
    bottle = vial(here)
    dose = injected(here, bottle, who)
    assert (dose.kind, dose.number, dose.primary_doses, dose.given_on) == ("primary", 1, 2, TODAY)
    assert (dose.lot, dose.table, dose.rules[:3]) == (here.lot, 1, "vn-")
    bottle.refresh_from_db()
    assert (bottle.left, bottle.session_id) == (5, here.pk)
    assert dose.movement is not None
    assert dose.movement.kind == "given"
    assert kinds_of(who) == [
        "VisitOpened", "VisitScreened", "DoseGiven", "BackingRecorded", "CertificateRequested",
    ]  # fmt: skip
    record = Record.objects.get(source="vaccination", reference=f"dose:{dose.pk}")
    assert (record.facts["number"], record.facts["of"]) == (1, 2)
    assert (record.lot, record.place_id) == (dose.lot_number, here.site_id)
    assert EventRow.objects.get(pk=dose.event_id).facts["dose_number"] == 1
    assert EventRow.objects.get(pk=record.event_id).caused_by_id == dose.event_id
    assert Intent.objects.get(record=record).person_id == who.pk


def test_a_booster_is_certified_as_three_of_three() -> None:
    here, who = session(), person()
    earlier(who, TODAY - timedelta(days=300))
    earlier(who, TODAY - timedelta(days=250), number=2)
    dose = injected(here, vial(here), who)
    assert (dose.kind, dose.number, dose.primary_doses) == ("booster", 1, 2)
    facts = Record.objects.get(reference=f"dose:{dose.pk}").facts
    assert (facts["number"], facts["of"]) == (3, 3)


@pytest.mark.parametrize(
    ("code", "born", "before"),
    [
        ("too-early", 1980, [("comirnaty", 5)]),
        ("wrong-mix", 1980, [("sputnik-v", 60)]),
        ("too-young", 2024, []),
        ("guardian-consent-missing", 2012, []),
        ("mix-consent-missing", 1980, [("vaxzevria", 90)]),
        ("before-an-earlier-dose", 1980, [("comirnaty", -3)]),
    ],
)
def test_what_the_rules_refuse_is_not_given(code: str, born: int, before: list[tuple[str, int]]) -> None:
    here, who = session(), person(born=born)
    bottle = vial(here)
    for product, days in before:
        earlier(who, TODAY - timedelta(days=days), product=product)
    with refused(code):
        injected(here, bottle, who)
    bottle.refresh_from_db()
    assert bottle.left == 6
    assert not Dose.objects.filter(visit__isnull=False).exists()


def test_what_is_agreed_to_may_be_given() -> None:
    here, young, mixed = session(), person(born=2012), person()
    earlier(mixed, TODAY - timedelta(days=90), product="vaxzevria")
    bottle = vial(here)
    for who, consent in ((young, {"guardian": "Trần Thị Mẹ"}), (mixed, {"mix_consent": True})):
        line = screened(here, who, **consent)
        assert commands.inject(visit=line, vial=bottle, table=2, actor=keeper(), at=NOON).person == who


def test_a_joined_records_doses_count() -> None:
    here, kept, joined = session(), person(), person()
    earlier(joined, TODAY - timedelta(days=60))
    persons.merge(kept=kept, merged=joined, reason="same", actor=keeper(), at=NOON)
    assert injected(here, vial(here), kept).number == 2


def test_nobody_is_injected_unexamined_uncleared_or_against_their_will() -> None:
    here = session()
    bottle = vial(here)
    with refused("not-screened"):
        commands.inject(visit=visit(here), vial=bottle, table=1, actor=keeper(), at=NOON)
    with refused("not-cleared"):
        commands.inject(visit=screened(here, None, "7"), vial=bottle, table=1, actor=keeper(), at=NOON)
    with refused("consent-missing"):
        commands.inject(visit=screened(here, consent=False), vial=bottle, table=1, actor=keeper(), at=NOON)
    careful = screened(here, None, "7", careful_here=True)
    assert commands.inject(visit=careful, vial=bottle, table=1, actor=keeper(), at=NOON).number == 1


def test_a_vial_of_elsewhere_is_refused() -> None:
    here = session()
    with refused("vial-of-another-site"):
        injected(here, vial(session()))
    other = session(product="vaxzevria", site=here.site)
    with refused("vial-of-another-vaccine"):
        injected(here, vial(other))
    with refused("table-unknown"):
        commands.inject(visit=screened(here), vial=vial(here), table=9, actor=keeper(), at=NOON)


def test_a_vial_past_its_hours_leaves_no_dose() -> None:
    here = session()
    bottle = vial(here, at=NOON - timedelta(hours=7))
    with pytest.raises(CannotMoveDoses, match="vial-not-open"):
        injected(here, bottle)
    assert not Dose.objects.exists()


def test_a_dose_is_given_once_a_visit() -> None:
    here = session()
    bottle = vial(here)
    dose = injected(here, bottle)
    assert dose.visit is not None
    with pytest.raises(CannotServe):
        commands.inject(visit=dose.visit, vial=bottle, table=1, actor=keeper(), at=NOON)
    assert Movement.objects.filter(kind="given").count() == 1


# --- watched ------------------------------------------------------------------------------------------------------


def test_who_is_well_may_go_after_the_minutes_of_the_policy() -> None:
    here = session()
    dose = injected(here, vial(here))
    assert dose.visit is not None
    with refused("still-watched"):
        commands.end_observation(visit=dose.visit, well=True, actor=keeper(), at=NOON + 29 * MINUTE)
    with refused("still-to-do"):
        commands.leave(visit=dose.visit, actor=keeper(), at=NOON + 29 * MINUTE)
    commands.end_observation(visit=dose.visit, well=True, actor=keeper(), at=NOON + 30 * MINUTE)
    gone = commands.leave(visit=dose.visit, actor=keeper(), at=NOON + 30 * MINUTE)
    assert gone.ending == "done"
    with refused("visit-over"):
        commands.leave(visit=gone, actor=keeper(), at=NOON + 31 * MINUTE)


def test_what_is_noticed_ends_the_watch_at_once_in_words() -> None:
    here = session()
    dose = injected(here, vial(here))
    assert dose.visit is not None
    with refused("observation-words"):
        commands.end_observation(visit=dose.visit, well=False, actor=keeper(), at=NOON + MINUTE)
    done = commands.end_observation(
        visit=dose.visit, well=False, note="Nổi mẩn", actor=keeper(), at=NOON + MINUTE
    )
    assert (done.well, done.note) == (False, "Nổi mẩn")
    with refused("observed-before"):
        commands.end_observation(visit=dose.visit, well=True, actor=keeper(), at=NOON + 40 * MINUTE)


def test_who_is_not_injected_is_sent_away() -> None:
    here = screened(session(), None, "5")
    assert commands.leave(visit=here, actor=keeper(), at=NOON).ending == "sent_away"


# --- taken back ---------------------------------------------------------------------------------------------------


def test_a_dose_by_mistake_is_in_the_vial_again_and_certifies_nothing() -> None:
    here, who = session(), person()
    bottle = vial(here)
    dose = injected(here, bottle, who)
    commands.withdraw_dose(dose=dose, reason="wrong person", actor=keeper(), at=NOON + MINUTE)
    bottle.refresh_from_db()
    assert bottle.left == 6
    told = EventRow.objects.get(kind="DoseWithdrawn")
    assert (told.caused_by_id, told.facts["given_id"]) == (dose.event_id, str(dose.event_id))
    assert Revocation.objects.filter(pk__in=Intent.objects.filter(person=who)).count() == 1
    assert dose.visit is not None
    again = commands.inject(visit=dose.visit, vial=bottle, table=1, actor=keeper(), at=NOON + 2 * MINUTE)
    assert (again.number, Vial.objects.get(pk=bottle.pk).left) == (1, 5)


def test_a_dose_is_withdrawn_once_with_a_reason_while_its_visit_is_open() -> None:
    here = session()
    bottle = vial(here)
    first, second = injected(here, bottle), injected(here, bottle)
    with refused("reason-missing"):
        commands.withdraw_dose(dose=first, reason=" ", actor=keeper(), at=NOON)
    commands.withdraw_dose(dose=first, reason="twice", actor=keeper(), at=NOON)
    with refused("withdrawn-before"):
        commands.withdraw_dose(dose=first, reason="twice", actor=keeper(), at=NOON)
    assert second.visit is not None
    commands.leave(visit=second.visit, ending="left", actor=keeper(), at=NOON)
    with refused("visit-closed-dose"):
        commands.withdraw_dose(dose=second, reason="late", actor=keeper(), at=NOON)
    with refused("not-of-this-line"):
        commands.withdraw_dose(dose=earlier(person(), TODAY), reason="not given", actor=keeper(), at=NOON)
