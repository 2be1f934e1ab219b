"""Access fails closed, takes a purpose, leaves a trace."""

from datetime import UTC, date, datetime

import pytest
from django.db.models import QuerySet

from lachan.core import access, actors, places
from lachan.core.access import NotVisible, Permission, Purpose
from lachan.core.models import AccessLog, Actor, ActorKind, Area, Person, PlaceKind, Posting, Role

AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
CODE = "0123456789ABCDEF"
pytestmark = pytest.mark.django_db


def area(code: str, parent: Area | None = None) -> Area:
    made = Area.objects.create(
        code=code, level=1 if parent is None else 3, name=code, search_key=code, parent=parent, path="",
        valid_from=date(2025, 7, 1),
    )  # fmt: skip
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save()
    return made


@pytest.fixture
def province() -> Area:
    return area("48")


def posting(role: str, where: Area) -> Posting:
    actor = Actor.objects.create(kind=ActorKind.STAFF, name="Officer", created_at=AT)
    return actors.post(actor, role, area=where, at=AT)


def resident(where: Area, name: str = "Trần Văn Ba", code: str = "") -> Person:
    from lachan.core.codes import new_code
    from lachan.core.names import search_key

    return Person.objects.create(
        code=code or new_code(), name=name, search_key=search_key(name), home_area=where, registered_at=AT
    )


def look(who: Posting, person: Person) -> Person:
    return access.person(who, code=person.code, purpose=Purpose.CARE, part="record", at=AT)


def test_a_commune_officer_sees_residents_of_the_commune_and_nobody_else(province: Area) -> None:
    mine, other = area("1", province), area("2", province)
    officer = posting(Role.COMMUNE_OFFICER, mine)
    assert look(officer, resident(mine)).home_area == mine
    for hidden in (resident(other), resident(province)):
        with pytest.raises(NotVisible):
            look(officer, hidden)


def test_a_province_officer_sees_every_commune_below(province: Area) -> None:
    officer = posting(Role.HEALTH_OFFICER, province)
    someone = resident(area("1", province))
    assert look(officer, someone) == someone


def test_an_area_whose_number_begins_alike_is_not_inside() -> None:
    one = area("1")
    twin = Area.objects.create(
        code="x",
        level=1,
        name="x",
        search_key="x",
        path=one.path.rstrip("/") + "9/",
        valid_from=date(2025, 7, 1),
    )
    with pytest.raises(NotVisible):
        look(posting(Role.HEALTH_OFFICER, one), resident(twin))


def test_unknown_malformed_and_hidden_codes_get_the_same_answer(province: Area) -> None:
    officer, hidden = posting(Role.COMMUNE_OFFICER, area("1", province)), resident(area("2", province))
    answers = set()
    for code in (hidden.code, resident(province).code, "nonsense", "", "\x00"):
        with pytest.raises(NotVisible) as refused:
            access.person(officer, code=code, purpose=Purpose.CARE, part="record", at=AT)
        answers.add((refused.value.code, str(refused.value.message)))
    assert len(answers) == 1


def test_each_read_is_written_down_with_its_purpose(province: Area) -> None:
    officer, person = posting(Role.COMMUNE_OFFICER, province), resident(province)
    look(officer, person)
    [read] = AccessLog.objects.all()
    assert (read.person, read.actor, read.posting_id, read.purpose) == (
        person,
        officer.actor,
        officer.pk,
        "care",
    )


def test_a_search_is_a_read_of_all_it_shows(province: Area) -> None:
    officer = posting(Role.COMMUNE_OFFICER, province)
    shown = [resident(province, "Trần Văn Ba"), resident(province, "Ba Trân")]
    resident(province, "Lê Thị Tư")
    assert set(access.search(officer, "tran BA", purpose=Purpose.CARE, at=AT)) == set(shown)
    assert AccessLog.objects.count() == 2


def test_a_posting_at_a_place_sees_only_those_it_has_a_task_with(
    province: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = places.open_place(kind=PlaceKind.QUARANTINE_SITE, name="Ký túc xá", area=province, at=AT)
    actor = Actor.objects.create(kind=ActorKind.STAFF, name="Manager", created_at=AT)
    manager = actors.post(actor, Role.SITE_MANAGER, place=site, at=AT)
    inside, outside = resident(province), resident(province)
    assert not access.visible(manager).exists()

    def reach(posting: Posting) -> QuerySet[Person, int]:
        return Person.objects.filter(pk=inside.pk).values_list("pk", flat=True)

    monkeypatch.setattr(access, "_reaches", {"test": reach})
    assert look(manager, inside) == inside
    with pytest.raises(NotVisible):
        look(manager, outside)


def test_nobody_and_unknown_roles_may_do_nothing(province: Area) -> None:
    assert not any(access.may(None, p) for p in Permission)
    stranger = posting("emperor", province)
    assert not any(access.may(stranger, p) for p in Permission)


def test_every_role_may_do_something_and_none_may_do_everything() -> None:
    from lachan.core.roles import PERMISSIONS

    assert set(PERMISSIONS) == set(Role)
    for role, held in PERMISSIONS.items():
        assert held, role
        assert held < set(Permission), role


def test_a_second_signature_needs_a_role_that_cannot_be_the_first_alone() -> None:
    """Entering and verifying a result are two permissions; a collector holds neither."""
    from lachan.core.roles import PERMISSIONS

    assert Permission.VERIFY_RESULT not in PERMISSIONS[Role.LAB_TECHNICIAN]
    assert not {Permission.ENTER_RESULT, Permission.VERIFY_RESULT} & PERMISSIONS[Role.SAMPLER]


def test_the_read_of_a_merged_record_is_a_read_of_the_kept_one(province: Area) -> None:
    officer = posting(Role.COMMUNE_OFFICER, province)
    kept, merged = resident(province), resident(province)
    Person.objects.filter(pk=merged.pk).update(merged_into=kept)
    assert look(officer, merged) == kept
    assert AccessLog.objects.get().person == kept


def test_a_posting_that_ended_is_no_posting(province: Area) -> None:
    held = posting(Role.TRACER, province)
    later = datetime(2026, 12, 1, tzinfo=UTC)
    assert actors.postings_of(held.actor, at=later) == [held]
    Posting.objects.update(ends_at=datetime(2026, 11, 15, tzinfo=UTC))
    assert actors.postings_of(held.actor, at=later) == []
