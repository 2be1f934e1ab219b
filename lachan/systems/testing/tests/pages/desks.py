"""What the tests of the desks share: addresses, words, and work to find there."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from lachan.core.models import Actor, Person
from lachan.systems.testing import commands
from lachan.systems.testing.models import Result, TestOrder
from lachan.systems.testing.tests.conftest import AT, Bench

People = Callable[[int], list[Person]]

Sign = Callable[..., Client]

NOW = AT + timedelta(hours=2)


def url(name: str, *args: Any) -> str:
    return reverse(f"testing:{name}", args=args)


def words(answer: Any) -> str:
    text = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def english(client: Client) -> Client:
    client.cookies["language"] = "en"
    return client


def ordered(bench: Bench, person: Person, days: int = 0) -> TestOrder:
    request = commands.TestRequest(
        person_id=person.pk, assay="pcr", reason="indicated", due_on=AT.date() + timedelta(days)
    )
    [number] = commands.order_tests(requests=[request], actor=bench.nurse, at=AT)
    return TestOrder.objects.get(pk=number)


def rows(*lines: tuple[str, str]) -> dict[str, Any]:
    return {"barcode": [b for b, _ in lines], "result": [r for _, r in lines]}


def entered(bench: Bench, by: Actor, *outcomes: str, persons: list[list[Person]]) -> list[Result]:
    tubes = bench.received(*persons)
    entries = [
        commands.ResultEntry(barcode=t.barcode, outcome=o) for t, o in zip(tubes, outcomes, strict=True)
    ]
    return commands.enter_results(entries=entries, actor=by, at=AT)
