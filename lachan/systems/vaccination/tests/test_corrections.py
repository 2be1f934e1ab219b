"""Corrections: asked for, decided once by another, certificates issued anew, the history kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lachan.core.dates import BadDate
from lachan.core.ids import uuid7
from lachan.core.models import EventRow, Person, Role
from lachan.issuer import judging
from lachan.issuer.models import Intent
from lachan.issuer.tests.codes import publish
from lachan.issuer.tests.conftest import office_at
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotCorrect
from lachan.systems.vaccination.models import CorrectionRequest, Dose
from lachan.systems.vaccination.tests import line_rows
from lachan.systems.vaccination.tests.conftest import NOON, keeper, posting, province
from tests.rows import browser_of

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)


def dosed() -> Dose:
    of = line_rows.session()
    return line_rows.injected(of, line_rows.vial(of))


def asked(person: Person, **more: Any) -> CorrectionRequest:
    given: dict[str, Any] = {
        "kind": "birth_date",
        "wanted": "5/3/1981",
        "words": "Căn cước",
        "actor": keeper(),
        "at": LATER,
    } | more
    return commands.ask_correction(person=person, **given)


def confirm(row: CorrectionRequest, **more: Any) -> CorrectionRequest:
    given: dict[str, Any] = {"answer": "Đã xem căn cước", "actor": keeper(), "at": LATER} | more
    return commands.confirm_correction(correction=row, **given)


def verdict(text: str) -> tuple[str, str]:
    judged = judging.judge([text], trust=judging.trust(LATER), at=LATER)
    return judged.level, judged.code


def test_a_wrong_birth_date_is_put_right_and_the_certificate_issued_anew() -> None:
    office = office_at(NOON)
    office.key_in_use(NOON)
    dose = dosed()
    office.sign(NOON)
    old = Intent.objects.get(person=dose.person)
    publish(office, NOON)
    assert verdict(old.signature.text)[0] == "valid"
    confirm(asked(dose.person))
    office.sign(LATER)
    publish(office, LATER)
    new = Intent.objects.get(replaces=old)
    assert b"1981-03-05" in bytes(new.payload)
    assert (verdict(new.signature.text)[0], verdict(old.signature.text)) == ("valid", ("invalid", "revoked"))
    assert new.expires_at <= old.expires_at
    row = CorrectionRequest.objects.get()
    assert (row.before, row.wanted, row.accepted) == ("1980", "05/03/1981", True)
    kinds = set(EventRow.objects.filter(person=dose.person).values_list("kind", flat=True))
    assert {"CorrectionAsked", "PersonCorrected", "CorrectionConfirmed", "CertificateRevoked"} <= kinds


def test_a_name_is_found_as_it_reads_now() -> None:
    person = dosed().person
    confirm(asked(person, kind="name", wanted="Đặng Thị Ánh"))
    person.refresh_from_db()
    assert (person.name, person.search_key) == ("Đặng Thị Ánh", "dang thi anh")


@pytest.mark.parametrize(
    ("more", "code"),
    [({"wanted": "1980"}, "nothing-wrong"), ({"words": " "}, "words-missing")],
)
def test_what_says_nothing_is_not_asked(more: dict[str, Any], code: str) -> None:
    with pytest.raises(CannotCorrect) as refused:
        asked(dosed().person, **more)
    assert refused.value.code == code


def test_what_is_no_date_or_of_no_dose_is_refused() -> None:
    with pytest.raises(BadDate):
        asked(dosed().person, wanted="31/2/1980")
    with pytest.raises(CannotCorrect, match="no-dose"):
        asked(line_rows.person())


def test_one_is_open_at_a_time_and_decided_once_by_another() -> None:
    row = asked(dosed().person)
    with pytest.raises(CannotCorrect, match="asked-before"):
        asked(row.person, wanted="1979")
    with pytest.raises(CannotCorrect, match="own-correction"):
        confirm(row, actor=row.asked_by)
    with pytest.raises(CannotCorrect, match="answer-missing"):
        confirm(row, answer=" ")
    commands.refuse_correction(correction=row, answer="Không có giấy tờ", actor=keeper(), at=LATER)
    with pytest.raises(CannotCorrect, match="decided-before"):
        confirm(row)
    assert Person.objects.get(pk=row.person_id).birth_year == 1980
    assert asked(row.person).pk != row.pk


@pytest.mark.parametrize(
    ("name", "spoiled"),
    [
        ("correction_of_known_kind", {"kind": "rác"}),
        ("correction_says_what_and_why", {"words": " "}),
        ("correction_says_what_and_why", {"wanted": " "}),
        ("correction_changes_something", {"before": "1981"}),
        ("correction_decided_whole", {"accepted": True}),
        ("correction_decided_whole", {"decided_at": LATER}),
        ("correction_names_its_dose", {"kind": "lot"}),
        ("correction_number_is_sealed", {"kind": "national_id"}),
        ("correction_number_is_sealed", {"sealed_wanted": b"x"}),
        ("correction_number_is_sealed", {"sealed_before": b"x"}),
    ],
)
def test_the_database_refuses_it_too(name: str, spoiled: dict[str, Any]) -> None:
    given = {
        "person": line_rows.person(), "kind": "birth_date", "before": "1980", "wanted": "1981", "words": "x",
        "asked_at": NOON, "asked_by": keeper(), "event_id": uuid7(),
    } | spoiled  # fmt: skip
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        CorrectionRequest.objects.create(**given)


def test_the_database_keeps_one_open_and_the_decision_of_another() -> None:
    row = asked(dosed().person)
    again = {"person": row.person, "kind": row.kind, "wanted": "1", "words": "x", "asked_at": NOON}
    with pytest.raises(IntegrityError, match="correction_one_open"), transaction.atomic():
        CorrectionRequest.objects.create(**again, asked_by=keeper(), event_id=uuid7())
    own = {"decided_at": LATER, "decided_by": row.asked_by, "accepted": True, "answer": "x"}
    with pytest.raises(IntegrityError, match="correction_decided_by_another"), transaction.atomic():
        CorrectionRequest.objects.filter(pk=row.pk).update(**own)


def test_a_decision_without_its_moment_is_none() -> None:
    row = asked(dosed().person)
    decided = {"decided_by": keeper(), "accepted": True, "answer": "x"}
    with pytest.raises(IntegrityError, match="correction_decided_whole"), transaction.atomic():
        CorrectionRequest.objects.filter(pk=row.pk).update(**decided)


def test_a_correction_of_a_person_names_no_dose() -> None:
    dose = dosed()
    with pytest.raises(IntegrityError, match="correction_names_its_dose"), transaction.atomic():
        CorrectionRequest.objects.filter(pk=asked(dose.person).pk).update(dose=dose)


def test_the_officer_decides_on_the_page() -> None:
    officer = browser_of(posting(Role.VACCINE_OFFICER, area=province()))
    row = asked(dosed().person, at=NOON)
    assert row.person.name in officer.get("/vaccination/corrections/").content.decode()
    where = f"/vaccination/corrections/{row.pk}/"
    assert officer.post(where, {"decision": "confirm"}).status_code == 422
    page = officer.post(where, {"decision": "confirm", "answer": "Đã xem giấy khai sinh"}, follow=True)
    assert "Đã xem giấy khai sinh" in page.content.decode()
    assert officer.post(where, {"decision": "refuse", "answer": "x"}).status_code == 409
