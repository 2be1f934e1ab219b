"""Whatever is sent, the answer is a clear refusal and nothing is half done: never a 500."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as drawing

from lachan.core.access import Permission
from lachan.core.doors import CITIZEN, PUBLIC, SIGNED_IN
from lachan.core.roles import PERMISSIONS
from lachan.platform.forms import Form
from lachan.site.api import api
from tests.promises.addresses import Row, addresses, body_of, filled, is_envelope, path_of, table
from tests.promises.scene import HOLDER, NOBODY, STAFF, Scene, undone

pytestmark = pytest.mark.django_db
ROWS = [row for row in table() if row.door != "api:api-root"]
POSTED = [row for row in ROWS if row.method == "POST" and not row.is_api]
SENT = [row for row in ROWS if row.method == "POST" and row.is_api]
BODIED = [row for row in SENT if row.sends]  # the others read no body, whatever it is
READ = [row for row in ROWS if row.method == "GET" and row.door != "api:openapi-json"]
NAMED = [row for row in ROWS if row.kinds]

MEGABYTE = "Nguyễn" * 180_000
DEEP = "[" * 10_000 + "]" * 10_000
HUGE = "9" * 400
TEXTS = {
    "nul": "a\x00b", "controls": "\x01\x1b[31m\x7f", "huge number": HUGE, "past 64 bits": str(2**63),
    "past 32": str(2**31),
    "negative": "-1", "no day": "31/02/2026", "year nought": "0000-00-00", "far year": "99999-12-31",
    "no time": "25:61 32/13/2026",
    "not a number": "NaN", "infinite": "1e999", "other digits": "١٢٣", "superscript": "²", "marks": "%00%ff%",
    "right to left": "\u202eabc",
    "noncharacter": "\ufffe\uffff", "astral": "𝕬" * 300, "percent": "%s%(x)s{0}", "quote": "' OR 1=1 --",
    "long": "x" * 20_000, "blank": " \u200b\u00a0",
    "unknown code": "no-such-word", "json": '{"a": [1]}', "many lines": "1\n" * 3_000,
}  # fmt: skip
BODIES = {
    "empty": b"", "malformed": b"{", "text": b"hello", "null": b"null", "number": b"1", "list": b"[]",
    "nothing": b"{}",
    "deep": DEEP.encode(), "deep object": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "latin-1": '{"person": "Nguyễn"}'.encode("cp1258", "replace"),
    "utf-16": '{"person": "Nguyễn"}'.encode("utf-16"), "cut utf-8": b'{"person": "\xc3"}',
    "surrogate": b'{"person": "\\ud800"}',
    "nul": b'{"person": "a\\u0000b"}', "raw nul": b'{"person": "a\x00b"}', "nan": b'{"person": NaN}',
    "many digits": b"[" + b"9" * 5_000 + b"]",
    "same key twice": b'{"person": 1, "person": 2}', "bom": b'\xef\xbb\xbf{}',
}  # fmt: skip
TYPES = (
    "text/plain",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin-9",
    "application/octet-stream",
    "x" * 300,
)


def holder(row: Row) -> str:
    """A role for which the door opens."""
    if row.rule == PUBLIC:
        return NOBODY
    if row.rule == CITIZEN:
        return HOLDER
    wanted = {*row.also.split()} if row.also else {row.rule}
    fits = [
        role for role in STAFF
        if role not in row.not_for.split()
        and (row.rule == SIGNED_IN or (Permission(row.rule) in PERMISSIONS[role] and wanted & PERMISSIONS[role]))
    ]  # fmt: skip
    return fits[0]


def door_of(row: Row, scene: Scene) -> tuple[Client, str]:
    return scene.client(holder(row)), path_of(addresses()[row.door], [scene.own.things[k] for k in row.kinds])


def check(row: Row, what: str, answer: Any, scene: Scene) -> None:
    """A page or the envelope; a refusal leaves everything as it was."""
    seen = (str(row), what, answer.status_code)
    assert answer.status_code < 500, seen
    if answer.status_code >= 400:
        assert is_envelope(answer) if row.is_api else "<html" in body_of(answer), seen
        assert not scene.touched(), seen


# --- forms ----------------------------------------------------------------------------------------------------------


def field_names() -> list[str]:
    """Every field of every form, and those that pages read themselves."""
    forms, seen = [Form], set[str]()
    while forms:
        form = forms.pop()
        forms += form.__subclasses__()
        seen |= set(form.base_fields)
    by_hand = (
        "scan payload order bed tube result laboratory action answer posting language next kept assay place drop choose"
        " ct_N"
    )
    return sorted(seen | set(by_hand.split()))


FIELDS = field_names()


@pytest.mark.parametrize("row", POSTED, ids=str)
def test_a_form_with_nonsense_in_every_field_is_a_page(scene: Scene, row: Row) -> None:
    for what, text in TEXTS.items():
        with undone():
            client, path = door_of(row, scene)
            check(row, what, client.post(path, dict.fromkeys(FIELDS, text)), scene)


@pytest.mark.parametrize("row", [r for r in POSTED if r.sends], ids=str)
def test_one_nonsense_in_a_good_form_is_a_page(scene: Scene, row: Row) -> None:
    good = dict(part.split("=", 1) for part in filled(row.sends, scene.own.things).split("&"))
    for field in good:
        for what in ("nul", "past 64 bits", "huge number", "no day", "other digits", "unknown code", "long"):
            with undone():
                client, path = door_of(row, scene)
                check(row, f"{field}: {what}", client.post(path, good | {field: TEXTS[what]}), scene)


@pytest.mark.parametrize("row", POSTED, ids=str)
def test_a_form_of_a_megabyte_or_in_no_form_at_all_is_refused(scene: Scene, row: Row) -> None:
    for field in ("name", "code", "scan", "reason"):
        with undone():
            client, path = door_of(row, scene)
            check(row, f"1 MB {field}", client.post(path, {field: MEGABYTE}), scene)
    raw = "application/x-www-form-urlencoded"
    for what, body, kind in (
        ("latin-1", "name=Nguy\xean&code=\xff".encode("latin-1"), raw), ("utf-16", "name=Nguyễn".encode("utf-16"),
        raw),
        ("percent", b"name=%00%ff%zz&code=%", raw), ("6 MB", b"name=" + b"x" * 6_000_000, raw),
        ("many fields", b"&".join(b"f%d=1" % n for n in range(2_500)), raw), ("json", b"{}", "application/json"),
        ("cut multipart", b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        ("no boundary", b"--x--", "multipart/form-data"), ("odd charset", b"name=x", raw + "; charset=utf-99"),
        ("utf-7", b"name=+AGE-", raw + "; charset=utf-7"), ("text", b"\x00\x01", "text/plain"),
    ):  # fmt: skip
        with undone():
            client, path = door_of(row, scene)
            check(row, what, client.generic("POST", path, body, content_type=kind), scene)


# --- addresses --------------------------------------------------------------------------------------------------------

ASKED = (
    "cursor=AAAA", "cursor=" + "A" * 3_000, "cursor=%00", "cursor=%ff%fe", "cursor=é", "cursor=" + quote("²"),
    "limit=99999999999999999999",
    "limit=-1", "limit=x", "%", "%00=%00", "=&=&", "q=%ED%A0%80", "a[]=1&a[]=2", "q=" + "a+" * 4_000,
    "day=0000-00-00&first=31/02/2026&last=1/1/99999",
)  # fmt: skip
FORGIVEN = (
    "nul", "past 64 bits", "huge number", "no day", "far year", "other digits", "superscript", "noncharacter",
    "long", "percent",
)  # fmt: skip
ARGUMENTS = (
    "0",
    "-1",
    "%00",
    "a%00b",
    "²",
    "9" * 30,
    str(2**31),
    str(2**63),
    "%ff",
    "..%2f..",
    "%2e%2e",
    " ",
    "'",
    "<script>",
    "é" * 200,
    "a" * 5_000,
    "%0d%0aX: y",
)


@pytest.mark.parametrize("row", READ, ids=str)
def test_nonsense_in_the_query_is_forgiven_or_refused(scene: Scene, row: Row) -> None:
    fields = [urlencode(dict.fromkeys(FIELDS, TEXTS[what][:2_000])) for what in FORGIVEN]
    for query in (*ASKED, *fields):
        with undone():
            client, path = door_of(row, scene)
            check(row, query[:40], client.get(path, QUERY_STRING=query), scene)
            assert not scene.touched(), (str(row), query[:40])


@pytest.mark.parametrize("row", NAMED, ids=str)
def test_nonsense_in_the_path_is_not_found(scene: Scene, row: Row) -> None:
    for argument in ARGUMENTS:
        values = [scene.own.things[kind] for kind in row.kinds]
        for place in range(len(values)):
            odd = [*values[:place], argument, *values[place + 1 :]]
            with undone():
                client = scene.client(holder(row))
                path = path_of(addresses()[row.door], odd)
                answer = client.generic(row.method, path, REMOTE_ADDR="127.0.0.1")
                seen = (str(row), argument[:40], answer.status_code)
                assert answer.status_code < 500, seen
                assert not scene.touched() or answer.status_code < 400, seen


@pytest.mark.parametrize("row", [r for r in READ if "cursor" not in r.sends], ids=str)
def test_a_tampered_cursor_gives_the_first_page(scene: Scene, row: Row) -> None:
    with undone():
        client, path = door_of(row, scene)
        found = re.search(r"cursor=([\w-]+)", body_of(client.get(path)))
        cursor = found[1] if found else "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo"
        for wrong in (cursor[:-1], cursor[::-1], cursor + "A", cursor.swapcase(), cursor * 20):
            assert client.get(path, {"cursor": wrong}).status_code < 500


# --- the API ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", BODIED, ids=str)
def test_a_body_that_is_no_request_gets_the_envelope(scene: Scene, row: Row) -> None:
    for what, body in BODIES.items():
        with undone():
            client, path = door_of(row, scene)
            answer = client.generic("POST", path, body, content_type="application/json")
            assert 400 <= answer.status_code < 500, (str(row), what, answer.status_code)
            check(row, what, answer, scene)


@pytest.mark.parametrize("row", BODIED, ids=str)
def test_a_body_of_another_type_or_size_gets_the_envelope(scene: Scene, row: Row) -> None:
    good = filled(row.sends, scene.own.things)
    for kind in TYPES:
        with undone():
            client, path = door_of(row, scene)
            check(row, kind[:40], client.generic("POST", path, good, content_type=kind), scene)
    with undone():
        client, path = door_of(row, scene)
        body = b'{"a":"' + b"x" * 6_000_000 + b'"}'
        answer = client.generic("POST", path, body, content_type="application/json")
        assert answer.status_code == 413
        check(row, "6 MB", answer, scene)


WRONG: tuple[Any, ...] = (
    None, True, "", "x", "\x00", "\ud800", "a\x00b", MEGABYTE, -1, 0, 2**31, 2**63, 10**400, 1.5, 1e308, [], [[]],
    {}, {"a": 1},
    ["x"] * 20_000, "0000-00-00", "2026-02-31", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00+14:00",
    "2026-11-23T08:00:00",
)  # fmt: skip


@pytest.mark.parametrize("row", BODIED, ids=str)
def test_one_wrong_value_in_a_good_request_gets_the_envelope(scene: Scene, row: Row) -> None:
    good = json.loads(filled(row.sends, scene.own.things))
    for steps in paths(good):
        for value in WRONG:
            with undone():
                client, path = door_of(row, scene)
                body = json.dumps(replaced(good, steps, value))
                answer = client.generic("POST", path, body, content_type="application/json")
                check(row, f"{steps}: {str(value)[:40]}", answer, scene)
        with undone():
            client, path = door_of(row, scene)
            body = json.dumps(without(good, steps))
            check(
                row, f"no {steps}", client.generic("POST", path, body, content_type="application/json"), scene
            )


def paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a JSON value, from the outside in."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*before, key)
        yield from paths(inner, (*before, key))


def replaced(value: Any, steps: tuple[Any, ...], new: Any) -> Any:
    if not steps:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[steps[0]] = replaced(value[steps[0]], steps[1:], new)
    return copy


def without(value: Any, steps: tuple[Any, ...]) -> Any:
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    if len(steps) == 1:
        del copy[steps[0]]
    else:
        copy[steps[0]] = without(value[steps[0]], steps[1:])
    return copy


@pytest.mark.parametrize("token", ["", "x", "\x00", "é", "a b", "A" * 20_000])
def test_a_token_that_is_none_needs_a_sign_in(scene: Scene, token: str) -> None:
    for row in [r for r in ROWS if r.is_api and r.rule != PUBLIC]:
        with undone():
            _, path = door_of(row, scene)
            answer = scene.client(NOBODY).generic(row.method, path, HTTP_AUTHORIZATION=f"Bearer {token}")
            assert answer.status_code == 401
            assert is_envelope(answer)


LOOKS = ("api:find_traveller",)


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "\x00", "k" * 201])
def test_an_unusable_idempotency_key_is_refused(scene: Scene, key: str) -> None:
    for row in [
        r for r in SENT if r.rule != PUBLIC and r.door not in LOOKS
    ]:  # a look writes nothing under a key
        with undone():
            client, path = door_of(row, scene)
            good = filled(row.sends, scene.own.things)
            answer = client.generic(
                "POST", path, good, content_type="application/json", HTTP_IDEMPOTENCY_KEY=key
            )
            assert answer.status_code in (403, 422), (str(row), key, answer.status_code)
            check(row, f"key {key!r}", answer, scene)


# --- drawn from the document of the API --------------------------------------------------------------------------

OPERATIONS = [row for row in ROWS if row.is_api and row.rule != PUBLIC]


DOCUMENT = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"))))


@pytest.mark.parametrize("row", OPERATIONS, ids=str)
def test_no_request_drawn_from_the_document_is_a_server_error(scene: Scene, row: Row) -> None:
    route = addresses()[row.door].route.replace("<", "{").replace(">", "}")
    statuses = set()

    @seed(20261123)
    @drawing(
        max_examples=25, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=DOCUMENT[route][row.method].as_strategy())
    def tried(case: Any) -> None:
        asked = requests.Request(**sent_as(case)).prepare()
        with undone():
            body, kind = asked.body or b"", str(asked.headers.get("Content-Type", "application/json"))
            answer = scene.client(holder(row)).generic(
                row.method, str(asked.path_url), body, content_type=kind
            )
            check(row, str(asked.path_url), answer, scene)
            assert answer.status_code != 401
            statuses.add(answer.status_code)

    tried()
    assert statuses


def sent_as(case: Any) -> dict[str, Any]:
    """The drawn request, without the token that the tool makes up: the session counts."""
    given: dict[str, Any] = case.as_transport_kwargs(base_url="http://testserver")
    given["headers"] = {k: v for k, v in given.get("headers", {}).items() if k.lower() != "authorization"}
    known = ("method", "url", "headers", "data", "json", "params", "files", "cookies")
    return {key: value for key, value in given.items() if key in known}
