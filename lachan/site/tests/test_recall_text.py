"""The text to who has had a recalled lot."""

import pytest

from lachan.core import eventlog
from lachan.core.events import RecallNoticeGiven
from lachan.platform.models import Message
from lachan.site import notify
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.tests.conftest import NOON, deaf_loop, keeper, still_clock
from lachan.systems.vaccination.tests.recalls import recalled, three

pytestmark = pytest.mark.django_db
__all__ = ["deaf_loop", "still_clock"]  # fixtures that stand around every test


def test_the_text_is_queued_once_in_the_reader_s_words() -> None:
    who, *_ = three()
    lot = recalled(who)
    row = commands.tell_recipients(lot=lot, actor=keeper(), at=NOON)
    commands.finish_round(row.pk, at=NOON)
    events = eventlog.of_person(who.pk, [RecallNoticeGiven])
    notify.recalled(events, NOON)
    notify.recalled(events, NOON)
    message = Message.objects.get()
    assert (message.template, message.facts) == ("vaccination-recalled", {"lot": lot.number})
