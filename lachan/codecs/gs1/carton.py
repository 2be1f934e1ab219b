"""What a barcode on a carton or vial says of the goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from lachan.codecs.gs1.days import read_day
from lachan.codecs.gs1.elements import Element, human_readable

# National healthcare reimbursement numbers: Germany, France, Spain, Brazil, Portugal, United States, Italy, ...
_NATIONAL: Final = {
    "710": "PZN", "711": "CIP", "712": "CN", "713": "DRN", "714": "AIM", "715": "NDC", "716": "AIC", "717": "SRN",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carton:
    """`gtin`, `content_gtin`: 14 digits, of the trade item itself and of what a box holds; `sscc` names one box.

    `expires_on`: the last day of use, from (17) or else the date of (7003). `count`: pieces inside.
    """

    elements: tuple[Element, ...]
    gtin: str | None = None
    content_gtin: str | None = None
    sscc: str | None = None
    lot: str | None = None
    serial: str | None = None
    expires_on: date | None = None
    produced_on: date | None = None
    packed_on: date | None = None
    count: int | None = None

    def expired(self, on: date) -> bool:
        """Whether the day of expiry is over; without one nothing expires."""
        return self.expires_on is not None and on > self.expires_on

    def value(self, ai: str) -> str | None:
        """The value of any other identifier."""
        return next((element.value for element in self.elements if element.ai == ai), None)

    @property
    def national_numbers(self) -> Mapping[str, str]:
        """By name: PZN, CIP, CN, DRN, AIM, NDC, AIC, SRN."""
        return {_NATIONAL[e.ai]: e.value for e in self.elements if e.ai in _NATIONAL}

    @property
    def text(self) -> str:
        """As under a barcode."""
        return human_readable(self.elements)


def carton_of(elements: Sequence[Element], *, at: date) -> Carton:
    """The goods that the elements tell of; `at` tells the centuries. Raises gs1-date."""
    values = {element.ai: element.value for element in elements}
    days = {ai: read_day(value[:6], at) for ai, value in values.items() if ai in {"11", "13", "17", "7003"}}
    count = values.get("37") or values.get("30")
    return Carton(
        elements=tuple(elements),
        gtin=values.get("01"),
        content_gtin=values.get("02"),
        sscc=values.get("00"),
        lot=values.get("10"),
        serial=values.get("21"),
        expires_on=days.get("17", days.get("7003")),
        produced_on=days.get("11"),
        packed_on=days.get("13"),
        count=int(count) if count else None,
    )
