"""A wrong dose is struck and another takes its place: the ledger, certificates and counters follow, nothing is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from lachan.core import eventlog
from lachan.core.events import CorrectionConfirmed, DoseGiven, DoseWithdrawn
from lachan.core.models import Actor, Place
from lachan.issuer import judging
from lachan.issuer.models import Intent, Record
from lachan.issuer.tests.codes import publish
from lachan.issuer.tests.conftest import office_at
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotCorrect, CannotMoveDoses
from lachan.systems.vaccination.models import CorrectionRequest, Coverage, Dose, Lot, Movement, Session, Vial
from lachan.systems.vaccination.queries.completeness import session_accounts
from lachan.systems.vaccination.queries.lots import account, out_of_account
from lachan.systems.vaccination.tests import line_rows
from lachan.systems.vaccination.tests.conftest import NOON, TODAY, keeper, received, store

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=2)
DAY = timedelta(days=1)


class Line:
    """A session with a vial of each of two lots, and one dose, written down as of the first; its visit is over."""

    def __init__(self, *, gone: bool = True) -> None:
        self.session = line_rows.session()
        self.wrong = line_rows.vial(self.session)
        self.lot = received(self.session.site, 60, product="comirnaty")
        self.right = commands.open_vial(
            store=self.session.site, lot=self.lot, session=self.session, actor=keeper(), at=NOON
        )
        self.dose = line_rows.injected(self.session, self.wrong)
        if gone:
            assert self.dose.visit is not None
            commands.leave(visit=self.dose.visit, ending="left", actor=keeper(), at=NOON)


def asked(dose: Dose, kind: str, wanted: str, **more: Any) -> CorrectionRequest:
    given: dict[str, Any] = {"words": "Phiếu tiêm", "actor": keeper(), "at": LATER} | more
    return commands.ask_correction(person=dose.person, dose=dose, kind=kind, wanted=wanted, **given)


def confirmed(row: CorrectionRequest, actor: Actor | None = None, site: Place | None = None) -> Dose:
    """The dose that stands now."""
    commands.confirm_correction(
        correction=row, answer="Đã xem phiếu tiêm", actor=actor or keeper(), at=LATER, site=site
    )
    return Dose.objects.get(person=row.person, withdrawn_at__isnull=True, replaces__isnull=False)


def corrected(dose: Dose, kind: str, wanted: str, site: Place | None = None) -> Dose:
    return confirmed(asked(dose, kind, wanted), site=site)


def refused(dose: Dose, kind: str, wanted: str, **more: Any) -> str:
    """With which code; and nothing is left of the attempt."""
    movements = Movement.objects.count()
    with pytest.raises((CannotCorrect, CannotMoveDoses)) as refusal, transaction.atomic():
        commands.confirm_correction(
            correction=asked(dose, kind, wanted), answer="x", actor=keeper(), at=LATER, **more
        )
    dose.refresh_from_db()
    assert dose.withdrawn_at is None
    assert Movement.objects.count() == movements
    return refusal.value.code


def left(vial: Vial) -> int:
    return Vial.objects.get(pk=vial.pk).left


def test_a_wrong_lot_goes_back_and_the_right_one_is_given() -> None:
    line = Line()
    new = corrected(line.dose, "lot", line.lot.number)
    old = Dose.objects.get(pk=line.dose.pk)
    assert (old.withdrawn_at, old.lot_number, old.withdrawal) == (
        LATER,
        line.dose.lot_number,
        "Đã xem phiếu tiêm",
    )
    assert (old.replaced_by, new.lot, new.vial, new.visit) == (new, line.lot, line.right, old.visit)
    assert (new.given_at, new.number, new.source) == (old.given_at, old.number, "correction")
    assert (left(line.wrong), left(line.right)) == (6, 5)
    assert line.session.lot is not None
    assert (account(line.session.lot).given, account(line.lot).given) == (0, 1)
    assert account(line.session.lot).adds_up
    assert account(line.lot).adds_up
    assert out_of_account() == []
    [told] = session_accounts([line.session])
    assert (told.recorded, told.drawn, told.wasted) == (1, 12, 0)


def closed(line: Line) -> None:
    for vial in (line.wrong, line.right):
        commands.waste_doses(
            store=line.session.site, lot=vial.lot, vial=vial, doses=left(vial), reason="opened-expired", actor=keeper(),
            at=LATER,
        )  # fmt: skip
    commands.close_session(session=line.session, actor=keeper(), at=LATER)


def test_what_was_written_off_of_the_right_vial_is_found_again() -> None:
    line = Line()
    closed(line)
    corrected(line.dose, "lot", line.lot.number)
    assert (account(line.lot).given, account(line.lot).wasted) == (1, 5)
    assert out_of_account() == []
    [told] = session_accounts([line.session])
    assert (told.recorded, told.wasted, told.missing) == (1, 10, 1)
    kinds = Movement.objects.filter(happened_at=LATER, vial__isnull=False).order_by("pk")
    assert list(kinds.values_list("kind", flat=True)) == ["wasted", "wasted", "taken_back", "found"]


def emptied(line: Line) -> None:
    for _ in range(line.right.most):
        commands.take_dose(vial=line.right, actor=keeper(), at=NOON)


def unopened(line: Line) -> str:
    return received(line.session.site, 60, product="comirnaty").number


def too_late(line: Line) -> str:
    at = NOON + timedelta(minutes=1)
    lot = received(line.session.site, 60, product="comirnaty")
    commands.open_vial(store=line.session.site, lot=lot, session=line.session, actor=keeper(), at=at)
    return lot.number


def test_a_lot_that_was_not_there_is_refused_with_what_to_do() -> None:
    line = Line()
    assert refused(line.dose, "lot", unopened(line)) == "lot-not-in-books"
    assert refused(line.dose, "lot", too_late(line)) == "lot-not-in-books"
    emptied(line)
    assert refused(line.dose, "lot", line.lot.number) == "lot-not-in-books"
    assert refused(line.dose, "lot", "NOWHERE") == "lot-unknown"
    other = received(line.session.site, 60, product="vaxzevria")
    assert refused(line.dose, "lot", other.number) == "lot-of-another-vaccine"


def test_an_expired_or_held_lot_is_refused_and_one_stopped_later_is_found_by_its_recall() -> None:
    line = Line()
    Lot.objects.filter(pk=line.lot.pk).update(expires_on=TODAY - DAY)
    assert refused(line.dose, "lot", line.lot.number) == "lot-expired"
    Lot.objects.filter(pk=line.lot.pk).update(expires_on=TODAY + DAY)
    hold = commands.hold_lot(lot=line.lot, reason="x", actor=keeper(), at=NOON)
    assert refused(line.dose, "lot", line.lot.number) == "lot-held"
    type(hold).objects.filter(pk=hold.pk).update(held_at=LATER)
    assert corrected(line.dose, "lot", line.lot.number).lot == line.lot


def test_nothing_is_corrected_while_the_person_is_in_the_line() -> None:
    line = Line(gone=False)
    with pytest.raises(CannotCorrect, match="visit-open"):
        asked(line.dose, "lot", line.lot.number)


def verdict(text: str) -> tuple[str, str]:
    judged = judging.judge([text], trust=judging.trust(LATER), at=LATER)
    return judged.level, judged.code


def test_the_old_certificate_is_revoked_and_the_new_one_says_the_right_day() -> None:
    office = office_at(NOON)
    office.key_in_use(NOON)
    dose = line_rows.earlier(line_rows.person(), TODAY - 3 * DAY)
    line = Line()
    office.sign(NOON)
    old = Intent.objects.get(person=line.dose.person)
    new = corrected(line.dose, "lot", line.lot.number)
    office.sign(LATER)
    publish(office, LATER)
    anew = Intent.objects.get(replaces=old)
    assert (verdict(anew.signature.text)[0], verdict(old.signature.text)) == ("valid", ("invalid", "revoked"))
    assert (old.revocation.order.reason, anew.expires_at <= old.expires_at) == ("corrected", True)
    record = Record.objects.get(reference=f"dose:{new.pk}")
    assert (record.lot, record.replaces, anew.record) == (line.lot.number, old.record, record)
    assert corrected(dose, "moment", f"{TODAY - 4 * DAY:%d/%m/%Y}").given_on == TODAY - 4 * DAY
    assert Intent.objects.count() == 2, "what was given elsewhere is certified elsewhere"


def events(dose: Dose) -> list[Any]:
    return list(eventlog.of_person(dose.person_id, [DoseGiven, DoseWithdrawn, CorrectionConfirmed]))


def test_coverage_counts_the_person_once_under_what_is_right() -> None:
    line = Line()
    corrected(line.dose, "number", "primary 2")
    told = [e for e in events(line.dose) if isinstance(e, DoseGiven | DoseWithdrawn)]
    assert [type(e) for e in told] == [DoseGiven, DoseGiven, DoseWithdrawn]
    for each in (told[:1], told[1:]):
        commands.count_doses(events=each, at=LATER)
    assert dict(Coverage.objects.values_list("step", "people")) == {"first": 0, "complete": 1}
    assert [e.dose_number for e in told if isinstance(e, DoseGiven)] == [1, 2]
    [confirmed_] = [e for e in events(line.dose) if isinstance(e, CorrectionConfirmed)]
    assert (confirmed_.what, confirmed_.reissued) == ("number", 1)


def test_the_site_and_the_hour_are_put_right_out_of_the_same_vial() -> None:
    line = Line()
    there = store("Trường Tiểu học Hòa Cường", site=True)
    first = corrected(line.dose, "site", "Trường Hòa Cường", site=there)
    second = corrected(first, "moment", "10/11/2026 12:30")
    assert (second.site, second.given_at, second.replaces) == (there, NOON + timedelta(minutes=30), first)
    assert second.vial == line.wrong
    assert left(line.wrong) == 5
    assert out_of_account() == []
    assert session_accounts([line.session])[0].recorded == 1


@pytest.mark.parametrize(
    ("kind", "wanted", "code"),
    [
        ("moment", "10/11/2026 11:59", "vial-not-open"),
        ("moment", "10/11/2026 23:00", "moment-in-future"),
        ("moment", "10/11/1979 12:00", "before-birth"),
        ("moment", "gestern", "moment-unreadable"),
        ("moment", "10/11/2026 12:00", "nothing-wrong"),
        ("number", "primary 3", "dose-number-wrong"),
        ("number", "primary", "dose-number-wrong"),
        ("lot", "A B", "lot-unreadable"),
        ("site", "Trường học", "site-missing"),
    ],
)
def test_what_cannot_have_been_is_refused(kind: str, wanted: str, code: str) -> None:
    assert refused(Line().dose, kind, wanted) == code


def test_the_doses_of_a_person_stay_in_order() -> None:
    who = line_rows.person()
    first = line_rows.earlier(who, TODAY - 60 * DAY)
    second = line_rows.earlier(who, TODAY - 30 * DAY, number=2)
    assert refused(first, "number", "primary 2") == "dose-known"
    assert refused(first, "moment", f"{second.given_on:%d/%m/%Y}") == "dose-known"
    assert refused(first, "moment", f"{TODAY - DAY:%d/%m/%Y}") == "order-impossible"
    assert refused(first, "number", "booster 1") == "order-impossible"
    assert corrected(first, "lot", "PAPER7").lot_number == "PAPER7"


def test_two_corrections_of_one_dose_follow_each_other() -> None:
    line = Line()
    lot, hour = asked(line.dose, "lot", line.lot.number), asked(line.dose, "moment", "10/11/2026 12:15")
    confirmed(lot)
    last = confirmed(hour)
    assert (last.lot, last.given_at) == (line.lot, NOON + timedelta(minutes=15))
    assert Dose.objects.filter(person=line.dose.person).count() == 3


def test_a_dose_that_was_withdrawn_or_is_of_somebody_else_is_not_corrected() -> None:
    line = Line()
    with pytest.raises(CannotCorrect, match="dose-missing"):
        commands.ask_correction(
            person=line_rows.injected(line.session, line.right).person, dose=line.dose, kind="lot", wanted="X1",
            words="x", actor=keeper(), at=LATER,
        )  # fmt: skip
    row = asked(line.dose, "lot", line.lot.number)
    Dose.objects.filter(pk=line.dose.pk).update(withdrawn_at=NOON, withdrawn_by=keeper(), withdrawal="x")
    with pytest.raises(CannotCorrect, match="dose-withdrawn"):
        confirmed(row)


def test_a_session_has_no_dose_twice_through_a_correction() -> None:
    line = Line()
    corrected(line.dose, "lot", line.lot.number)
    assert Session.objects.get(pk=line.session.pk).visits.count() == 1
    assert Dose.objects.filter(visit__session=line.session, withdrawn_at__isnull=True).count() == 1
