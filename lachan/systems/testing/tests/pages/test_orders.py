"""What is due, what is ordered by hand, and boxes on their way."""

from lachan.core.models import AccessLog, Area, Role
from lachan.systems.testing.models import Batch, TestOrder, Tube
from lachan.systems.testing.tests.conftest import Bench
from lachan.systems.testing.tests.pages.desks import People, Sign, english, ordered, url, words


def test_the_list_shows_what_is_due_and_overdue(signed_in: Sign, bench: Bench, people: People) -> None:
    late, today, later = people(3)
    for person, days in ((late, -2), (today, 0), (later, 3)):
        ordered(bench, person, days)
    client = english(signed_in(Role.SAMPLER, place=bench.station))
    shown = words(client.get(url("orders")))
    assert late.name in shown
    assert "2 days overdue" in shown
    assert today.name in shown
    assert later.name not in shown
    assert later.name in words(client.get(url("orders"), {"due": "open"}))
    assert today.name not in words(client.get(url("orders"), {"due": "overdue"}))
    for due, count in (("open", 3), ("overdue", 1), ("", 2)):
        lines = client.post(url("export") + f"?due={due}", {"ending": "csv"}).content.decode().splitlines()
        assert len(lines) == count + 1
    assert AccessLog.objects.filter(person=later, part="test orders, file").count() == 1
    assert late.name not in "".join(lines)


def test_another_area_sees_no_order(signed_in: Sign, bench: Bench, people: People, commune: Area) -> None:
    order = ordered(bench, people(1)[0])
    other = Area.objects.create(
        code="99999", level=3, name="Xã Khác", search_key="khac", parent=commune.parent, path="/0/0/",
        valid_from=commune.valid_from,
    )  # fmt: skip
    client = english(signed_in(Role.SAMPLER, area=other))
    assert "No test is due" in words(client.get(url("orders")))
    assert client.post(url("cancel_order", order.pk)).status_code == 404


def test_a_test_is_ordered_and_cancelled_by_hand(signed_in: Sign, bench: Bench, people: People) -> None:
    [person] = people(1)
    client = english(signed_in(Role.COMMUNE_OFFICER, area=bench.station.area))
    wanted = {"person": person.code, "assay": "pcr", "reason": "indicated", "due_on": "12/1/2022"}
    assert client.post(url("new_order"), wanted).status_code == 303
    order = TestOrder.objects.get()
    assert client.post(url("cancel_order", order.pk)).status_code == 303
    order.refresh_from_db()
    assert order.cancel_reason == "by-hand"
    for bad in (
        {"person": "x"},
        {"due_on": "31/2/2022"},
        {"due_on": "1/1/1900"},
        {"assay": "smell"},
        {"person": "\x00"},
    ):
        assert client.post(url("new_order"), wanted | bad).status_code == 422, bad


def test_a_box_goes_from_the_station_to_the_bench(signed_in: Sign, bench: Bench, people: People) -> None:
    tubes = [bench.collected(people(1)) for _ in range(3)]
    nurse = english(signed_in(Role.SAMPLER, place=bench.station))
    nothing = nurse.post(url("send"), {"laboratory": str(bench.laboratory.pk)})
    assert nothing.status_code == 409
    chosen = {"tube": [str(t.pk) for t in tubes], "laboratory": str(bench.laboratory.pk)}
    assert nurse.post(url("send"), chosen).status_code == 303
    batch = Batch.objects.get()
    page = url("batch", batch.pk)
    assert "Take the box in" not in words(nurse.get(page))
    assert nurse.post(page, {}).status_code == 404
    laboratory = english(signed_in(Role.LAB_TECHNICIAN, place=bench.laboratory))
    assert "Take the box in" in words(laboratory.get(page))
    scanned = f"{tubes[0].barcode}\n{tubes[1].barcode.lower()}\n"
    strange = laboratory.post(page, {"scanned": scanned + "ODD-0001"})
    assert strange.status_code == 422
    assert "ODD-0001" in words(strange)
    answer = laboratory.post(page, {"scanned": scanned, f"reason-{tubes[1].barcode}": "leaking"})
    assert answer.status_code == 303
    reasons = Tube.objects.order_by("pk").values_list("rejection__reason", flat=True)
    assert list(reasons) == [None, "leaking", "missing"]
    shown = words(laboratory.get(url("bench")))
    assert tubes[0].barcode in shown
    assert tubes[1].barcode not in shown
