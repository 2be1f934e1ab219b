"""Chains of causes, messages sent, events set aside."""

import re

import pytest
from django.test import Client

from lachan.core import access, clock
from lachan.core.codes import format_code, new_code
from lachan.core.models import AccessLog, Delivery, EventRow, Person
from lachan.platform.models import Message, Outcome
from lachan.systems.quarantine.models import Order
from lachan.systems.tracing.models import Case
from tests.pages.conftest import SignIn, text_of
from tests.town import Town, moment, staff_member
from tests.walking import every_page

pytestmark = pytest.mark.django_db
Outbreak = dict[str, Person]


def wanted(kind: str, outbreak: Outbreak) -> str:
    if kind == "case":
        return f"case:{Case.objects.get(person=outbreak['hoa']).pk}"
    if kind == "order":
        return f"order:{Order.objects.get(person=outbreak['ba']).pk}"
    return format_code(outbreak["ba"].code)


@pytest.mark.parametrize("kind", ["person", "case", "order"])
def test_a_chain_leads_from_the_sample_to_what_followed(
    outbreak: Outbreak, sign_in: SignIn, kind: str
) -> None:
    page = sign_in("tracer").get("/trace", {"q": wanted(kind, outbreak)})
    shown = text_of(page)
    assert page.status_code == 200
    assert (
        shown.index("Đã lấy mẫu")
        < shown.index("Ca bệnh được xác nhận")
        < shown.index("Ban hành quyết định cách ly")
    )
    assert format_code(outbreak["ba"].code) in shown
    for person in outbreak.values():
        assert person.name not in shown, "people appear by code"
    assert AccessLog.objects.filter(person=outbreak["ba"], part="trace", purpose="tracing").exists()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(new_code(), id="of nobody"),
        "case:999999",
        "order:1",
        "case:" + "9" * 40,
        "x",
        "case:-1",
        "\x00",
        "order:",
        "٣" * 5,
    ],
)
def test_an_unknown_code_is_not_found_and_says_why(town: Town, sign_in: SignIn, text: str) -> None:
    page = sign_in("tracer").get("/trace", {"q": text})
    if not text.strip("\x00"):
        assert page.status_code == 200
        return
    assert page.status_code == 404
    assert 'role="alert"' in page.content.decode()
    assert any(code in text_of(page) for code in ("nothing-to-trace", "trace-code-unknown"))


@pytest.mark.parametrize("kind", ["person", "case", "order"])
def test_what_may_not_be_seen_is_answered_as_if_there_were_nothing(
    town: Town, outbreak: Outbreak, sign_in: SignIn, kind: str
) -> None:
    client = sign_in(staff_member("tracer", town, area=town.there, suffix="-there"))
    before = AccessLog.objects.count()
    hidden = text_of(client.get("/trace", {"q": wanted(kind, outbreak)}))
    unknown = text_of(client.get("/trace", {"q": new_code() if kind == "person" else f"{kind}:999999"}))
    assert "nothing-to-trace" in hidden
    assert hidden == unknown
    assert AccessLog.objects.count() == before


def test_the_outbox_shows_what_people_were_told(town: Town, outbreak: Outbreak, sign_in: SignIn) -> None:
    page = sign_in().get("/messages")
    shown = text_of(page)
    assert shown.count("1900 9095") == Message.objects.exclude(template="result-negative").count()
    assert format_code(outbreak["ba"].code) in shown
    assert outbreak["ba"].name not in shown
    assert AccessLog.objects.filter(person=outbreak["ba"], part="messages").exists()


@pytest.mark.parametrize("outcome", Outcome.values)
def test_the_outbox_says_what_became_of_each(outbreak: Outbreak, sign_in: SignIn, outcome: str) -> None:
    Message.objects.update(outcome=outcome, sent_at=moment(2, 9) if outcome == "sent" else None)
    badge = {
        "": "đang chờ", "sent": "đã gửi", "no-gateway": "chưa nối", "no-phone": "không có số", "refused": "từ chối",
    }[outcome]  # fmt: skip
    assert badge in text_of(sign_in().get("/messages"))


def test_messages_to_people_elsewhere_are_not_shown(town: Town, outbreak: Outbreak, sign_in: SignIn) -> None:
    there = staff_member("commune_officer", town, area=town.there, suffix="-there")
    assert "1900 9095" not in text_of(sign_in(there).get("/messages"))


def test_a_long_outbox_is_paged(town: Town, outbreak: Outbreak, sign_in: SignIn) -> None:
    cause = EventRow.objects.filter(person=outbreak["ba"])
    some = Message.objects.filter(person=outbreak["ba"]).first()
    assert some is not None
    people = [town.resident(f"Người Số {n}") for n in range(60)]
    Message.objects.bulk_create(
        Message(
            person=p,
            cause_id=cause[0].pk,
            template="released",
            language="vi",
            facts={},
            queued_at=moment(2, 9),
        )
        for p in people
    )
    client: Client = sign_in()
    first = client.get("/messages")
    assert 'rel="next"' in first.content.decode()
    second = client.get(f"/messages?cursor={first.context['page'].next_cursor}")
    assert second.status_code == 200
    assert not {m["code"] for m in first.context["lines"]} & {m["code"] for m in second.context["lines"]} - {
        outbreak["ba"].code,
        outbreak["hoa"].code,
        outbreak["tu"].code,
    }
    assert client.get("/messages?cursor=rubbish").status_code in (200, 400)


def test_events_set_aside_are_listed_and_tried_again(town: Town, hoa: Person, sign_in: SignIn) -> None:
    client = sign_in("administrator")
    assert "Không có sự kiện nào bị gác lại" in text_of(client.get("/events/parked"))
    event = EventRow.objects.filter(person=hoa).latest("recorded_at")
    Delivery.objects.create(
        event=event, subscriber="tracing", handler="tracing.handlers.find_contacts", lane=1, person_id=hoa.pk,
        tries=5, parked_at=clock.now(), error="ZeroDivisionError at lachan.systems.tracing.rules:1",
    )  # fmt: skip
    shown = text_of(client.get("/events/parked"))
    assert "tracing.handlers.find_contacts" in shown
    assert "ZeroDivisionError" in shown
    assert hoa.name not in shown
    answer = client.post("/events/parked/retry")
    assert (answer.status_code, answer["Location"]) == (303, "/events/parked")
    assert not Delivery.objects.filter(parked_at__isnull=False).exists()
    assert "1 sự kiện sẽ được xử lý lại" in text_of(client.get("/events/parked"))


def test_retrying_takes_a_form_and_the_right(sign_in: SignIn) -> None:
    assert sign_in("administrator").get("/events/parked/retry").status_code == 405
    assert sign_in("sampler").post("/events/parked/retry").status_code == 403


def test_a_chain_that_leaves_the_area_says_what_happened_and_not_to_whom(
    town: Town, outbreak: Outbreak, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_reaches", {})  # nobody has a task with somebody from elsewhere
    Person.objects.filter(pk=outbreak["hoa"].pk).update(home_area=town.there)
    shown = text_of(sign_in("commune_officer").get("/trace", {"q": wanted("order", outbreak)}))
    assert "Ca bệnh được xác nhận" in shown
    assert format_code(outbreak["ba"].code) in shown
    assert format_code(outbreak["hoa"].code) not in shown
    assert not AccessLog.objects.filter(person=outbreak["hoa"], part="trace").exists()


def test_every_event_set_aside_is_on_one_page(outbreak: Outbreak, sign_in: SignIn) -> None:
    event = EventRow.objects.latest("recorded_at")
    Delivery.objects.bulk_create(
        Delivery(
            event=event, subscriber="tracing", handler=f"handler-{n:03d}.", lane=1, tries=5, parked_at=clock.now(),
            error="ValueError",
        )
        for n in range(120)
    )  # fmt: skip
    pages = every_page(sign_in("administrator"), "/events/parked")
    assert len(pages) == 3
    assert sorted(re.findall(r"handler-(\d+)\.", "".join(pages))) == [f"{n:03d}" for n in range(120)]
