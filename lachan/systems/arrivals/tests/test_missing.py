"""A passenger list beside the declarations."""

from pathlib import Path

import pytest

from lachan.core.models import Person
from lachan.systems.arrivals import queries
from lachan.systems.arrivals.rules.comparing import Comparison, Known, compare
from lachan.systems.arrivals.tests.rows import NOON, at_gate
from lachan.systems.arrivals.tests.vessels import declared, flight, province, row, take
from tests.rows import browser_of, residents


def known(number: int, document: str, name: str = "", seat: str = "") -> Known:
    return Known(number, document.encode(), name or f"n{number}", seat)


@pytest.mark.parametrize(
    ("listed", "papers", "told"),
    [
        ([], [], Comparison((), (), ())),
        ([known(1, "A")], [known(9, "A")], Comparison((), (), ())),
        ([known(1, "A"), known(2, "B")], [known(9, "A")], Comparison((2,), (), ())),
        ([known(1, "A")], [known(9, "A"), known(8, "C")], Comparison((), (8,), ())),
        ([known(1, "A", "le an")], [known(9, "B", "an le")], Comparison((), (), ((1, 9),))),
        ([known(1, "A", seat="3A")], [known(9, "B", seat="3A")], Comparison((), (), ((1, 9),))),
        ([known(1, "A"), known(2, "B", "x")], [known(8, "C", "x"), known(9, "D", "x")],
         Comparison((1,), (9,), ((2, 8),))),
    ],
)  # fmt: skip
def test_each_is_on_one_side_or_paired_once(
    listed: list[Known], papers: list[Known], told: Comparison
) -> None:
    assert compare(listed, papers) == told


@pytest.mark.django_db
def test_who_did_not_declare_is_named_and_who_declared_elsewhere_is_not(tmp_path: Path) -> None:
    vessel, other = flight("VN417"), flight("VN999")
    take(
        tmp_path,
        vessel,
        row(1, "3A"),
        row(2, "3B"),
        row(3, "3C"),
        row(4, "3D", name="Lê Thị Năm"),
        row(5, crew="x"),
    )
    strangers = residents(3, area=province(), at=NOON)
    names = ("nguyen van 1", "nguyen van 2")
    first, second = Person.objects.filter(search_key__in=names).order_by("pk")
    declared(first, vessel, "C0000001", seat="3A")
    declared(second, other, "C0000002")
    declared(strangers[0], vessel, "X1", seat="9A")
    wrong = strangers[1]
    Person.objects.filter(pk=wrong.pk).update(search_key="le thi nam")
    declared(wrong, vessel, "C0000040")
    told = queries.missing(vessel)
    assert [p.seat for p in told.undeclared] == ["3C"]
    assert [d.person for d in told.not_aboard] == [strangers[0]]
    assert [(p.seat, d.person) for p, d in told.differing] == [("3D", wrong)]
    page = browser_of(at_gate()).get(f"/arrivals/vessels/{vessel.pk}/missing")
    for words in ("Aboard without a declaration (1)", "Another document was declared (1)", "not aboard (1)"):
        assert words in page.text
