"""What becomes of rows, through the command itself."""

import csv
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lachan.core import areas, subscribers
from lachan.core.models import Area, EventRow, Person
from lachan.platform.lists.rows import Record, Verdict
from lachan.platform.lists.taking import Take, verdicts
from lachan.platform.models import Message
from lachan.site.imports import running
from lachan.systems.quarantine.models import Order
from lachan.systems.tracing.models import Case, Contact, Exposure
from tests.real_input.conftest import Import, Importer

pytestmark = pytest.mark.django_db

MAPPING = """
dataset = "d"
dates = "%d/%m/%Y"
[columns]
id = "Mã"
name = "Họ tên"
age = "Tuổi"
onset_on = "Khởi phát"
confirmed_on = "Xác định"
area = "Xã"
"""
HEADING = "Mã;Họ tên;Tuổi;Khởi phát;Xác định;Xã\n"
PAIRS = """
dataset = "d"
dates = "%d/%m/%Y"
[columns]
source = "source"
contact = "contact"
starts_on = "from"
ends_on = "to"
"""
Lists = Callable[..., Import]


def dmy(days_ago: int) -> str:
    return f"{date.today() - timedelta(days=days_ago):%d/%m/%Y}"  # noqa: DTZ011 - a day before today is enough


@pytest.fixture
def cases(tmp_path: Path, lachan_import: Importer) -> Lists:
    """`cases("A1;Tên;63;;01/06/2015;")`: import these rows."""

    def run(*rows: str, mapping: str = MAPPING) -> Import:
        return _run(tmp_path, lachan_import, "cases", mapping, HEADING + "\n".join(rows))

    return run


@pytest.fixture
def contacts(tmp_path: Path, lachan_import: Importer) -> Lists:
    def run(*rows: str, more: str = "") -> Import:
        return _run(
            tmp_path, lachan_import, "contacts", more + PAIRS, "source,contact,from,to\n" + "\n".join(rows)
        )

    return run


def _run(folder: Path, importer: Importer, kind: str, mapping: str, text: str) -> Import:
    file, toml = folder / f"{kind}.csv", folder / f"{kind}.toml"
    file.write_text(text, encoding="utf-8")
    toml.write_text(mapping, encoding="utf-8")
    return importer(kind, file, mapping=toml)


def told(done: Import) -> list[tuple[str, str, str]]:
    with done.report.open(encoding="utf-8-sig", newline="") as file:
        return [(r["result"], r["column"], r["code"]) for r in csv.DictReader(file) if r["result"] != "total"]


def test_good_rows_are_taken_and_wrong_ones_refused_with_column_and_reason(cases: Lists) -> None:
    done = cases(
        "A1;Đặng Thị Hoà;63;11/05/2015;20/05/2015;",
        ";Không mã;1;;20/05/2015;",
        "A2;;200;;20/05/2015;",
        "A3;Ba;1;2015-05-11;20/05/2015;",
        "A4;Bốn;1;;;",
        "A5;Năm;1;;20/05/2015;nowhere",
        "A1;Hai lần;63;;20/05/2015;",
        "A6;Sáu",
        "A7;;;;20/05/2015;",
    )
    assert done.code == 2
    assert told(done) == [
        ("taken", "", ""),
        ("refused", "Mã", "id-empty"),
        ("refused", "Tuổi", "age"),
        ("refused", "Khởi phát", "date-shape"),
        ("refused", "", "date-missing"),
        ("refused", "Xã", "area-unknown"),
        ("refused", "Mã", "id-twice"),
        ("refused", "", "row-ragged"),
        ("taken", "", "name-is-reference"),
    ]
    assert set(Person.objects.values_list("name", "birth_year")) == {("Đặng Thị Hoà", 1952), ("A7", None)}
    last = done.report.read_text(encoding="utf-8-sig").splitlines()[-1]
    assert last == ",,total,,,read=9 taken=2 refused=7 already=0"


def test_a_case_told_differently_is_refused_and_stays_as_it_was(cases: Lists) -> None:
    cases("A1;Hoà;63;11/05/2015;20/05/2015;")
    again = cases("A1;Hoà;63;12/05/2015;20/05/2015;")
    assert told(again) == [("refused", "", "differs")]
    assert "onset_on" in again.report.read_text(encoding="utf-8-sig")
    assert Case.objects.get().onset_on == date(2015, 5, 11)


def test_an_interrupted_import_goes_on_where_it_stopped(
    cases: Lists, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"A{n};Tên {n};30;;20/05/2015;" for n in range(10)]
    monkeypatch.setattr(running, "BATCH", 3)
    real, calls = verdicts, list[object]()

    def dies(batch: Sequence[Record | Verdict], take: Take) -> list[Verdict]:
        calls.append(batch)
        if len(calls) == 3:
            raise RuntimeError("killed")
        return real(batch, take)

    monkeypatch.setattr(running, "verdicts", dies)
    with pytest.raises(RuntimeError, match="killed"):
        cases(*rows)
    assert Person.objects.count() == 6
    monkeypatch.setattr(running, "verdicts", real)
    done = cases(*rows)
    assert [result for result, _, _ in told(done)] == ["already"] * 6 + ["taken"] * 4
    assert Person.objects.count() == Case.objects.count() == 10


def test_a_case_of_this_week_starts_the_loop_as_any_other(cases: Lists, contacts: Lists) -> None:
    """The guard against old outbreaks must not silence a new one: isolation, a contact, their order, messages."""
    cases(f"A1;Hoà;63;{dmy(3)};{dmy(2)};")
    done = contacts(f"A1,B1,{dmy(2)},{dmy(2)}", more='unknown_contacts = "register"\n')
    assert told(done) == [("taken", "", "")]
    subscribers.drain()
    orders = {order.person.name: order.terms.get().subject for order in Order.objects.all()}
    assert orders == {"Hoà": "F0", "B1": "F1"}
    assert Contact.objects.get().person.name == "B1"
    assert Message.objects.count() >= 2


def test_somebody_registered_as_a_contact_becomes_a_case_when_a_list_says_so(
    cases: Lists, contacts: Lists
) -> None:
    cases("A1;Hoà;63;;20/05/2015;")
    contacts("A1,B1,18/05/2015,18/05/2015", more='unknown_contacts = "register"\n')
    assert told(cases("B1;;;25/05/2015;26/05/2015;")) == [("taken", "", "name-is-reference")]
    assert Person.objects.count() == Case.objects.count() == 2


def test_pairs_are_refused_where_they_are_no_pairs(cases: Lists, contacts: Lists) -> None:
    cases("A1;Hoà;63;;20/05/2015;", "A2;Bảo;63;;25/05/2015;")
    done = contacts(
        "A1,A2,18/05/2015,19/05/2015",
        "A1,A1,18/05/2015,19/05/2015",
        "A1,A2,18/05/2015,19/05/2015",
        "A1,A2,21/05/2015,21/05/2015",
        "A1,A9,18/05/2015,19/05/2015",
        "A9,A1,18/05/2015,19/05/2015",
        "A2,A1,19/05/2015,18/05/2015",
    )
    assert told(done) == [
        ("taken", "", ""),
        ("refused", "contact", "pair-of-one"),
        ("refused", "", "pair-twice"),
        ("taken", "", ""),
        ("refused", "contact", "case-not-imported"),
        ("refused", "source", "case-not-imported"),
        ("refused", "to", "period-backward"),
    ]
    assert Exposure.objects.count() == 2
    assert told(contacts("A1,A2,18/05/2015,20/05/2015")) == [("refused", "", "differs")]
    assert told(contacts("A1,A2,21/05/2015,21/05/2015")) == [("already", "", "already-there")]
    assert Exposure.objects.count() == 2


def test_units_of_another_country_are_taken_with_their_parents(
    tmp_path: Path, lachan_import: Importer
) -> None:
    areas.load([], root=areas.country())
    file = tmp_path / "laos.csv"
    file.write_text(
        "code,level,name,parent_code,valid_from\nLA-1,1,Vientiane,,2000-01-01\nLA-11,2,Sikhottabong,LA-1,2005-01-01\n"
        "LA-12,2,Lost,LA-9,2005-01-01\nLA-13,2,Wrong,LA-1,yesterday\n",
        encoding="utf-8",
    )
    done = lachan_import("areas", file, "--country", "LA")
    assert (done.code, [code for _, _, code in told(done)]) == (2, ["", "", "area-parent", "area-date"])
    child = Area.objects.select_related("parent__parent").get(code="LA-11")
    assert child.parent is not None
    assert child.parent.parent is not None
    assert child.parent.parent.code == "LA"
    again = lachan_import("areas", file, "--country", "LA")
    assert [result for result, _, _ in told(again)] == ["already", "already", "refused", "refused"]
    other = lachan_import("areas", file, "--country", "KH")
    assert [code for _, _, code in told(other)] == [
        "area-code-elsewhere", "area-code-elsewhere", "area-parent", "area-date",
    ]  # fmt: skip


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path, lachan_import: Importer) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes("id,name,confirmed_on\nA1,Lê,2015-05-20\n".encode("cp1258"))
    done = lachan_import("cases", file)
    assert done.code == 1
    assert "UTF-8" in done.shown
    assert not EventRow.objects.exists()
    assert not Person.objects.exists()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=40,
    deadline=None,
    derandomize=True,
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A1", "A2", "", "é"]) | st.text(max_size=8),
            st.sampled_from(["Hoà", "", "\0"]) | st.text(max_size=8),
            st.sampled_from(["2015-05-20", "", "2015-13-01"]) | st.text(max_size=8),
        ),
        max_size=8,
    )
    | st.binary(max_size=200)
)
def test_whatever_the_bytes_taken_and_refused_are_what_was_read(
    tmp_path: Path, lachan_import: Importer, body: list[tuple[str, str, str]] | bytes
) -> None:
    file = tmp_path / "list.csv"
    lines = (
        body
        if isinstance(body, bytes)
        else "".join(f"{','.join(cells)}\n" for cells in body).encode("utf-8", "replace")
    )
    file.write_bytes(b"id,name,confirmed_on\n" + lines)
    before = Case.objects.count()
    done = lachan_import("cases", file)
    if done.code == 1:
        assert Case.objects.count() == before
        return
    results = [result for result, _, _ in told(done)]
    assert f"{len(results)} " in done.shown
    assert set(results) <= {"taken", "already", "refused"}
    assert Case.objects.count() - before == results.count("taken")
    assert done.code == (2 if "refused" in results else 0)
