"""The table of doors (`doors.csv`) and what the site really answers at."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import Operation

FILE = Path(__file__).with_name("doors.csv")
PLACEHOLDER = re.compile(r"<(?:shown:)?(\w+)>")
HELD = re.compile(r"<(\w+)>")  # not `<shown:person>`: whoever shows their own code may be served anywhere
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Address:
    """One URL pattern: its full route with `<…>` for arguments, and the view behind it."""

    name: str
    route: str
    view: Any

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    def rule(self, method: str) -> str | None:
        """What the code asks for: a permission, `public`, `signed-in`; None where nothing is declared."""
        declared = getattr(self.view, "door", None)
        if declared is None and (operation := self.operation(method)):
            permits = [getattr(a, "permission", None) for a in operation.auth_callbacks]
            return str(permits[0].value) if len(permits) == 1 and permits[0] else None
        return None if declared is None else str(getattr(declared, "value", declared))

    def operation(self, method: str) -> Operation | None:
        """The API operation that answers to `method` here."""
        views = _operations()
        return next((o for o in views.get(self.route, ()) if method in o.methods), None)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `refers`: kinds of object, one for each argument of the path; `also`: of these further
    permissions the view asks for one; `not_for`: roles that hold the permission but not over this object.

    `own`: statuses for the desk that has the object; `other`: for one that has not; `missing`: where there is none.
    """

    door: str
    method: str
    rule: str
    also: str
    not_for: str
    refers: str
    sends: str
    own: str
    other: str
    missing: str

    def __str__(self) -> str:
        return f"{self.method} {self.door}"

    @property
    def kinds(self) -> list[str]:
        return self.refers.split()

    @property
    def is_api(self) -> bool:
        return self.door.startswith("api:")

    @property
    def holds(self) -> list[str]:
        """Kinds of object that the request names in its body or query, and that only their own desk may name."""
        return HELD.findall(self.sends)


@cache
def table() -> list[Row]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return [Row(**line) for line in csv.DictReader(file)]


@cache
def addresses() -> dict[str, Address]:
    found = list(_walk(get_resolver(), "", ()))
    names = [a.name for a in found]
    assert len(names) == len(set(names)), "two addresses share a name"
    return {a.name: a for a in found}


def _walk(resolver: URLResolver, before: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Address(":".join((*spaces, pattern.name or "?")), "/" + route, pattern.callback)
        else:
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern, route, inner)


@cache
def _operations() -> dict[str, list[Operation]]:
    from lachan.site.api import api

    return {
        f"/api{prefix}{path}".replace("{", "<").replace("}", ">"): view.operations
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
    }


def path_of(address: Address, values: list[Any]) -> str:
    """The route with values in the place of its arguments."""
    given = iter(values)
    return re.sub(r"<[^>]+>", lambda _found: str(next(given)), address.route)


def filled(text: str, things: Mapping[str, Any]) -> str:
    return PLACEHOLDER.sub(lambda found: str(things[found[1]]), text)


def knock(
    client: Client, row: Row, things: Mapping[str, Any], sends: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Ask as the row says, with its objects taken from `things`, and those it sends from `sends`."""
    path = path_of(addresses()[row.door], [things[kind] for kind in row.kinds])
    text = filled(row.sends, things if sends is None else sends)
    return ask(client, row.method, path, text, as_json=row.is_api)


def ask(
    client: Client, method: str, path: str, text: str = "", *, as_json: bool = False, **more: Any
) -> HttpResponse:
    if method == "GET":
        answer = client.get(f"{path}?{text}" if text else path, **more)
    elif as_json:
        answer = client.generic(method, path, text, content_type="application/json", **more)
    else:
        data: dict[str, list[str]] = {}
        for key, value in parse_qsl(text, keep_blank_values=True):
            data.setdefault(key, []).append(value)
        answer = (
            client.generic(method, path, content_type="text/plain")
            if method not in ("POST",)
            else client.post(path, data, **more)
        )
    return cast(HttpResponse, answer)


def body_of(answer: Any) -> str:
    """The words of an answer, streamed or not; empty for pictures and papers."""
    kind = answer.headers.get("Content-Type", "")
    if not kind.startswith(("text/", "application/json")):
        return ""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode("utf-8", "replace"))


def is_envelope(answer: Any) -> bool:
    """`{"code", "message"}` with words in them."""
    try:
        found = json.loads(answer.content)
    except ValueError:
        return False
    return isinstance(found, dict) and bool(found.get("code")) and bool(found.get("message"))
