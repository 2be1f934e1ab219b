"""`lachan staff`: the first accounts of an installation."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from lachan.core import actors, clock
from lachan.core.models import Actor, Area, EventRow, PlaceKind, Posting, Role
from lachan.core.places import open_place
from lachan.site.cli.staff import staff
from tests.rows import area_in

commands: Any = import_module("lachan.site.cli.staff")  # the package has its command under the same name
pytestmark = pytest.mark.django_db
ADD = ("add", "an.tran", "--name", "Trần Thị An", "--role", "administrator", "--area", "48")


@pytest.fixture(autouse=True)
def province(monkeypatch: pytest.MonkeyPatch) -> Iterator[Area]:
    monkeypatch.setattr(commands, "ready", lambda: None)
    monkeypatch.setenv("COLUMNS", "200")
    area_in(None, "48", "Xã Bốn Tám", level=3)
    with translation.override("vi"):
        yield area_in(None, "48", "Thành phố Đà Nẵng", level=1)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(staff, arguments, catch_exceptions=False)


def said(*arguments: str) -> str:
    answer = run(*arguments)
    assert answer.exit_code == 0, answer.output
    return answer.output


def refused(*arguments: str) -> str:
    answer = run(*arguments)
    assert answer.exit_code != 0
    return answer.output


def test_the_first_administrator_comes_to_a_password(province: Area, capsys: Any) -> None:
    with commands.console.capture() as shown:
        said(*ADD)
    link = re.search(r"http://127.0.0.1:8000(/staff/password/\S+)", shown.get())
    assert link is not None
    own = Client()
    page = own.get(link[1])
    good = "bốn từ tự nghĩ ra"
    own.post(page.headers["Location"], {"new_password1": good, "new_password2": good})
    assert own.post("/sign-in/", {"username": "an.tran", "password": good}).status_code == 302
    posting = Posting.objects.get()
    assert (posting.role, posting.area) == (Role.ADMINISTRATOR, province)
    kinds = set(EventRow.objects.values_list("kind", flat=True))
    assert {"StaffEnrolled", "PostingGiven", "PasswordLinkMade"} <= kinds


def test_a_known_account_gets_another_posting_and_no_link(province: Area) -> None:
    said(*ADD)
    place = open_place(kind=PlaceKind.LABORATORY, name="Phòng xét nghiệm", area=province, at=clock.now())
    with commands.console.capture() as shown:
        said(
            "add",
            "an.tran",
            "--name",
            "x",
            "--role",
            "lab_verifier",
            "--place",
            place.code,
            "--until",
            "2099-12-31",
        )
    assert "Way to a password" not in shown.get()
    member = Actor.objects.get(user__username="an.tran")
    assert member.name == "Trần Thị An"
    last = member.postings.latest("pk")
    assert last.place == place
    assert last.ends_at == clock.day_start(date(2100, 1, 1))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"--role": "king"}, "one of"),
        ({"--area": "999999"}, "no area has the code"), ({"--place": "x"}, "17 letters"),
        ({"--place": "0" * 17}, "no place has this code"), ({"--until": "soon"}, "soon"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_makes_nothing(changed: dict[str, str], words: str) -> None:
    [(option, value)] = changed.items()
    kept = [part for n, part in enumerate(ADD) if part != option and ADD[n - 1] != option]
    assert words in refused(*kept, option, value)
    assert not User.objects.exists()


def test_accounts_are_listed_with_what_holds(province: Area) -> None:
    said(*ADD)
    with commands.console.capture() as shown:
        said("list")
    assert "an.tran" in shown.get()
    assert "administrator" in shown.get()
    said("end", "an.tran")
    for arguments, there in ((("list",), False), (("list", "--all"), True)):
        with commands.console.capture() as shown:
            said(*arguments)
        assert ("an.tran" in shown.get()) is there


def test_an_account_or_one_posting_is_ended() -> None:
    said(*ADD)
    member = Actor.objects.get(user__username="an.tran")
    posting = member.postings.get()
    said("end", "an.tran", "--posting", str(posting.pk))
    assert actors.postings_of(member, at=clock.now() + timedelta(seconds=1)) == []
    assert "ended already" in refused("end", "an.tran", "--posting", str(posting.pk))
    assert "none of this account" in refused("end", "an.tran", "--posting", "999999999")
    said("end", "an.tran")
    assert "closed already" in refused("end", "an.tran")
    assert "is closed" in refused("password", "an.tran")


@pytest.mark.parametrize("command", ["end", "password"])
def test_a_name_that_nobody_has_is_told(command: str) -> None:
    assert "Nobody signs in as nobody" in refused(command, "nobody")
