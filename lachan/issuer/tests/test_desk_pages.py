"""The desk of certificates, as officers go through it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from lachan.core import areas, clock
from lachan.core.models import AccessLog, Actor, Role
from lachan.issuer import commands, queries
from lachan.issuer.models import BatchOrder, Intent, RecallRequest, Revocation, SignerKey, Stop
from lachan.issuer.queries import Standing
from lachan.issuer.queries import desk as work
from lachan.issuer.tests.codes import publish
from lachan.issuer.tests.conftest import AT, Office
from lachan.issuer.tests.desk import browser_of, officer
from lachan.issuer.tests.many import records
from lachan.issuer.tests.test_asking import certified
from tests.rows import area_in

pytestmark = pytest.mark.django_db
DESK = "/certificates/"


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def me(office: Office) -> Actor:
    return officer(office.area)


@pytest.fixture
def desk(me: Actor) -> Client:
    return browser_of(me)


@pytest.fixture
def colleague(office: Office) -> Client:
    return browser_of(officer(office.area))


def body(answer: Any) -> str:
    return str(answer.content.decode())


def said(answer: Any) -> str:
    """The words on the page to which a POST leads."""
    assert answer.status_code == 200
    return body(answer)


def test_a_certificate_is_issued_signed_and_printed(desk: Client, office: Office) -> None:
    record = office.record()
    page = f"{DESK}people/{record.person.code}/"
    assert desk.post(DESK, {"person": record.person.code})["Location"] == page
    assert "Comirnaty 2/2, 19/11/2026" in body(desk.get(page))
    asked = desk.post(f"{DESK}records/{record.pk}/issue", follow=True)
    assert "chờ ký số" in said(asked)
    office.sign()
    certificate = Intent.objects.get()
    assert certificate.uvci in body(desk.get(page))
    paper = desk.get(f"{DESK}{certificate.pk}/paper")
    assert paper.content.startswith(b"%PDF")
    assert record.person.name not in paper["Content-Disposition"]
    assert AccessLog.objects.filter(person=record.person, purpose="certificate").count() >= 4
    twice = desk.post(f"{DESK}records/{record.pk}/issue", follow=True)
    assert "Đã có chứng nhận" in said(twice)


def test_a_corrected_name_gives_a_new_certificate_and_takes_the_old_one_back(
    desk: Client, office: Office
) -> None:
    old = office.issued()
    person = old.person
    person.name = "Nguyễn Thị Đúng"
    person.save(update_fields=["name"])
    desk.post(f"{DESK}{old.pk}/reissue", {"reason": "corrected"})
    office.sign()
    new = Intent.objects.get(replaces=old)
    assert "Đúng" in bytes(new.payload).decode()
    found = {c.pk: queries.standing(c, AT) for c in queries.certificates_of(person)}
    assert found == {old.pk: Standing.REVOKED, new.pk: Standing.VALID}
    again = desk.post(f"{DESK}{old.pk}/reissue", {"reason": "corrected"}, follow=True)
    assert "Đã có chứng nhận" in said(again)


def test_one_is_taken_back_for_a_reason(desk: Client, office: Office) -> None:
    certificate = office.issued()
    desk.post(f"{DESK}{certificate.pk}/revoke", {"reason": "because"})
    assert not Revocation.objects.exists()
    desk.post(f"{DESK}{certificate.pk}/revoke", {"reason": "fraud", "evidence": "letter 3"})
    assert Revocation.objects.get().order.evidence == "letter 3"
    refused = desk.get(f"{DESK}{certificate.pk}/paper")
    assert refused.status_code == 409
    assert "đã bị thu hồi" in body(refused)


def test_who_is_posted_elsewhere_finds_nothing(office: Office) -> None:
    certificate = office.issued()
    elsewhere = browser_of(officer(area_in(areas.country(), "20194", "Phường Hải Châu")))
    answers = [
        elsewhere.get(f"{DESK}people/{certificate.person.code}/"), elsewhere.get(f"{DESK}{certificate.pk}/paper"),
        elsewhere.post(f"{DESK}{certificate.pk}/revoke", {"reason": "fraud"}),
        elsewhere.post(f"{DESK}{certificate.pk}/reissue"), elsewhere.post(f"{DESK}records/{office.record().pk}/issue"),
    ]  # fmt: skip
    assert {a.status_code for a in answers} == {404}
    assert not Revocation.objects.exists()


def test_how_many_are_affected_is_shown_before_anything_happens(desk: Client, office: Office) -> None:
    certified(office, 3)
    wanted = {"scope": "lot", "lot": "L-9", "evidence": "letter 1"}
    shown = desk.post(f"{DESK}recalls/", wanted)
    assert "3 chứng nhận bị ảnh hưởng" in body(shown)
    assert not Revocation.objects.exists()
    done = desk.post(f"{DESK}recalls/", wanted | {"sure": "1"}, follow=True)
    assert "Đã thu hồi 3 chứng nhận" in said(done)
    assert Revocation.objects.count() == 3


def test_more_than_twenty_take_two(desk: Client, colleague: Client, office: Office) -> None:
    certified(office, 21)
    desk.post(f"{DESK}recalls/", {"scope": "lot", "lot": "L-9", "evidence": "letter 1", "sure": "1"})
    request = RecallRequest.objects.get()
    own = desk.post(f"{DESK}recalls/{request.pk}", {"answer": "agree"}, follow=True)
    assert "Đồng nghiệp phải quyết định" in said(own)
    assert not Revocation.objects.exists()
    assert "letter 1" in body(colleague.get(f"{DESK}recalls/"))
    assert "Đã thu hồi 21 chứng nhận" in said(
        colleague.post(f"{DESK}recalls/{request.pk}", {"answer": "agree"}, follow=True)
    )
    assert Revocation.objects.count() == 21
    assert colleague.post(f"{DESK}recalls/{request.pk}", {"answer": "agree"}).status_code == 404


def test_a_place_is_recalled_by_days_and_a_key_by_its_number(desk: Client, office: Office) -> None:
    office.issued()
    days = {"first": "19/11/2026", "last": "19/11/2026", "evidence": "inspection"}
    shown = desk.post(f"{DESK}recalls/", {"scope": "place", "place": office.site.pk, **days})
    assert "1 chứng nhận bị ảnh hưởng" in body(shown)
    key = SignerKey.objects.get(purpose="certificates")
    given = {"scope": "key", "key": key.pk, "evidence": "stolen"}
    assert desk.post(f"{DESK}recalls/", given).status_code == 422, "a key signs for more than one commune"
    shown = browser_of(officer(areas.country())).post(f"{DESK}recalls/", given)
    assert bytes(key.kid).hex() in body(shown)
    wrong = desk.post(f"{DESK}recalls/", {"scope": "place", "place": 2_000_000_001, **days})
    assert wrong.status_code == 422
    assert desk.post(f"{DESK}recalls/", {"scope": "moon"}).status_code == 422


def test_the_stop_button_stops_and_a_colleague_resumes(
    desk: Client, colleague: Client, office: Office
) -> None:
    assert "nêu lý do" in said(desk.post(f"{DESK}stop", {"reason": " "}, follow=True)).lower()
    assert "đã dừng" in said(desk.post(f"{DESK}stop", {"reason": "wrong product"}, follow=True)).lower()
    office.request()
    assert office.sign() == 0
    refused = said(desk.post(f"{DESK}resume", follow=True))
    assert "Người dừng việc cấp" in refused
    assert "wrong product" in refused
    assert Stop.objects.get().resumed_at is None
    colleague.post(f"{DESK}resume")
    assert office.sign() == 1


def test_the_desk_says_how_old_the_lists_are_and_what_waits(desk: Client, office: Office) -> None:
    assert "chưa từng công bố" in body(desk.get(DESK))
    publish(office)
    office.request()
    with clock.frozen(AT + timedelta(hours=25)):
        shown = body(desk.get(DESK))
    assert "cũ hơn 24 giờ" in shown
    assert "stat stop" in shown


def test_keys_are_shown_by_their_dates_and_cannot_be_touched(desk: Client, office: Office) -> None:
    office.key(AT)
    publish(office)
    shown = body(desk.get(f"{DESK}keys/"))
    for row in SignerKey.objects.all():
        assert bytes(row.kid).hex() in shown
    assert "<form" not in shown[shown.index("<main") : shown.index("</main")]
    commands.declare_compromised(
        key=SignerKey.objects.filter(purpose="certificates").earliest("pk"),
        reason="x",
        actor=office.operator,
        at=AT,
    )
    with clock.frozen(AT + timedelta(seconds=1)):
        assert "badge stop" in body(desk.get(f"{DESK}keys/"))


def test_a_batch_is_ordered_and_shows_its_progress(desk: Client, office: Office) -> None:
    records(office, 4, lot="A")
    ordered = desk.post(f"{DESK}batches/", {"of": "lot", "lot": "A"}, follow=True)
    assert "4" in said(ordered)
    assert BatchOrder.objects.get().total == 4
    assert '<progress max="4" value="0"' in body(desk.get(f"{DESK}batches/"))
    assert desk.post(f"{DESK}batches/", {"of": "lot", "lot": "B"}).status_code == 422
    assert desk.post(f"{DESK}batches/", {"of": "lot"}).status_code == 422
    days = {"first": "20/11/2026", "last": "19/11/2026"}
    assert desk.post(f"{DESK}batches/", {"of": "place", "place": office.site.pk, **days}).status_code == 422


@pytest.mark.parametrize("page", ["", "keys/", "recalls/", "batches/"])
def test_pages_open_in_both_languages(desk: Client, office: Office, page: str) -> None:
    for language in ("vi", "en"):
        answer = desk.get(f"{DESK}{page}", headers={"accept-language": language})
        assert answer.status_code == 200


def test_health_officers_take_back_but_do_not_issue(office: Office) -> None:
    client = browser_of(officer(office.area, Role.HEALTH_OFFICER))
    certificate = office.issued()
    page = body(client.get(f"{DESK}people/{certificate.person.code}/"))
    assert "/revoke" in page
    assert "/reissue" not in page
    assert client.get(f"{DESK}batches/").status_code == 403


def test_what_waits_for_officers_stands_on_their_own_desk(me: Actor, office: Office) -> None:
    def waiting(actor: Actor, at: datetime = AT) -> list[int]:
        return [item.count for item in work.desk(actor.postings.get(), at=at)]

    asker = officer(office.area)
    certified(office, 21)
    browser_of(asker).post(
        f"{DESK}recalls/", {"scope": "lot", "lot": "L-9", "evidence": "letter 1", "sure": "1"}
    )
    assert waiting(me) == [1, 0]
    assert waiting(asker) == [0, 0], "nobody decides their own"
    assert waiting(me, AT + timedelta(minutes=16)) == [1, 21]
    assert waiting(officer(office.area, Role.TRACER)) == []


def test_an_officer_takes_a_lot_back_on_their_own_ground_only(desk: Client, office: Office) -> None:
    here = office.issued()
    elsewhere = area_in(areas.country(), "99999", "Phường khác")
    there = office.issued(office.record(area=elsewhere))
    given = {"scope": "lot", "lot": "L-1", "evidence": "letter"}
    assert "1 chứng nhận bị ảnh hưởng" in body(desk.post(f"{DESK}recalls/", given))
    desk.post(f"{DESK}recalls/", given | {"sure": "1"})
    counting = Intent.objects.filter(revocation__isnull=True)
    assert list(counting) == [there]
    with pytest.raises(commands.CannotIssue, match="recalled"):
        office.request(here.record)
    assert office.request(office.record(area=elsewhere)).pk
    everywhere = browser_of(officer(areas.country()))
    everywhere.post(f"{DESK}recalls/", given | {"sure": "1"})
    assert not counting.all().exists()


def test_what_a_lost_key_signed_is_issued_anew_by_a_button(desk: Client, office: Office) -> None:
    key = office.issued().signature.key
    address = f"{DESK}batches/of-key/{key.pk}"
    assert address not in body(desk.get(f"{DESK}batches/"))
    desk.post(address)
    assert not BatchOrder.objects.exists(), "the key is trusted"
    commands.declare_compromised(key=key, reason="stolen", actor=office.operator, at=AT)
    assert address in body(desk.get(f"{DESK}batches/"))
    assert "Đã đặt cấp 1" in said(desk.post(address, follow=True))
    assert BatchOrder.objects.get().key == key
    assert address not in body(desk.get(f"{DESK}batches/"))
    assert desk.post(f"{DESK}batches/of-key/2000000001").status_code == 404


def test_the_desk_says_when_no_key_signs(desk: Client, bare_office: Office) -> None:
    assert "Hiện không có khoá nào" not in body(desk.get(DESK)), "nobody has begun yet, or a key signs"
    SignerKey.objects.all().update(use_until=AT)
    assert "ký chứng nhận" in body(desk.get(DESK))
