"""The desk: one's own work, most urgent first; switching postings; what each role finds in its navigation."""

import pytest
from django.test import Client
from django.urls import resolve, reverse

from lachan.core import access, actors
from lachan.core.desk import DeskItem
from lachan.core.doors import POSTING_KEY
from lachan.core.models import Person, Role
from lachan.site.context import MOST, NAVIGATION
from lachan.site.views import home
from tests.pages.conftest import SignIn, text_of
from tests.town import Town, moment, staff_member

pytestmark = pytest.mark.django_db
Outbreak = dict[str, Person]


def test_work_is_sorted_by_what_hurts_most_and_the_older_first(
    town: Town, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    posting = town.staff["tracer"].postings.get()
    items = [
        DeskItem("calm", 5, "/a", 10), DeskItem("none", 0, "/b", 99), DeskItem("young", 1, "/c", 70, moment(2)),
        DeskItem("old", 1, "/d", 70, moment(1)), DeskItem("worst", 1, "/e", 90),
    ]  # fmt: skip
    monkeypatch.setattr(home, "DESKS", (lambda *_, **__: items[:3], lambda *_, **__: items[3:]))
    order = [i.label for i in home.work_of(posting, at=moment(2, 10))]
    assert order == ["worst", "old", "young", "calm", "none"]
    html = sign_in("tracer").get("/").content.decode()
    shown = [html.index(f">{label}") for label in order]
    assert shown == sorted(shown)


def test_a_posting_sees_its_own_work_only(town: Town, outbreak: Outbreak, sign_in: SignIn) -> None:
    elsewhere = staff_member(Role.TRACER, town, area=town.there, suffix="-there")
    ours = home.work_of(town.staff["tracer"].postings.get(), at=moment(2, 10))
    theirs = home.work_of(elsewhere.postings.get(), at=moment(2, 10))
    assert any(i.count for i in ours)
    assert not any(i.count for i in theirs)
    page = text_of(sign_in(elsewhere).get("/"))
    assert "Không có việc nào đang chờ" in page


def test_each_line_is_a_link_that_its_posting_may_open(
    town: Town, outbreak: Outbreak, sign_in: SignIn
) -> None:
    for role in Role.values:
        client = sign_in(role)
        for item in home.work_of(town.staff[role].postings.get(), at=moment(2, 10)):
            assert client.get(item.url).status_code == 200, (role, item.url)


def test_the_list_renews_itself_alone(outbreak: Outbreak, sign_in: SignIn) -> None:
    whole = sign_in("tracer").get("/").content.decode()
    part = sign_in("tracer").get("/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 30s"' in part
    assert "<html" in whole
    assert "<html" not in part
    assert part.strip() in whole
    assert "autofocus" not in whole, "a page that renews itself must not pull the focus"


@pytest.mark.parametrize("role", Role.values)
def test_at_most_five_places_lead_on_and_each_of_them_opens(role: str, sign_in: SignIn) -> None:
    client = sign_in(role)
    nav = client.get("/").context["nav"]
    assert 1 <= len(nav) <= MOST
    assert nav[0][3], "the desk is the page that is open"
    for url, _label, _count, _current in nav:
        assert client.get(url, follow=True).status_code == 200, url
    for url, _label in client.get("/").context["more"]:
        assert client.get(url, follow=True).status_code == 200, url


def test_navigation_asks_what_the_door_asks() -> None:
    for name, _label, rule in NAVIGATION:
        door = getattr(resolve(reverse(name)).func, "door", None)
        assert door in (rule, "signed-in"), name


def test_somebody_with_two_postings_works_in_one_and_switches(town: Town, sign_in: SignIn) -> None:
    actor = town.staff["tracer"]
    second = actors.post(actor, Role.SAMPLER, at=moment(-1), area=town.there)
    client = sign_in(actor)
    assert client.get("/").wsgi_request.posting.role == Role.TRACER  # type: ignore[attr-defined]
    answer = client.post("/posting", {"posting": second.pk})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    page = client.get("/")
    assert page.wsgi_request.posting == second  # type: ignore[attr-defined]
    assert "Phường An Hải" in text_of(page)


@pytest.mark.parametrize("chosen", ["theirs", "", "abc", "9" * 30, "-1", "1 OR 1=1"])
def test_nobody_takes_a_posting_of_somebody_else(town: Town, sign_in: SignIn, chosen: str) -> None:
    client = sign_in("sampler")
    if chosen == "theirs":
        chosen = str(town.staff["health_officer"].postings.get().pk)
    assert client.post("/posting", {"posting": chosen}).status_code == 303
    assert POSTING_KEY not in client.session
    assert client.get("/").wsgi_request.posting.role == Role.SAMPLER  # type: ignore[attr-defined]


def test_a_posting_that_ended_opens_nothing(town: Town, sign_in: SignIn) -> None:
    posting = town.staff["sampler"].postings.get()
    posting.ends_at = moment(1)
    posting.save()
    assert sign_in("sampler").get("/").status_code == 403


def test_a_stranger_is_asked_to_sign_in(town: Town, client: Client) -> None:
    for path in ("/", "/people/", "/people/new", "/trace", "/messages", "/events/parked"):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/sign-in/?next="), path


def test_signing_out_ends_it(sign_in: SignIn) -> None:
    client = sign_in("tracer")
    assert client.get("/").status_code == 200
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_the_language_is_switched_and_remembered(town: Town, sign_in: SignIn) -> None:
    client = sign_in("tracer")
    assert "Việc của tôi" in text_of(client.get("/"))
    answer = client.post("/language", {"language": "en", "next": "/"})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "My desk" in text_of(client.get("/"))
    assert client.post("/language", {"language": "xx", "next": "https://example.org"})["Location"] == "/"
    assert "My desk" in text_of(client.get("/"))


def test_search_stands_where_a_posting_may_search(town: Town, sign_in: SignIn) -> None:
    for role in Role.values:
        actor = town.staff[role]
        allowed = access.may(actor.postings.get(), access.Permission.SEARCH_PERSONS)
        html = sign_in(role).get("/").content.decode()
        assert ('id="q"' in html) is allowed, role
        assert "top-search" not in html, "one box is enough"
