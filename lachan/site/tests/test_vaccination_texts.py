"""What people are told of their registrations and invitations, once a cause."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from lachan.core import clock, eventlog
from lachan.core.events import DoseGiven, Event, InvitationCancelled, InvitedToSession, RegistrationRejected
from lachan.core.models import EventRow
from lachan.platform.messages import text_of
from lachan.platform.models import Message
from lachan.site import notify
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.tests import line_rows
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import approved, invite, invited, registered, session
from tests.rows import nobody_listening

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still_and_deaf() -> Iterator[None]:
    with clock.frozen(NOON), nobody_listening():
        yield


def told(template: str) -> list[int]:
    return list(Message.objects.filter(template=template).order_by("pk").values_list("person", flat=True))


def handled(kind: type[Event], run: Callable[[Any, Any], None]) -> None:
    rows = EventRow.objects.filter(kind=kind.__name__)
    for _ in range(2):
        run([eventlog.from_row(r) for r in rows], NOON)


def test_an_invitation_is_a_text_with_place_time_and_code() -> None:
    row = invited()
    handled(InvitedToSession, notify.invited)
    message = Message.objects.get()
    assert message.template == "vaccination-invited"
    text = text_of(message)
    assert "08:00 11/11/2026" in text
    assert row.code[:4] in text
    assert "Trạm y tế Thạch Thang" in text


def test_a_cancelled_session_is_told_to_who_was_invited_and_a_withdrawal_to_nobody() -> None:
    gone = invited()
    commands.withdraw_registration(registration=gone.registration, actor=keeper(), at=NOON)
    stays, to = approved(), session()
    invite(to)
    commands.cancel_session(session=to, reason="Mất điện", actor=keeper(), at=NOON)
    handled(InvitationCancelled, notify.invitation_cancelled)
    assert told("vaccination-cancelled") == [stays.person_id]


def test_a_rejection_is_told() -> None:
    row = registered()
    commands.reject_registrations(registrations=[row.pk], reason="Trùng", actor=keeper(), at=NOON)
    handled(RegistrationRejected, notify.registration_rejected)
    assert told("vaccination-rejected") == [row.person_id]


def test_a_dose_of_a_line_is_told_with_its_lot() -> None:
    here = line_rows.session()
    dose = line_rows.injected(here, line_rows.vial(here))
    handled(DoseGiven, notify.dose_given)
    assert told("vaccination-dose") == [dose.person_id]
    assert dose.lot_number in text_of(Message.objects.get(template="vaccination-dose"))
