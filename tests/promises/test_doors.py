"""Every URL x every role x own and other area: allowed or refused as `doors.csv` and `lachan.core.roles` say."""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection

from lachan.core.access import Permission
from lachan.core.codes import format_code
from lachan.core.doors import CITIZEN, PUBLIC, SIGNED_IN
from lachan.core.roles import PERMISSIONS
from tests.promises.addresses import METHODS, Row, addresses, ask, body_of, is_envelope, knock, path_of, table
from tests.promises.scene import CANARY, HOLDER, NO_ACTOR, NO_POSTING, NOBODY, STAFF, Scene, undone

pytestmark = pytest.mark.django_db
ROWS = table()
ROOT = "api:api-root"  # names the place of the API, and answers 404 to everything
REFERRING = [row for row in ROWS if row.other]
SAFE = [row for row in ROWS if row.method == "GET"]
OUTSIDERS = (NOBODY, NO_ACTOR, NO_POSTING, HOLDER)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
FLEETING = re.compile(r"[45]\d\d-[0-9A-Z]{6}\b|\b[A-Za-z0-9]{64}\b")  # codes of error pages, CSRF tokens


def may(row: Row, role: str) -> bool:
    """What the rules of roles say about this row."""
    if row.rule == PUBLIC:
        return True
    if row.rule == CITIZEN:
        return role == HOLDER
    if role in OUTSIDERS:
        return False
    if row.rule == SIGNED_IN:
        return True
    held = PERMISSIONS[role]
    return Permission(row.rule) in held and (not row.also or bool({*row.also.split()} & held))


def over(row: Row, role: str) -> bool:
    """Whether the role, which holds the permission, is posted over what the row is about."""
    return role not in row.not_for.split()


def allowed_roles(row: Row) -> list[str]:
    return [role for role in (HOLDER, *STAFF) if may(row, role)]


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No line of the log names anybody, whatever was asked."""
    django = logging.getLogger("django")
    django.addHandler(caplog.handler)
    caplog.set_level(logging.INFO)
    yield
    django.removeHandler(caplog.handler)
    told = [r.getMessage() for r in caplog.records] + [r.exc_text or "" for r in caplog.records]
    assert not [line for line in told if CANARY.search(line)]


# --- the table and the site ---------------------------------------------------------------------------------------


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {row.door for row in ROWS} == set(addresses())
    assert len({(row.door, row.method) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_view_declares_the_rule_of_its_row(row: Row) -> None:
    if row.door == ROOT:
        return
    assert addresses()[row.door].rule(row.method) == row.rule
    assert addresses()[row.door].route.count("<") == len(row.kinds)


@pytest.mark.parametrize("name", sorted(set(addresses()) - {ROOT}))
def test_an_address_answers_to_the_methods_of_its_rows_only(scene: Scene, name: str) -> None:
    rows = {row.method: row for row in ROWS if row.door == name}
    some = next(iter(rows.values()))
    role = next(iter([r for r in allowed_roles(some) if over(some, r)]), NOBODY)
    path = path_of(addresses()[name], [scene.own.things[kind] for kind in some.kinds])
    taken = set()
    for method in METHODS:
        with undone():
            client = scene.client(NOBODY if some.rule == PUBLIC else role)
            if ask(client, method, path, as_json=some.is_api).status_code != 405:
                taken.add(method)
    assert taken == set(rows)


# --- who gets in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_role_is_let_in_or_refused_as_the_table_says(scene: Scene, row: Row) -> None:
    for role in (*OUTSIDERS, *STAFF):
        with undone():
            answer = knock(scene.client(role), row, scene.own.things)
            seen = (str(row), role, answer.status_code)
            assert answer.status_code < 500, seen
            check_canary(answer)
            if not may(row, role):
                check_refused(row, role, answer)
                assert not scene.touched(), seen
            elif over(row, role):
                assert str(answer.status_code) in row.own.split() or (
                    row.rule == PUBLIC and role != NOBODY
                ), seen
            else:
                assert str(answer.status_code) == row.other, seen


def check_refused(row: Row, role: str, answer: Any) -> None:
    """Not a word about anybody; outsiders are sent to the sign-in, which keeps the address but not what was asked."""
    seen = (str(row), role, answer.status_code)
    assert not CANARY.search(body_of(answer)), seen
    if row.is_api:
        assert answer.status_code == (403 if role in STAFF or role == NO_POSTING else 401), seen
        assert is_envelope(answer), seen
    elif role in (NOBODY, HOLDER) or row.rule == CITIZEN:
        sign_in = "/health-book/sign-in" if row.rule == CITIZEN else "/sign-in/"
        assert answer.status_code == 302, seen
        assert answer["Location"].startswith(f"{sign_in}?next=/"), seen
    elif row.also and Permission(row.rule) in PERMISSIONS.get(role, ()):
        assert answer.status_code in (403, 404), seen
    else:
        assert answer.status_code == 403, seen


def check_canary(answer: Any) -> None:
    """Names and numbers stand in the page alone: not in its address, its title, its headers, nor in cookies."""
    for part in (*answer.headers.values(), *(cookie.OutputString() for cookie in answer.cookies.values())):
        assert not CANARY.search(part), part
    title = TITLE.search(body_of(answer))
    assert not (title and CANARY.search(title[1])), title


# --- what lies on somebody else's desk ----------------------------------------------------------------------------


@pytest.mark.parametrize("row", REFERRING, ids=str)
def test_what_lies_on_another_desk_looks_like_what_does_not_exist(scene: Scene, row: Row) -> None:
    roles = allowed_roles(row) if row.rule != PUBLIC else [NOBODY]
    for role in roles:
        for others, missing in beside(row, scene):
            named = [*row.kinds, *row.holds]
            sent = {str(things[kind]) for things in (*others, *missing) for kind in named}
            there, nowhere = (outcome(scene, role, row, *given, sent=sent) for given in (others, missing))
            if over(row, role):
                assert there[0] in row.other.split(), (str(row), role, there)
                assert nowhere[0] in row.missing.split(), (str(row), role, nowhere)
            if row.other == row.missing:
                assert there == nowhere, (str(row), role)


Pair = tuple[Mapping[str, Any], Mapping[str, Any]]


def beside(row: Row, scene: Scene) -> Iterator[tuple[Pair, ...]]:
    """(path, body) of another desk's object against that of none: all arguments, the last alone, the body alone."""
    own, other, none = scene.own.things, scene.other.things, scene.missing
    if row.kinds:
        yield (other, own), (none, own)
    if len(row.kinds) > 1:
        last = row.kinds[-1]
        yield (own | {last: other[last]}, own), (own | {last: none[last]}, own)
    if row.holds:
        yield tuple((own, own | {kind: things[kind] for kind in row.holds}) for things in (other, none))


def outcome(
    scene: Scene, role: str, row: Row, path: Mapping[str, Any], sends: Mapping[str, Any], *, sent: set[str]
) -> tuple[str, int, str]:
    """Status, length and words, of the page as well to which the answer leads; without what differs each time, and
    without what the asker sent."""
    with undone():
        client = scene.client(role)
        answer = knock(client, row, path, sends)
        words = body_of(answer)
        check_canary(answer)
        if 300 <= answer.status_code < 400:
            words += answer["Location"] + body_of(client.get(answer["Location"]))
        assert not CANARY.search(words) or row.rule != PUBLIC
        if row.method == "POST" and answer.status_code >= 400:
            assert not scene.touched(), (str(row), role)
    words = FLEETING.sub("", words)
    for value in sorted({*sent, *map(grouped, sent)}, key=len, reverse=True):
        words = re.sub(rf"(?<![\w-]){re.escape(value)}(?![\w-])", "", words)
    return str(answer.status_code), len(words), words


def grouped(value: str) -> str:
    """A code as pages show it."""
    return format_code(value) if len(value) == 17 else value


def test_an_unknown_code_and_a_hidden_one_get_answers_of_one_length(scene: Scene) -> None:
    """Both codes have 17 symbols, so the raw bytes may be counted."""
    asked = [
        row for row in REFERRING if row.kinds == ["person"] and row.method == "GET" and row.rule != PUBLIC
    ]
    assert len(asked) >= 5
    for row in asked:
        [role, *_others] = [r for r in allowed_roles(row) if over(row, r)]
        sizes = set()
        for things in (scene.other.things, scene.missing):
            with undone():
                answer = knock(scene.client(role), row, things)
                sizes.add((answer.status_code, len(answer.content)))
        assert len(sizes) == 1, (str(row), sizes)


# --- looking changes nothing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", SAFE, ids=str)
def test_looking_changes_nothing_but_the_log_of_reads(scene: Scene, row: Row) -> None:
    for role in [r for r in allowed_roles(row) if over(row, r)] or [NOBODY]:
        with undone():
            knock(scene.client(role), row, scene.own.things)
            assert scene.touched() == set(), (str(row), role)


def test_whoever_may_read_a_record_does_see_the_canary(scene: Scene) -> None:
    """The net above catches something: the name stands on many pages, for those who may read it."""
    shown = 0
    for row in SAFE:
        for role in [r for r in allowed_roles(row) if over(row, r)][:1]:
            with undone():
                shown += bool(CANARY.search(body_of(knock(scene.client(role), row, scene.own.things))))
    assert shown >= 15


def test_a_change_by_a_get_would_be_noticed(scene: Scene) -> None:
    with undone(), connection.cursor() as cursor:
        cursor.execute("UPDATE core_person SET name = name || ' x'")
        assert scene.touched() == {"core_person"}
