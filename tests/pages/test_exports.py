"""The page of exports: how far a file is, fetching it, and what may be done with it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lachan.core import clock
from lachan.core.models import AccessLog, Person
from lachan.platform import exports
from lachan.platform.models import Export
from tests.pages.conftest import NOW, SignIn, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("outbreak")]


@pytest.fixture
def client(sign_in: SignIn) -> Client:
    client = sign_in("health_officer")
    client.cookies["language"] = "en"
    return client


@pytest.fixture(autouse=True)
def _every_list_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lachan.platform.exports.asking.AT_ONCE", 0)


def ask(client: Client, ending: str = "csv", query: str = "state=confirmed") -> Export:
    answer = client.post(f"{reverse('tracing:line_list')}?{query}", {"ending": ending})
    assert (answer.status_code, answer["Location"]) == (303, "/exports/")
    return Export.objects.latest("asked_at", "pk")


def page(client: Client) -> str:
    return text_of(client.get("/exports/"))


def address(name: str, export: Export) -> str:
    return reverse(f"export_{name}", args=[export.pk])


def test_an_empty_page_says_what_will_appear(client: Client) -> None:
    assert "a long one is written here" in page(client)


def test_a_long_list_appears_waits_is_ready_and_is_fetched(client: Client, hoa: Person) -> None:
    export = ask(client)
    waiting = page(client)
    assert "Line list of cases CSV waits to be written" in waiting
    assert "contact tracing" in waiting
    assert "Confirmed" in waiting
    assert client.get(address("file", export)).status_code == 409
    exports.write(export.pk, at=NOW)
    ready = page(client)
    assert "ready" in ready
    assert "1 row" in ready
    answer: Any = client.get(address("file", export))
    assert answer["Content-Disposition"] == 'attachment; filename="line-list-2026-11-04.csv"'
    assert answer["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row[2] for row in rows] == ["name", hoa.name]
    assert AccessLog.objects.filter(person=hoa, part="line list export", purpose="tracing").count() == 1


def test_half_a_file_shows_how_far_it_is_and_cannot_be_fetched(client: Client) -> None:
    export = ask(client)
    Export.objects.filter(pk=export.pk).update(
        begun_at=NOW, moved_at=NOW, rows=2_000, expected=5_000, attempt=1
    )
    assert "2000 of 5000 done" in page(client).replace(",", "")
    assert client.get(address("file", export)).status_code == 409


def test_the_page_is_sent_again_only_when_something_moved(client: Client) -> None:
    export = ask(client)
    seen = client.get("/exports/").content.decode().split('"X-Seen": "')[1].split('"')[0]
    assert client.get("/exports/", headers={"X-Seen": seen}).status_code == 204
    Export.objects.filter(pk=export.pk).update(begun_at=NOW, moved_at=NOW, rows=1, expected=2)
    assert client.get("/exports/", headers={"X-Seen": seen}).status_code == 200


@pytest.mark.parametrize("failure", ["broken", "too-long", "not-permitted", "something-new"])
def test_a_failure_is_told_in_words_and_can_be_begun_anew(client: Client, failure: str) -> None:
    export = ask(client)
    Export.objects.filter(pk=export.pk).update(begun_at=NOW, failed_at=NOW, failure=failure)
    shown = page(client)
    assert "failed" in shown
    assert "Write it again" in shown
    assert failure not in shown or failure == "broken"
    assert client.post(address("again", export)).status_code == 303
    [anew] = Export.objects.all()
    assert (anew.failed_at, anew.pk != export.pk, anew.filters) == (None, True, {"state": "confirmed"})


def test_one_that_stands_still_says_so(client: Client) -> None:
    ask(client)
    with clock.frozen(NOW + timedelta(minutes=16)):
        assert "does not move" in page(client)


def test_a_file_is_cancelled_or_deleted_by_its_owner_alone(client: Client, sign_in: SignIn) -> None:
    export = ask(client)
    tracer = sign_in("tracer")
    for name in ("discard", "again"):
        assert tracer.post(address(name, export)).status_code == 404
    assert tracer.get(address("file", export)).status_code == 404
    assert "Line list" not in page(tracer)
    assert client.post(address("discard", export)).status_code == 303
    assert not Export.objects.exists()


def test_a_file_of_yesterday_is_gone_for_its_owner_too(client: Client) -> None:
    export = ask(client)
    exports.write(export.pk, at=NOW)
    with clock.frozen(NOW + timedelta(hours=25)):
        assert client.get(address("file", export)).status_code == 404
        assert "Line list" not in page(client)


def test_a_twenty_first_file_is_refused_in_words(client: Client) -> None:
    for n in range(20):
        export = ask(client, query=f"code={n}")
        exports.write(export.pk, at=NOW)
    answer = client.post(reverse("tracing:line_list"), {"ending": "csv"})
    assert answer.status_code == 409
    assert "Delete some of your files first" in text_of(answer)


def test_only_who_may_export_finds_the_page_at_the_foot_of_the_desk(client: Client, sign_in: SignIn) -> None:
    assert 'href="/exports/"' in client.get("/").content.decode()
    assert 'href="/exports/"' not in sign_in("gate_guard").get("/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("where", "ending"), [("tracing:home", "xlsx"), ("quarantine:home", "csv"), ("testing:orders", "xlsx")]
)
def test_lists_offer_both_forms_with_the_filters_of_the_page(client: Client, where: str, ending: str) -> None:
    shown = client.get(reverse(where) + "?state=confirmed&cursor=x").content.decode()
    assert f'name="ending" value="{ending}"' in shown
    assert "export" in shown
    assert '?state=confirmed" class="export' in shown
