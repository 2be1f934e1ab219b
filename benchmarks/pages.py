"""The ten busiest pages on a country of a million people in an outbreak: milliseconds and bytes.

    python benchmarks/pages.py [--quick] [--people N]

Runs on its own database (DATABASE_URL is left alone), made anew each time. Pages are asked for in turn, again and
again, in one process through the whole of the site (sign-in, access, log of reads), without the network. Lists are
walked to their end, or `DEEP` pages down, so that a page far below is among those measured.
"""

import argparse
import gzip
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["LACHAN_PLAIN_STATIC"] = "1"

from benchmarks import loop
from benchmarks.database import empty_database

if TYPE_CHECKING:
    from django.test import Client

DATABASE = "lachan_pages"
DEEP = 40
NEXT = re.compile(r'rel="next" href="([^"]+)"')
LIST_MS, DESK_MS, PUBLIC_BYTES = 50.0, 150.0, 60_000


@dataclass
class Page:
    """`kind`: list, desk or public. `ask` makes one request and gives the page back, `turn` by `turn`."""

    name: str
    kind: str
    client: "Client"
    address: str
    post: Callable[[int], dict[str, str]] | None = None
    milliseconds: list[float] = field(default_factory=list)
    bytes: int = 0

    def ask(self, turn: int) -> None:
        if self.kind == "list":
            for address in self.walk():
                self.address_of_page(address)
        elif self.post:
            body = self.post(turn)
            self.timed(lambda: self.client.post(self.address, body, follow=True))
        else:
            self.address_of_page(self.address)

    def address_of_page(self, address: str) -> str:
        return self.timed(lambda: self.client.get(address, follow=True))

    def walk(self) -> Iterator[str]:
        """The addresses of this list from its first page down."""
        address: str | None = self.address
        for _ in range(DEEP):
            if address is None:
                return
            yield address
            found = NEXT.search(self.last)
            address = found[1].replace("&amp;", "&") if found else None
            if address and address.startswith("?"):
                address = self.address.split("?")[0] + address

    def timed(self, request: Callable[[], object]) -> str:
        began = time.perf_counter()
        answer = request()
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:  # type: ignore[attr-defined]
            raise SystemExit(f"{self.name}: {self.address} answered {answer.status_code}")  # type: ignore[attr-defined]
        content: bytes = answer.content  # type: ignore[attr-defined]
        self.bytes = max(self.bytes, len(gzip.compress(content, 6)))
        self.last = content.decode()
        return self.last


def country(people: int, positives: int) -> loop.Province:
    """The synthetic province, an outbreak in it, and a sign-in for each role."""
    empty_database(DATABASE, fsync=False)
    from lachan.core.areas import load_vietnam
    from lachan.site import demo

    load_vietnam()
    province = loop.Province(people)
    for _ in range(4):
        province.positives(positives // 4)()
        loop.drain(province.now)
    demo.make()
    _analyse()
    return province


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def pages(province: loop.Province) -> list[Page]:
    """What is opened most: desks, lists, one person, a gate, and the public's ways in."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from lachan.core.models import Person

    def client(role: str = "") -> Client:
        browser = Client(SERVER_NAME="localhost")
        if role:
            browser.force_login(User.objects.get(username=role))
        return browser

    codes = list(Person.objects.order_by("pk").values_list("code", flat=True)[:2_000])
    names = ["Nguyễn Văn An", "Tran Thi Binh", "Lê Minh", "pham thi hoa"]
    busy = Person.objects.filter(events__kind="OrderIssued").order_by("pk").first()
    officer = "health-officer"
    return [
        Page("desk_of_a_province", "desk", client(officer), "/"),
        Page("desk_of_a_commune", "desk", client("commune-officer"), "/"),
        Page("situation", "desk", client("centre-officer"), reverse("centre:situation")),
        Page("one_person", "desk", client(officer), reverse("person", args=[busy.code if busy else codes[0]])),
        Page(
            "search_for_a_name", "desk", client(officer), "/people/", lambda n: {"q": names[n % len(names)]}
        ),
        Page(
            "scan_at_a_gate", "desk", client("gate-guard"), reverse("checkpoints:scan"),
            lambda n: {"scan": f"LC1:{codes[n]}"},
        ),
        Page("orders_in_force", "list", client(officer), reverse("quarantine:home")),
        Page("contacts_to_call", "list", client(officer), reverse("tracing:worklist")),
        Page("cases", "list", client(officer), reverse("tracing:home")),
        Page("test_orders", "list", client(officer), reverse("testing:orders")),
        Page("check_a_certificate", "public", client(), reverse("verify")),
        Page("declare_health", "public", client(), reverse("declare:declare")),
        Page("report_something", "public", client(), reverse("feedback:file")),
        Page("health_book_sign_in", "public", client(), "/health-book/"),
    ]  # fmt: skip


def measure(found: list[Page], *, seconds: float) -> None:
    """Every page once to warm up; then in turn until the time is over."""
    for page in found:
        page.ask(0)
        page.milliseconds.clear()
    ends, turn = time.monotonic() + seconds, 1
    while time.monotonic() < ends or turn < 4:
        for page in found:
            page.ask(turn)
        turn += 1


def say(page: Page) -> None:
    took = sorted(page.milliseconds)
    p50, p95 = statistics.median(took), took[max(0, int(len(took) * 0.95) - 1)]
    aim = LIST_MS if page.kind == "list" else DESK_MS
    print(
        f"{page.name}: {len(took)} requests, p50 {p50:.1f} ms, p95 {p95:.1f} ms, {page.bytes:,} bytes gzipped"
    )
    loop.say(f"{page.name}_p95_ms", p95, aim, most=True)
    if page.kind == "public":
        loop.say(f"{page.name}_bytes", page.bytes, PUBLIC_BYTES, most=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="20,000 people, in under 50 s")
    parser.add_argument("--people", type=int, default=1_000_000)
    given = parser.parse_args(arguments)
    people = 20_000 if given.quick else given.people
    began = time.perf_counter()
    province = country(people, 40 if given.quick else 1_000)
    print(f"{people:,} people, {loop.issued():,} orders, made in {time.perf_counter() - began:.0f} s")
    print(f"load average {os.getloadavg()[0]:.2f}", flush=True)
    from lachan.core import memory

    memory.settle()  # as a web process does
    found = pages(province)
    measure(found, seconds=6 if given.quick else 60)
    for page in found:
        say(page)
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
