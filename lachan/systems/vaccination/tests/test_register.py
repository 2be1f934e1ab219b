"""Registering: once a person, for oneself by telephone or at a desk, by the rules of the day."""

from datetime import timedelta
from typing import Any

import pytest

from lachan.core import areas, persons
from lachan.core.dates import BirthDate
from lachan.core.errors import Refusal
from lachan.core.models import EventRow, Person
from lachan.core.persons import Identity
from lachan.platform.otp import VerifiedPhone
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.models import Registration
from lachan.systems.vaccination.tests.conftest import NOON, keeper, province
from lachan.systems.vaccination.tests.people import PHONE, commune, dosed, person, registered

pytestmark = pytest.mark.django_db
SHOWN = VerifiedPhone(PHONE, "vaccinate", NOON)


def refusal(who: Person | None = None, **more: Any) -> str:
    with pytest.raises(Refusal) as error:
        registered(who, **more)
    return error.value.code


def by_phone(name: str = "Trần Thị Bình", born: int = 1990) -> Registration:
    identity = Identity(name=name, birth=BirthDate(born), home_area=commune())
    return commands.register_by_phone(identity=identity, group="13", area=commune(), phone=SHOWN, at=NOON)


def test_a_registration_is_kept_and_told() -> None:
    row = registered(group="10")
    told = EventRow.objects.get(kind="RegisteredForVaccination")
    assert (told.person_id, told.facts["registration_id"], told.facts["group"]) == (
        row.person_id,
        row.pk,
        "10",
    )


def test_one_registration_stands_a_person_and_another_follows_a_withdrawal() -> None:
    who = person()
    first = registered(who)
    assert refusal(who) == "already-registered"
    commands.withdraw_registration(registration=first, actor=keeper(), at=NOON)
    assert registered(who, at=NOON + timedelta(days=3)).pk != first.pk
    assert EventRow.objects.filter(kind="RegisteredForVaccination").count() == 2


def test_a_joined_record_registers_as_the_one_that_counts() -> None:
    kept, merged = person(), person()
    persons.merge(kept=kept, merged=merged, reason="same", actor=keeper(), at=NOON)
    merged.refresh_from_db()
    assert registered(merged).person_id == kept.pk
    assert refusal(kept) == "already-registered"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"group": "17"}, "group-unknown"),
        ({"group": ""}, "group-unknown"),
        ({"who": {"born": 0}}, "birth-unknown"),
        ({"who": {"born": 2022}}, "too-young"),
        ({"area": "province"}, "area-too-wide"),
        ({"area": "country"}, "area-too-wide"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(more: dict[str, Any], code: str) -> None:
    who = person(**more.pop("who", {}))
    if "area" in more:
        more["area"] = province() if more["area"] == "province" else areas.country()
    assert refusal(who, **more) == code
    assert not Registration.objects.exists()


def test_after_a_first_dose_one_may_still_register() -> None:
    who = person()
    dosed(who, days_ago=10)
    assert registered(who).group == "9"


def test_who_holds_the_telephone_registers_themselves_and_each_who_shares_it() -> None:
    mother, child = by_phone(), by_phone("Nguyễn Gia Bảo", 2000)
    assert mother.source == "citizen"
    assert mother.person_id != child.person_id
    assert [p.name for p in Person.objects.filter(identifiers__kind="phone")] == [
        "Trần Thị Bình",
        "Nguyễn Gia Bảo",
    ]


def test_a_known_holder_is_found_again_however_the_name_is_spelt() -> None:
    who = person("Trần Thị Bình", born=1990)
    assert by_phone("tran thi  binh").person_id == who.pk
    assert by_phone("Trần Thị Bình", 1991).person_id != who.pk


def test_a_refused_registration_leaves_no_record_behind() -> None:
    with pytest.raises(Refusal):
        by_phone(born=2022)
    assert not Person.objects.exists()


def test_withdrawing_twice_is_withdrawing_once() -> None:
    row = registered()
    for _ in range(2):
        commands.withdraw_registration(registration=row, actor=keeper(), at=NOON)
    assert EventRow.objects.filter(kind="RegistrationWithdrawn").count() == 1
