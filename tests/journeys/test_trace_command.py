"""`lachan trace`: the chain of causes on a screen, for a person, a case and an order of the town."""

import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from lachan.core.codes import format_code
from lachan.core.models import Person
from lachan.site.cli.trace import trace as command
from lachan.systems.quarantine.models import Order
from lachan.systems.tracing.models import Case
from tests.town import Town, moment

pytestmark = pytest.mark.django_db
Trace = Callable[[str], Result]


@pytest.fixture
def trace(monkeypatch: pytest.MonkeyPatch) -> Trace:
    """The command itself, on the test database."""
    monkeypatch.setattr(sys.modules["lachan.site.cli.trace"], "ready", lambda: None)
    return lambda what: CliRunner().invoke(command, [what])


@pytest.fixture
def hoa(town: Town) -> Person:
    return town.resident("Trần Thị Hoa")


@pytest.fixture
def ba(town: Town, hoa: Person) -> Person:
    """Met Hoa at the market; Hoa's swab was positive."""
    ba = town.resident("Lê Văn Ba", sex="m")
    for person in (hoa, ba):
        town.visit(person, town.market, moment(0, 9))
    town.test(hoa, outcome="positive", at=moment(2, 8))
    town.loop(moment(2, 8, 1))
    return ba


def test_an_order_is_led_back_to_the_tube(trace: Trace, hoa: Person, ba: Person) -> None:
    order = Order.objects.get(person=ba)
    lines = trace(f"order:{order.pk}").output.splitlines()
    assert lines[0] == f"order:{order.pk}"
    assert lines[1] == f"└── 04/11/2026 08:00 Sample taken, tube TUBE000001 {format_code(hoa.code)}"
    assert lines[2] == "    └── 04/11/2026 08:00 Test result: positive (PCR)"
    assert lines[3].lstrip("│├└─ ").startswith("04/11/2026 08:01 Case confirmed")
    assert lines[4].endswith(f"Found as a contact F1, last exposed 10:00 02/11/2026 {format_code(ba.code)}")
    assert "Order issued (in a facility, F1) until" in lines[5]
    assert [line.index("── ") // 4 for line in lines[1:6]] == [0, 1, 2, 3, 4]


def test_a_case_shows_all_that_followed(trace: Trace, hoa: Person, ba: Person) -> None:
    shown = trace(f"case:{Case.objects.get(root=hoa).pk}").output
    assert "Case confirmed" in shown
    assert shown.count("Order issued") == 2
    assert shown.count(format_code(hoa.code)) == 1


@pytest.mark.parametrize("written", [lambda code: code, format_code, str.lower])
def test_a_person_is_found_by_the_code_however_it_is_written(
    trace: Trace, ba: Person, written: Callable[[str], str]
) -> None:
    found = trace(written(ba.code))
    assert found.exit_code == 0
    assert f"Found as a contact F1, last exposed 10:00 02/11/2026 {format_code(ba.code)}" in found.output


def test_no_name_is_printed(trace: Trace, hoa: Person, ba: Person) -> None:
    shown = trace(hoa.code).output
    assert hoa.name not in shown
    assert ba.name not in shown


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("order:99999999", "Nothing is recorded under this code."),
        ("case:0", "Nothing is recorded under this code."),
        ("[bold]", "Give the code of a person, or case:12"),
        ("order:" + "9" * 40, "Give the code of a person"),
    ],
)
def test_what_cannot_be_traced_is_refused_in_words(trace: Trace, town: Town, what: str, words: str) -> None:
    refused = trace(what)
    assert refused.exit_code == 1
    assert words in refused.output
