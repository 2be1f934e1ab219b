"""Trouble that lasts is logged once."""

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest

from lachan.core import clock
from lachan.issuer import lists, signing
from lachan.issuer.models import SignerKey
from lachan.issuer.notices import Notice
from lachan.issuer.tests.conftest import AT, Office

WEEK = timedelta(days=7)


def test_it_is_said_when_it_begins_when_it_changes_and_when_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    notice = Notice(logging.getLogger("trouble"))
    for trouble in ("", "no key", "no key", "no disk", "no disk", "", "", "no key"):
        notice.say(trouble)
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("ERROR", "no key"), ("ERROR", "no disk"), ("INFO", "over: no disk"), ("ERROR", "no key"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_week_without_a_key_is_logged_once(
    bare_office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bare_office.request()

    def a_while(_channel: str, work: Any, **_more: Any) -> None:
        for _ in range(5):
            work()

    monkeypatch.setattr(signing, "listen", a_while)
    monkeypatch.setattr(lists, "no_key", Notice(lists.log))
    with clock.frozen(AT):
        signing.run(
            keyring=bare_office.keyring, stop=threading.Event(),
            also=lambda at: lists.refresh(keyring=bare_office.keyring, at=at),
        )  # fmt: skip
    said = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert len(said) == 2, said
    assert not SignerKey.objects.exists()
