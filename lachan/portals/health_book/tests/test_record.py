"""What stands in the book, and who looked."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

import lachan
from lachan.core import access, persons
from lachan.core.access import Purpose
from lachan.core.events import ReadExplained, ReadQuestioned
from lachan.core.models import AccessLog, Actor, EventRow, Person, Posting
from lachan.platform.record import Section, install, sections
from lachan.portals.health_book.models import ReadQuestion
from lachan.portals.health_book.tests.conftest import NOW, OTHER, SHARED, Enter, Families, text_of
from lachan.portals.health_book.words import PARTS

pytestmark = pytest.mark.django_db


def book_of(person: Person, rest: str = "") -> str:
    return f"/health-book/{person.code}/{rest}"


def posting_of(families: Families, role: str) -> Posting:
    return families.town.staff[role].postings.get()


def look(families: Families, person: Person, role: str = "tracer", part: str = "record") -> AccessLog:
    posting = posting_of(families, role)
    access.note_reads([person.pk], posting, purpose=Purpose.TRACING, part=part, at=NOW - timedelta(hours=1))
    return AccessLog.objects.latest("pk")


# --- the record ---------------------------------------------------------------------------------------------------


def test_the_record_says_where_one_stands_by_what_right_and_how_to_object(
    outbreak: Families, enter: Enter
) -> None:
    page = text_of(enter(SHARED, be=outbreak.hoa).get(book_of(outbreak.hoa)))
    assert "confirmed (F0)" in page
    assert "Isolation in a facility" in page
    assert "diễn tập (theo 11042/BYT-DP" in page
    assert "within 90 days" in page
    assert "1900 9095" in page
    assert "positive RT-PCR" in page
    assert "Ông/bà có kết quả dương tính" in page


def test_what_led_to_it_names_nobody_else(outbreak: Families, enter: Enter) -> None:
    """Ba is a contact because of Hoa's case: his book says that somebody is ill, and not a word more."""
    page = text_of(enter(OTHER).get(book_of(outbreak.ba)))
    assert "F1, last exposed on" in page
    assert "something about another person, not shown here" in page
    assert "infectious from" not in page
    assert "Hoa" not in page
    assert outbreak.hoa.code not in page


def test_a_result_that_waits_for_its_second_reader_is_not_shown(families: Families, enter: Enter) -> None:
    from lachan.systems.testing.commands import ResultEntry, collect, enter_results, receive_batch, send_batch

    town, staff = families.town, families.town.staff
    tube = collect(
        barcode="WAITS001", persons=[families.ba], place=town.station, assay="pcr", actor=staff["sampler"], at=NOW
    )  # fmt: skip
    batch = send_batch(
        tubes=[tube], laboratory=town.laboratory, from_place=town.station, actor=staff["sampler"], at=NOW
    )
    receive_batch(batch=batch, rejections={}, actor=staff["lab_technician"], at=NOW)
    enter_results(
        entries=[ResultEntry(barcode="WAITS001", outcome="positive")], actor=staff["lab_technician"], at=NOW
    )
    page = text_of(enter(OTHER).get(book_of(families.ba)))
    assert "positive" not in page
    assert "no result yet" in page


def test_the_book_of_a_dependant_opens_and_the_look_is_ones_own(outbreak: Families, enter: Enter) -> None:
    client = enter(SHARED, be=outbreak.hoa)
    page = text_of(client.get(book_of(outbreak.be)))
    assert "shares your telephone" in page
    read = AccessLog.objects.get(person=outbreak.be, purpose=Purpose.SELF)
    assert read.actor == Actor.objects.get(person=outbreak.hoa)
    assert (read.posting_id, read.part) == (None, "record")


def test_a_record_that_was_joined_is_one_with_the_other(outbreak: Families, enter: Enter) -> None:
    town, client = outbreak.town, enter(OTHER)
    kept = town.resident("Đỗ Văn Ba", sex="m")
    persons.merge(kept=kept, merged=outbreak.ba, reason="same", actor=town.staff["health_officer"], at=NOW)
    assert client.get(book_of(outbreak.ba)).status_code == 404
    assert client.get("/health-book/").headers["Location"] == "/health-book/family"
    client.post("/health-book/family", {"person": kept.code})
    assert "F1, last exposed on" in text_of(client.get(book_of(kept)))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_are_light_titled_without_names_and_in_the_readers_language(
    outbreak: Families, enter: Enter, language: str
) -> None:
    client = enter(SHARED, be=outbreak.hoa, language=language)
    for address in (
        book_of(outbreak.hoa),
        book_of(outbreak.hoa, "reads/"),
        "/health-book/devices",
        "/health-book/family",
    ):
        answer = client.get(address)
        html = answer.content.decode()
        assert len(answer.content) < 60_000
        assert f'<html lang="{language}"' in html
        assert "Hoa" not in html.split("<title>")[1].split("</title>")[0]
    assert ("Tình trạng của tôi" in client.get(book_of(outbreak.hoa)).content.decode()) is (language == "vi")


def test_a_system_adds_a_section_by_naming_it(families: Families, enter: Enter) -> None:
    before = sections()
    doses = Section("doses", "My doses", "site/book/messages.html", lambda _person, _at: {"messages": []})
    nothing = Section("nothing", "Not shown", "site/book/messages.html", lambda _person, _at: None)
    install([*before, doses, nothing])
    try:
        page = text_of(enter(OTHER).get(book_of(families.ba)))
    finally:
        install(before)
    assert "My doses" in page
    assert "Not shown" not in page


# --- who looked ---------------------------------------------------------------------------------------------------


def test_a_look_is_told_by_role_and_office_never_by_name(families: Families, enter: Enter) -> None:
    Actor.objects.filter(pk=families.town.staff["tracer"].pk).update(name="Phạm Thị Mật")
    look(families, families.ba, part="interview")
    page = text_of(enter(OTHER).get(book_of(families.ba, "reads/")))
    assert "Contact tracer, Phường Hải Châu" in page
    assert "contact tracing" in page
    assert "your record, during an interview" in page
    assert "Mật" not in page


def test_ones_own_looks_are_marked_and_shown_when_asked_for(families: Families, enter: Enter) -> None:
    client = enter(SHARED, be=families.hoa)
    client.get(book_of(families.be))
    assert "Nobody has looked" in text_of(client.get(book_of(families.be, "reads/")))
    own = client.get(book_of(families.be, "reads/"), {"own": "1"})
    assert "own record" in text_of(own)
    assert 'class="own"' in own.content.decode()
    other = enter(SHARED, be=families.be)
    assert "somebody who shares your telephone" in text_of(other.get(book_of(families.be, "reads/")))


def test_the_list_is_paged_by_thirty(families: Families, enter: Enter) -> None:
    for _ in range(35):
        look(families, families.ba)
    client = enter(OTHER)
    first = client.get(book_of(families.ba, "reads/"))
    assert first.content.decode().count("Contact tracer") == 30
    following = first.context["page"].next_cursor
    second = client.get(book_of(families.ba, "reads/"), {"cursor": following})
    assert second.content.decode().count("Contact tracer") == 5


def test_every_part_that_the_program_notes_has_words() -> None:
    """A part added somewhere without words is shown as "your record"; these are noted and have their own."""
    noted = set()
    for path in Path(lachan.__file__).parent.rglob("*.py"):
        if "tests" not in path.parts:
            noted |= set(re.findall(r'\bpart="([^"{]+)"', path.read_text(encoding="utf-8")))
    assert {"record", "search", "identifier"} <= noted
    assert not {part.removesuffix(" (API)") for part in noted} - set(PARTS)


# --- asking -------------------------------------------------------------------------------------------------------


def test_a_question_about_a_look_is_answered_by_somebody_else(families: Families, enter: Enter) -> None:
    read = look(families, families.ba, role="health_officer")
    client, address = enter(OTHER), book_of(families.ba, f"reads/{read.pk}")
    assert client.post(address, {"text": ""}).status_code == 422
    assert client.post(address, {"text": "Why on a Sunday?"}).status_code == 303
    assert "no answer yet" in text_of(client.get(book_of(families.ba, "reads/")))
    assert client.post(address, {"text": "Again?"}).status_code == 409

    asked = ReadQuestion.objects.get()
    reader, supervisor = (staff(families, role) for role in ("health_officer", "administrator"))
    assert reader.get(f"/health-book/questions/{asked.pk}/").status_code == 404
    assert "Why on a Sunday?" not in text_of(reader.get("/health-book/questions/"))
    assert "Why on a Sunday?" in text_of(supervisor.get("/health-book/questions/"))
    page = f"/health-book/questions/{asked.pk}/"
    assert (
        supervisor.post(page, {"answer": "The weekend duty: your contacts were called."}).status_code == 303
    )
    assert supervisor.post(page, {"answer": "Twice"}).status_code == 409
    assert "The weekend duty" in text_of(client.get(address))
    kinds = EventRow.objects.filter(kind__in=["ReadQuestioned", "ReadExplained"]).order_by(
        "recorded_at", "id"
    )
    assert [row.kind for row in kinds] == [ReadQuestioned.__name__, ReadExplained.__name__]


def staff(families: Families, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    user = families.town.staff[role].user
    assert user is not None
    client.force_login(user)
    return client


def test_nobody_asks_about_a_look_at_another_persons_record(families: Families, enter: Enter) -> None:
    read = look(families, families.ba)
    client = enter(SHARED, be=families.hoa)
    for person in (families.hoa, families.ba):
        assert client.get(book_of(person, f"reads/{read.pk}")).status_code == 404
        assert client.post(book_of(person, f"reads/{read.pk}"), {"text": "?"}).status_code == 404
    assert not ReadQuestion.objects.exists()


def test_ones_own_look_is_not_asked_about(families: Families, enter: Enter) -> None:
    client = enter(OTHER)
    client.get(book_of(families.ba))
    own = AccessLog.objects.filter(person=families.ba).latest("pk")
    assert client.post(book_of(families.ba, f"reads/{own.pk}"), {"text": "?"}).status_code == 409


def test_the_desk_counts_questions_that_wait(families: Families, enter: Enter) -> None:
    read = look(families, families.ba)
    enter(OTHER).post(book_of(families.ba, f"reads/{read.pk}"), {"text": "Why?"})
    assert "question about a look" in text_of(staff(families, "administrator").get("/"))
    assert "question about a look" not in text_of(staff(families, "tracer").get("/"))


# --- on paper -----------------------------------------------------------------------------------------------------


def test_a_person_without_a_telephone_gets_the_list_on_paper(families: Families) -> None:
    look(families, families.be, part="visits")
    officer = staff(families, "commune_officer")
    page = text_of(officer.get(f"/health-book/people/{families.be.code}/reads"))
    assert "Contact tracer, Phường Hải Châu" in page
    assert "places that you visited" in page
    assert "tracer ·" not in page
    assert AccessLog.objects.latest("pk").part == "reads"
    assert (
        f"/health-book/people/{families.be.code}/reads"
        in officer.get(f"/people/{families.be.code}/").content.decode()
    )
