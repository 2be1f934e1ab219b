"""The slip of the counter: the duty, its days, its legal basis, in Vietnamese with English below."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
import typst
from django.utils.translation import gettext, override

from lachan.codecs import qr
from lachan.core import areas, clock, persons
from lachan.core.codes import format_code
from lachan.core.models import Person
from lachan.platform import personal_codes, policies
from lachan.policy import NoPolicyInForce
from lachan.systems.arrivals import words
from lachan.systems.arrivals.models import Clearance, DutyKind

DOCUMENT = Path(__file__).resolve().parent / "documents" / "slip.typ"
Format = Literal["pdf", "png"]
PPI = 110.0  # of the PNG, which is for looking


def slip(done: Clearance, *, at: datetime, format: Format = "pdf") -> bytes:  # noqa: A002
    """One page A6 for the traveller, with the code that opens their record at domestic gates."""
    person = done.declaration.person.merged_into or done.declaration.person
    inputs = _both(done) | _facts(done, person, at)
    made = typst.compile(
        str(DOCUMENT), root=str(DOCUMENT.parent), sys_inputs=inputs, format=format, ppi=PPI, ignore_system_fonts=True
    )  # fmt: skip
    if not isinstance(made, bytes):
        raise TypeError("the slip has grown past one page")
    return made


def _facts(done: Clearance, person: Person, at: datetime) -> dict[str, str]:
    birth = persons.birth_of(person)
    with override("vi"):
        reasons = ", ".join(str(reason) for reason in words.reasons(done.reasons))
        decided = gettext("Decided at %(gate)s, %(moment)s") % {
            "gate": done.gate.name, "moment": f"{done.decided_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}",
        }  # fmt: skip
    return {
        "qr": qr.svg(personal_codes.printed(person.code, at=at)), "name": person.name[:60],
        "born": birth.text if birth else "", "code": format_code(person.code), "basis": _basis(done)[:200],
        "reasons": reasons[:200], "decided": decided,
    }  # fmt: skip


def _both(done: Clearance) -> dict[str, str]:
    """The words twice, and the lines as (Vietnamese, English, value)."""
    said = {}
    for language in ("vi", "en"):
        with override(language):
            said[language] = _words(done)
    title, duty, foot, labels = said["vi"]
    title_en, duty_en, foot_en, labels_en = said["en"]
    lines = [[a, b, value] for a, b, value in zip(labels, labels_en, _values(done), strict=True) if value]
    return {
        "title": title, "title_en": title_en, "duty": duty, "duty_en": duty_en, "foot": foot, "foot_en": foot_en,
        "lines": msgspec.json.encode(lines).decode(),
    }  # fmt: skip


def _words(done: Clearance) -> tuple[str, str, str, list[str]]:
    labels = [gettext("until (free on this day)"), gettext("tests on"), gettext("test before"),
              gettext("watch your health until"), gettext("where you stay")]  # fmt: skip
    foot = gettext(
        "If you feel ill, stay where you are and call 1900 9095. Keep this slip and show it when asked."
    )
    return gettext("Entry into Viet Nam: what you have to do"), str(words.DUTY[done.duty]), foot, labels


def _values(done: Clearance) -> list[str]:
    """In the order of the labels; empty where there is none."""
    arrived, made = done.declaration.arrives_on, done.declaration
    ends = arrived + timedelta(days=done.days)
    hours = done.test_within_hours
    by = (done.decided_at + timedelta(hours=hours)).astimezone(clock.zone()) if hours else None
    home = f"{made.destination_address}, {areas.full_name(made.destination_area)}"
    watch = ends + timedelta(days=done.after_days)
    return [
        f"{ends:%d/%m/%Y}" if done.days else "",
        ", ".join(f"{day:%d/%m/%Y}" for day in done.test_dates),
        f"{by:%H:%M %d/%m/%Y}" if by else "",
        f"{watch:%d/%m/%Y}" if done.after_days else "",
        home[:160] if done.duty == DutyKind.HOME else "",
    ]


def _basis(done: Clearance) -> str:
    """The decision on which it rests, marked where its text was not seen."""
    try:
        rules = policies.at(clock.local_date(done.decided_at)).arrivals
    except NoPolicyInForce:
        rules = None
    with override("vi"):
        if rules is None or rules.basis.id != done.rule_id:
            return done.rule_id
        doubt = "" if rules.basis.verified else " (" + gettext("not verified") + ")"
        return gettext("Decision:") + f" {rules.basis.decision}{doubt}"
