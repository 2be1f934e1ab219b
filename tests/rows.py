"""What the tests of several systems start from: areas, people, an officer's browser, a loop in which nobody listens,
a table without one of its guards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client

from lachan.core import areas, subscriptions
from lachan.core.codes import new_code
from lachan.core.models import Actor, Area, Person, Posting
from lachan.core.names import search_key

_numbers = count(1)


def area_in(
    parent: Area | None, code: str, name: str, *, level: int = 3, since: date = areas.BEGINNING
) -> Area:
    """The area of this code (made once) with the path that scopes ask for; without a parent at the top."""
    facts = {"name": name, "search_key": search_key(name), "parent": parent, "path": ""}
    area, made = Area.objects.get_or_create(code=code, level=level, valid_from=since, defaults=facts)
    if made:
        area.path = f"{parent.path if parent else '/'}{area.pk}/"
        area.save(update_fields=["path"])
    return area


def residents(n: int, *, area: Area, at: datetime) -> list[Person]:
    """People who live there, written in one statement."""
    names = [f"Nguyễn Văn {'ABCDEGHIKL'[i % 10]}" for i in range(n)]
    return Person.objects.bulk_create(
        Person(
            code=new_code(), name=name, search_key=search_key(name), birth_year=1980, home_area=area, registered_at=at
        )
        for name in names
    )  # fmt: skip


def browser_of(posting: Posting) -> Client:
    """A browser in which whoever holds this posting is signed in and reads English."""
    user = User.objects.create_user(f"officer{next(_numbers)}")
    Actor.objects.filter(pk=posting.actor_id).update(user=user)
    client = Client(headers={"accept-language": "en"})
    client.cookies["language"] = "en"
    client.force_login(user)
    return client


@contextmanager
def nobody_listening() -> Iterator[None]:
    """Events are told to nobody: each handler is called by its test."""
    before = subscriptions.loop()
    subscriptions.install(())
    try:
        yield
    finally:
        subscriptions.install(before.table)


@contextmanager
def without_constraint(table: type[Model], name: str) -> Iterator[None]:
    """The table without one of its guards; emptied before the guard comes back."""
    guard = next(c for c in table._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(table, guard)
    try:
        yield
    finally:
        table._default_manager.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(table, guard)
