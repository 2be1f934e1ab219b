"""Who tells of an alarming reaction is called first."""

import pytest

from lachan.core import eventlog
from lachan.core.events import ReactionReported
from lachan.portals.response_centre.commands import call_urgently
from lachan.portals.response_centre.models import Wish
from lachan.systems.vaccination.tests import people
from lachan.systems.vaccination.tests.conftest import deaf_loop, keeper, province, still_clock
from lachan.systems.vaccination.tests.test_reactions import LATER, dosed, told

__all__ = ["deaf_loop", "still_clock"]
pytestmark = pytest.mark.django_db


def test_an_alarming_one_stands_at_the_head_of_the_response_centre_once() -> None:
    who = people.person()
    row = told(dosed(who), "chest_pain", told_by="person")
    events = eventlog.of_person(who.pk, [ReactionReported])
    for _ in range(2):
        call_urgently(events=events, actor=keeper(), at=LATER)
    wish = Wish.objects.get()
    assert (wish.urgent, wish.subject, wish.area, wish.cause) == (True, "reaction", province(), row.event_id)
    Wish.objects.update(ended_at=LATER, ending="called")
    assert call_urgently(events=events, actor=keeper(), at=LATER) == []
