"""The administrator's pages, and the way to a password."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client

from lachan.core import actors, clock
from lachan.core.models import Actor, Area, EventRow, Posting, Role
from lachan.platform.staff.models import PostingRequest
from lachan.platform.staff.tests.test_accounts import AT, administrator
from tests.rows import area_in

pytestmark = pytest.mark.django_db
NEW = {"name": "Trần Thị An", "username": "an.tran", "role": Role.TRACER, "area": "Phường Hải Châu"}
GOOD = "bốn từ tự nghĩ ra"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def province() -> Area:
    return area_in(None, "48", "Thành phố Đà Nẵng", level=1)


@pytest.fixture
def commune(province: Area) -> Area:
    return area_in(province, "20194", "Phường Hải Châu")


@pytest.fixture
def boss(province: Area, commune: Area) -> Client:
    return browser(administrator("boss", province))


def browser(actor: Actor) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    assert actor.user is not None
    client.force_login(actor.user)
    return client


def opened(boss: Client, **other: str) -> Actor:
    answer = boss.post("/staff/new", NEW | other)
    assert answer.status_code == 303, answer.content.decode()
    return Actor.objects.get(user__username=other.get("username", "an.tran"))


def link_of(boss: Client, member: Actor, **sent: str) -> str:
    answer = boss.post(f"/staff/{member.pk}/link", sent)
    assert answer.status_code == 200
    found = re.search(r"http://testserver(/staff/password/[^<\s]+)", answer.content.decode())
    assert found is not None
    return found[1]


def test_from_an_account_to_the_first_sign_in(boss: Client) -> None:
    member = opened(boss)
    link = link_of(boss, member)
    own = Client()
    page = own.get(link)
    assert page.status_code == 302
    assert link.split("/")[-2] not in page.headers["Location"]
    done = own.post(page.headers["Location"], {"new_password1": GOOD, "new_password2": GOOD})
    assert done.headers["Location"] == "/sign-in/"
    assert own.post("/sign-in/", {"username": "an.tran", "password": GOOD}).status_code == 302
    assert own.get("/").status_code == 200
    told = list(EventRow.objects.order_by("id").values_list("kind", flat=True))
    assert told == ["StaffEnrolled", "PostingGiven", "PasswordLinkMade", "PasswordSet", "SignedIn"]
    assert "no longer good" in Client(headers={"accept-language": "en"}).get(link).content.decode()
    assert mail.outbox == []


def test_a_link_is_good_for_three_days(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_of(boss, opened(boss))
    from django.contrib.auth.tokens import PasswordResetTokenGenerator

    later = PasswordResetTokenGenerator()._now() + timedelta(days=3, seconds=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self: later)
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize("password", ["short", "password1234", "123456789012"])
def test_a_weak_password_is_refused(boss: Client, password: str) -> None:
    own = Client()
    page = own.get(link_of(boss, opened(boss)))
    sent = {"new_password1": password, "new_password2": password}
    if password == "123456789012":
        sent["new_password2"] = "another"
    assert own.post(page.headers["Location"], sent).status_code == 200
    assert not User.objects.get(username="an.tran").has_usable_password()


@pytest.mark.parametrize(
    "path", ["x/y/", "MQ/set-password/", "%00/a-b/", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5/a-b/", "é/é/"]
)
def test_a_link_that_is_none_says_so(path: str) -> None:
    answer = Client(headers={"accept-language": "en"}).get(f"/staff/password/{path}")
    assert answer.status_code == 200
    assert "no longer good" in answer.content.decode()


def test_a_link_by_text_goes_to_the_telephone(boss: Client) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    texts = ProcrastinateJob.objects.filter(task_name="platform.send_sealed_text")
    before = list(texts.values_list("pk", flat=True))  # jobs outlive the tests that commit
    link = link_of(boss, opened(boss), phone="0912 345 678")
    [job] = texts.exclude(pk__in=before)
    assert link not in str(job.args)
    member = Actor.objects.get(user__username="an.tran")
    assert boss.post(f"/staff/{member.pk}/link", {"phone": "12"}).status_code == 303


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "An Trần"}, "small letters"), ({"username": "boss"}, "already"), ({"area": ""}, "Name either"),
        ({"role": "king"}, "role"), ({"place": "x"}, "code"), ({"until_on": "1/1/2020"}, "ends before"),
        ({"name": ""}, "name"),
    ],
)  # fmt: skip
def test_a_wrong_form_is_refused_in_words_and_makes_nothing(
    boss: Client, wrong: dict[str, str], said: str
) -> None:
    answer = boss.post("/staff/new", NEW | wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.count() == 1


def test_what_lies_outside_ones_area_is_not_given(commune: Area, province: Area) -> None:
    other = area_in(province, "20305", "Phường An Hải")
    local = browser(administrator("local", commune))
    assert local.post("/staff/new", NEW | {"area": other.name}).status_code == 422
    assert local.post("/staff/new", NEW | {"area": province.name}).status_code == 422
    assert opened(local).postings.get().area == commune


def test_a_posting_elsewhere_keeps_password_and_account_from_a_local_administrator(
    boss: Client, commune: Area, province: Area
) -> None:
    member = opened(boss)
    actors.post(member, Role.EPIDEMIOLOGIST, at=AT, area=province)
    local = browser(administrator("local", commune))
    assert "outside your area" in local.get(f"/staff/{member.pk}/").content.decode()
    assert local.post(f"/staff/{member.pk}/link").status_code == 403
    assert local.post(f"/staff/{member.pk}/close").status_code == 403
    assert boss.post(f"/staff/{member.pk}/link").status_code == 200


def test_two_administrators_make_a_third(boss: Client, province: Area) -> None:
    member = opened(boss, role=Role.ADMINISTRATOR, area=province.name)
    request = PostingRequest.objects.get()
    assert "Somebody else has to agree" in boss.get("/staff/").content.decode()
    answer = boss.post(f"/staff/requests/{request.pk}", {"answer": "agree"}, follow=True)
    assert "This takes two" in answer.content.decode()
    second = browser(administrator("second", province))
    assert "second administrator" in second.get("/").content.decode()
    second.post(f"/staff/requests/{request.pk}", {"answer": "agree"})
    assert member.postings.get().role == Role.ADMINISTRATOR


def test_a_posting_is_given_ended_and_the_account_closed(boss: Client, commune: Area) -> None:
    member = opened(boss)
    page = f"/staff/{member.pk}/"
    assert boss.post(f"{page}posting", {"role": Role.SAMPLER, "area": commune.name}).status_code == 303
    assert boss.post(f"{page}posting", {"role": Role.SAMPLER}).status_code == 422
    with clock.frozen(AT + timedelta(hours=1)):
        first = Posting.objects.filter(actor=member).earliest("pk")
        assert boss.post(f"/staff/postings/{first.pk}/end").status_code == 303
        assert [p.role for p in actors.postings_of(member, at=clock.now())] == [Role.SAMPLER]
        boss.post(f"{page}close")
        assert "closed" in boss.get("/staff/").content.decode()
        assert actors.postings_of(member, at=clock.now()) == []
        assert "account is closed" in boss.post(f"{page}close", follow=True).content.decode()


def test_an_account_that_nobody_used_is_marked(boss: Client) -> None:
    opened(boss)
    assert "no password yet" in boss.get("/staff/").content.decode()


def test_only_administrators_manage_accounts(boss: Client, commune: Area) -> None:
    tracer = browser(opened(boss))
    for path in ("/staff/", "/staff/new"):
        assert tracer.get(path).status_code == 403


def test_the_page_in_vietnamese_has_no_english(boss: Client, settings: Any) -> None:
    member = opened(boss)
    boss.cookies["language"] = "vi"
    html = boss.get(f"/staff/{member.pk}/").content.decode()
    assert "Giao vị trí" in html
    assert "Give the posting" not in html
