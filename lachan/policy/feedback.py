"""Citizens' reports: what they are about, who answers, and by when. Hours run day and night, days are working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from lachan.policy.basis import RuleSet

Rung = Literal["commune", "district", "province", "centre"]
Office = Literal["commune_officer", "health_officer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A length of time: so many `hours` by the clock, or so many `working_days`; one of them is 0."""

    hours: int = 0
    working_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """What a report is about.

    It begins at `rung` with `office`. `acknowledge` and `answer` run from the filing; after each further `step` without
    what was due it climbs a rung. `call_back`: somebody calls the reporter at once. `denounces`: it may name people
    who have done nothing, so that its text is shown only to who takes it on.
    """

    code: str
    name_vi: str
    name_en: str
    rung: Rung
    office: Office
    acknowledge: Within
    answer: Within
    step: Within
    urgent: bool = False
    call_back: bool = False
    denounces: bool = False
    verified: bool
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The beginning of an answer; `categories` empty: of any."""

    code: str
    text_vi: str
    text_en: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackPolicy(RuleSet):
    """Categories, templates, and the working calendar.

    `weekend`: 1 Monday to 7 Sunday; `holidays` are days on which no office works; a working day ends at
    `day_ends_hour` o'clock. An answer may be reopened for `reopen_days`. Published counts below `least_published`
    are not told. Texts as alike as `alike_percent` within `alike_days` may be the same report twice. So many as
    `cluster_reports` of one category from one area within `cluster_hours` are a sign that the centre is told of.
    """

    categories: tuple[Category, ...]
    templates: tuple[Template, ...] = ()
    weekend: tuple[int, ...]
    holidays: tuple[date, ...]
    day_ends_hour: int
    reopen_days: int
    claim_minutes: int
    call_back_minutes: int
    least_published: int
    alike_percent: int
    alike_days: int
    cluster_reports: int
    cluster_hours: int

    def category(self, code: str) -> Category | None:
        """The category of this code, if it is known under these rules."""
        return next((category for category in self.categories if category.code == code), None)
