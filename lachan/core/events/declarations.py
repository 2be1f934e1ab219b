"""What happens to health declarations and diaries. What was answered stands in no event but as symptoms and the
temperature of a diary."""

from dataclasses import dataclass
from typing import Literal

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class DeclarationMade(Event):
    """`declared_outcome` none, watch, test, call or emergency, by `rule` of `form` in this version; `corrects_id` is
    the declaration that this one replaces."""

    declaration_id: int
    form: str
    form_version: str
    declared_outcome: str
    rule: str
    channel: Literal["web", "paper", "kiosk", "diary"]
    corrects_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeclarationClaimed(Event):
    """The person whose declaration was taken on paper noted their telephone."""

    declaration_id: int


@dataclass(frozen=True, kw_only=True)
class DeclarerCalled(Event):
    declaration_id: int
    call_outcome: str


@dataclass(frozen=True, kw_only=True)
class DiaryReported(Event):
    """The day's report of somebody under the order `order_id`; nothing `felt` and no fever is a clean one. Degrees
    Celsius, None where it was not measured."""

    order_id: int
    declaration_id: int
    felt: tuple[str, ...] = ()
    temperature: float | None = None


@dataclass(frozen=True, kw_only=True)
class DiaryReminded(Event):
    diary_id: int
