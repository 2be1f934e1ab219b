"""Lists as files: whole or not at all, asked for once, for one posting, for one day."""

import csv
import io
import os
import signal
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Q

from lachan.core import access, bulk, clock
from lachan.core.access import Permission, Purpose
from lachan.core.errors import Refusal
from lachan.core.models import AccessLog, Actor, Area, Person, Posting
from lachan.platform import exports, jobs
from lachan.platform.exports import asking, sources
from lachan.platform.exports.sources import Source
from lachan.platform.models import Ending, Export, ExportPart
from tests.forked import forked

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_no_jobs")]
AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
Rows = Callable[[Sequence[Person]], Iterable[Sequence[object]]]


class Narrow(forms.Form):
    sex = forms.ChoiceField(choices=[("", "All"), ("f", "Women")], required=False)


def plain(found: Sequence[Person]) -> Iterable[Sequence[object]]:
    return [(one.code, one.name, one.sex) for one in found]


def source(rows: Rows = plain) -> Source:
    def found(posting: Posting, filters: Any, at: datetime) -> Any:
        wanted = Q(sex=filters["sex"]) if filters.get("sex") else Q()
        return Person.objects.filter(wanted).order_by("code")

    return Source(
        name="people", title="People", file_name="people", permission=Permission.SEARCH_PERSONS,
        purpose=Purpose.TRACING, part="people export", heading=("code", "name", "sex"), form=Narrow, found=found,
        rows=lambda batch, _at: rows(batch), person=lambda one: one.pk,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _offered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sources, "_sources", {"people": source()})
    monkeypatch.setattr(sources, "BATCH", 10)
    with clock.frozen(AT):
        yield


@pytest.fixture
def posting() -> Posting:
    return posting_of("officer")


def posting_of(name: str, role: str = "health_officer") -> Posting:
    area, _ = Area.objects.get_or_create(
        code="1", defaults={"level": 1, "name": "Tỉnh", "search_key": "tinh", "path": "/1/", "valid_from": AT.date()}
    )  # fmt: skip
    actor = Actor.objects.create(kind="staff", name=name, created_at=AT)
    return Posting.objects.create(actor=actor, role=role, area=area, starts_at=AT - timedelta(days=9))


def people(count: int) -> None:
    bulk.insert(
        [
            Person(code=f"{n:017d}", name=f"Trần Văn {n}", search_key="", sex="mf"[n % 2], registered_at=AT)
            for n in range(count)
        ]
    )


def asked(posting: Posting, ending: str = "csv", sex: str = "", at: datetime = AT) -> Export:
    filters = {"sex": sex} if sex else {}
    return exports.ask(posting=posting, source=source(), ending=ending, filters=filters, at=at)


def fetched(export: Export, posting: Posting) -> list[list[str]]:
    answer = exports.fetch(Export.objects.get(pk=export.pk), posting, at=AT)
    body = b"".join(answer)
    assert answer["Content-Length"] == str(len(body))
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


# --- short and long -----------------------------------------------------------------------------------------------


def request_of(posting: Posting, ending: str = "csv", **filters: str) -> Any:
    return SimpleNamespace(
        posting=posting, GET=filters, POST={"ending": ending}, _messages=SimpleNamespace(add=print)
    )


def test_a_short_list_is_the_answer_itself(posting: Posting) -> None:
    people(3)
    answer = exports.answer(request_of(posting, sex="f"), source())
    assert answer["Content-Disposition"] == 'attachment; filename="people-2026-11-01.csv"'
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [
        ["code", "name", "sex"], ["00000000000000001", "Trần Văn 1", "f"],
    ]  # fmt: skip
    assert not Export.objects.exists()
    assert [r.person.name for r in AccessLog.objects.all()] == ["Trần Văn 1"]


def test_a_long_list_becomes_a_job_and_then_the_whole_file(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "AT_ONCE", 30)
    people(31)
    answer = exports.answer(request_of(posting), source())
    assert (answer.status_code, answer["Location"]) == (303, "/exports/")
    export = Export.objects.get()
    with pytest.raises(exports.NotReady):
        exports.fetch(export, posting, at=AT)
    jobs.run_waiting()
    rows = fetched(export, posting)
    assert [row[0] for row in rows[1:]] == list(
        Person.objects.order_by("code").values_list("code", flat=True)
    )
    export.refresh_from_db()
    assert (export.rows, export.expected) == (31, 31)


@pytest.mark.parametrize("count", [0, 9, 10, 11, 40])
@pytest.mark.parametrize("ending", Ending.values)
def test_every_row_of_the_query_is_in_the_file(posting: Posting, count: int, ending: str) -> None:
    people(count)
    export = asked(posting, ending)
    exports.write(export.pk, at=AT)
    export.refresh_from_db()
    assert export.ready_at is not None
    assert export.rows == count
    assert export.size == sum(len(part.body) for part in export.parts.all())


def test_a_filter_holds_and_is_said_in_words(posting: Posting) -> None:
    people(21)
    kept = source().filters({"sex": "f", "cursor": "x", "other": "y"})
    assert (kept, source().words(kept)) == ({"sex": "f"}, ["Women"])
    export = asked(posting, sex="f")
    exports.write(export.pk, at=AT)
    assert {row[2] for row in fetched(export, posting)[1:]} == {"f"}


# --- once -----------------------------------------------------------------------------------------------------------


def test_the_same_list_asked_for_twice_is_written_once(posting: Posting) -> None:
    first = asked(posting)
    assert asked(posting).pk == first.pk
    assert asked(posting, sex="f").pk != first.pk
    assert asked(posting, "xlsx").pk != first.pk
    assert asked(posting_of("another")).pk != first.pk
    assert jobs.waiting() == {"todo": 4}
    exports.write(first.pk, at=AT)
    assert asked(posting).pk != first.pk


def test_the_same_list_asked_for_by_eight_clicks_at_once_is_written_once(posting: Posting) -> None:
    together = threading.Barrier(8)

    def click(_: int) -> Any:
        try:
            together.wait()
            return asked(posting).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(click, range(8)))
    assert len(found) == 1
    assert jobs.waiting() == {"todo": 1}


def second_click(posting: Posting, monkeypatch: pytest.MonkeyPatch, *, guarded: bool) -> Any:
    """What a second click gets that comes before the first has committed."""
    if not guarded:
        monkeypatch.setattr(asking, "_in_turn", lambda _posting: None)

    def click() -> Any:
        try:
            return asked(posting).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = asked(posting).pk
            second = pool.submit(click)
            with pytest.raises(TimeoutError):
                second.result(0.5)
        return first, second.result(10)


def test_a_second_click_waits_for_the_first_and_gets_its_export(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = second_click(posting, monkeypatch, guarded=True)
    assert first == second


def test_without_the_lock_the_second_click_is_an_error(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(IntegrityError, match="export_once_at_a_time"):
        second_click(posting, monkeypatch, guarded=False)


def test_twenty_files_are_kept_at_a_time(posting: Posting) -> None:
    for _ in range(20):
        exports.write(asked(posting).pk, at=AT)
    with pytest.raises(exports.TooManyExports):
        asked(posting)
    exports.discard(export=Export.objects.filter(posting=posting)[0])
    asked(posting)


# --- broken off -----------------------------------------------------------------------------------------------------


def use(monkeypatch: pytest.MonkeyPatch, rows: Rows) -> None:
    monkeypatch.setattr(sources, "_sources", {"people": source(rows)})


def at_row(number: int, act: Callable[[], None]) -> Rows:
    """Rows that let something happen once, when `number` of them are written."""
    left = [act]

    def rows(found: Sequence[Person]) -> Iterable[Sequence[object]]:
        if left and found[0].code == f"{number:017d}":
            left.pop()()
        return plain(found)

    return rows


def test_progress_is_seen_while_it_is_written(posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    people(40)
    export, seen = asked(posting), list[tuple[int, int]]()
    use(monkeypatch, at_row(20, lambda: seen.append(Export.objects.values_list("rows", "expected").get())))
    exports.write(export.pk, at=AT)
    assert seen == [(20, 40)]


def test_a_cancelled_export_is_written_no_further(posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    people(40)
    export = asked(posting)
    use(monkeypatch, at_row(20, lambda: exports.discard(export=export)))
    exports.write(export.pk, at=AT)
    assert not Export.objects.exists()
    assert not ExportPart.objects.exists()


def test_of_two_writers_the_later_one_writes_the_whole_file(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(40)
    export = asked(posting)
    use(monkeypatch, at_row(20, lambda: exports.write(export.pk, at=AT)))
    exports.write(export.pk, at=AT)
    assert len(fetched(export, posting)) == 41
    export.refresh_from_db()
    assert (export.attempt, export.rows) == (2, 40)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_worker_killed_in_the_middle_leaves_nothing_to_fetch_and_is_made_good(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(40)
    export = asked(posting)

    def die_at_row_20() -> None:
        use(monkeypatch, at_row(20, lambda: os.kill(os.getpid(), signal.SIGKILL)))
        exports.write(export.pk, at=AT)

    child = forked(die_at_row_20)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert ExportPart.objects.filter(export=export).count() == 3
    with pytest.raises(exports.NotReady):
        exports.fetch(Export.objects.get(), posting, at=AT)
    jobs.run_waiting()
    assert len(fetched(export, posting)) == 41


def test_a_worker_asked_to_stop_leaves_off_and_the_next_writes_it_whole(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(40)
    export, stop = asked(posting), threading.Event()
    use(monkeypatch, at_row(20, stop.set))
    worker = threading.Thread(target=jobs.work, kwargs={"stop": stop})
    worker.start()
    worker.join(30)
    assert not worker.is_alive()
    export.refresh_from_db()
    assert (export.rows, export.ready_at, export.failed_at) == (20, None, None)
    assert jobs.waiting() == {"todo": 1}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    jobs.run_waiting()
    assert len(fetched(export, posting)) == 41


def test_the_job_of_a_dead_worker_goes_back_to_the_queue(posting: Posting) -> None:
    export = asked(posting)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [AT])
        [worker] = cursor.fetchone() or [0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
    assert jobs.take_up_left() == 0
    with clock.frozen(AT + timedelta(minutes=2)):
        assert jobs.take_up_left() == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    jobs.run_waiting()
    export.refresh_from_db()
    assert export.ready_at is not None


# --- failing --------------------------------------------------------------------------------------------------------


def fail(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "word"), [(ValueError("Trần Văn 20"), "broken"), (exports.TooLong(), "too-long")]
)
def test_a_list_that_cannot_be_written_says_so_and_keeps_nothing(
    posting: Posting, monkeypatch: pytest.MonkeyPatch, error: Exception, word: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    people(40)
    export = asked(posting)
    use(monkeypatch, at_row(20, fail(error)))
    exports.write(export.pk, at=AT)
    export.refresh_from_db()
    assert (export.failure, export.failed_at, export.ready_at) == (word, AT, None)
    assert not ExportPart.objects.exists()
    assert "Trần" not in caplog.text
    anew = exports.again(export=export, at=AT)
    exports.write(anew.pk, at=AT)
    assert len(fetched(anew, posting)) == 41
    assert list(Export.objects.all()) == [anew]


def test_a_database_that_is_away_is_the_jobs_affair(
    posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(40)
    export = asked(posting)
    use(monkeypatch, at_row(20, fail(OperationalError("gone"))))
    with pytest.raises(OperationalError):
        exports.write(export.pk, at=AT)
    exports.write(export.pk, at=AT)
    assert len(fetched(export, posting)) == 41


def test_one_that_stands_still_is_begun_anew_when_asked_again(posting: Posting) -> None:
    export = asked(posting)
    assert not exports.is_still(export, AT + timedelta(minutes=15))
    later = AT + timedelta(minutes=16)
    assert exports.is_still(export, later)
    assert asked(posting, at=later).pk != export.pk
    assert Export.objects.count() == 1


@pytest.mark.parametrize("change", [{"ends_at": AT - timedelta(hours=1)}, {"role": "gate_guard"}])
def test_who_was_relieved_meanwhile_gets_nothing(posting: Posting, change: dict[str, Any]) -> None:
    people(3)
    export = asked(posting)
    Posting.objects.filter(pk=posting.pk).update(**change)
    exports.write(export.pk, at=AT)
    export.refresh_from_db()
    assert (export.failure, ExportPart.objects.count()) == ("not-permitted", 0)


def test_one_that_is_gone_or_over_stays_so(posting: Posting) -> None:
    exports.write(uuid4(), at=AT)
    export = asked(posting)
    exports.write(export.pk, at=AT)
    exports.write(export.pk, at=AT + timedelta(hours=1))
    export.refresh_from_db()
    assert (export.attempt, export.begun_at) == (1, AT)


# --- whose ----------------------------------------------------------------------------------------------------------


def test_whoever_fetches_a_file_has_read_of_everybody_in_it(posting: Posting) -> None:
    people(25)
    export = asked(posting)
    exports.write(export.pk, at=AT)
    assert not AccessLog.objects.exists(), "nobody has seen it yet"
    fetched(export, posting)
    noted = AccessLog.objects.filter(
        part="people export", purpose="tracing", posting_id=posting.pk, read_at=AT
    )
    assert noted.count() == Person.objects.filter(reads__isnull=False).count() == 25


def test_a_download_that_breaks_off_has_told_those_who_went_out(posting: Posting) -> None:
    people(40)
    export = asked(posting)
    exports.write(export.pk, at=AT)
    export.refresh_from_db()
    pieces = iter(exports.fetch(export, posting, at=AT))
    for noted in (0, 10, 20):
        sent = next(pieces)
        assert AccessLog.objects.count() == noted
    assert sent.count(b"\r\n") == 10


def test_a_file_is_for_the_posting_that_asked_and_for_a_day(posting: Posting) -> None:
    export = asked(posting)
    exports.write(export.pk, at=AT)
    assert exports.own(posting, export.pk, at=AT + timedelta(hours=23)) == export
    for who, at in ((posting_of("another"), AT), (posting, AT + timedelta(hours=25))):
        with pytest.raises(exports.ExportNotVisible):
            exports.own(who, export.pk, at=at)
    assert exports.of_posting(posting, at=AT + timedelta(hours=25)) == []
    posting.role = "gate_guard"
    with pytest.raises(exports.ExportNotVisible):
        exports.own(posting, export.pk, at=AT)
    assert not exports.offered_to(posting)


def test_the_night_takes_files_that_are_too_old(posting: Posting) -> None:
    from lachan.core import retention

    people(12)
    for at in (AT, AT + timedelta(hours=20)):
        exports.write(asked(posting, at=at).pk, at=at)
    purged = {p.rule.name: p for p in retention.purge(at=AT + timedelta(hours=30))}
    assert (purged["exports"].removed >= 1, purged["exports"].left) == (True, 0)
    assert [e.asked_at for e in Export.objects.all()] == [AT + timedelta(hours=20)]
    assert set(ExportPart.objects.values_list("export__asked_at", flat=True)) == {AT + timedelta(hours=20)}


# --- memory ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", Ending.values)
def test_memory_does_not_grow_with_the_list(
    posting: Posting, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """Ten times the rows, and the same peak; what a list held at once would take is shown beside it."""
    monkeypatch.setattr(sources, "BATCH", 500)
    people(20_000)
    peaks = []
    for most in (2_000, 20_000):
        Person.objects.filter(code__gte=f"{most:017d}").update(sex="")
        tracemalloc.start()
        exports.write(asked(posting, ending, sex="f").pk, at=AT)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        Person.objects.filter(sex="").update(sex="f")
    tracemalloc.start()
    held = list(Person.objects.all())
    control = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(held) == 20_000
    assert peaks[1] < 1.3 * peaks[0]
    assert control > 3 * peaks[1]


# --- constraints ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("export_ending_known", {"ending": "doc"}),
        ("export_ready_or_failed", {"begun_at": AT, "ready_at": AT, "failed_at": AT, "failure": "broken"}),
        ("export_ready_was_begun", {"ready_at": AT}),
        ("export_failed_has_a_word", {"failed_at": AT}),
        ("export_failed_has_a_word", {"failure": "broken"}),
    ],
)
def test_the_database_refuses_an_export_that_cannot_be(
    posting: Posting, name: str, change: dict[str, Any]
) -> None:
    export = asked(posting)
    with pytest.raises(IntegrityError, match=name):
        Export.objects.filter(pk=export.pk).update(**change)


def test_the_database_refuses_the_same_export_or_piece_twice(posting: Posting) -> None:
    export = asked(posting)
    with pytest.raises(IntegrityError, match="export_once_at_a_time"), transaction.atomic():
        Export.objects.create(
            posting=posting, mark=export.mark, source="people", ending="csv", purpose="care", asked_at=AT
        )
    ExportPart.objects.create(export=export, number=1, body=b"")
    with pytest.raises(IntegrityError, match="export_part_once"):
        ExportPart.objects.create(export=export, number=1, body=b"")


def test_a_refusal_says_what_to_do() -> None:
    for refusal in (
        exports.TooLong(),
        exports.TooManyExports(),
        exports.NotReady(),
        exports.ExportNotVisible(),
    ):
        assert isinstance(refusal, Refusal)
        assert str(refusal.message)
    assert not access.may(None, Permission.SEARCH_PERSONS)
