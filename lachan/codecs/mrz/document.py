"""What a machine-readable zone says."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from lachan.codecs.mrz.dates import UncertainDate
from lachan.codecs.mrz.layout import Kind

Sex = Literal["M", "F", "X", "<"]

_NATIONAL_NUMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Mrz:
    """One document. Names have spaces where the zone has `<`; `<` inside other fields is kept.

    `document_type`: 1 or 2 letters, such as P, ID, V. `issuer`, `nationality`: ISO 3166-1 alpha-3 or an ICAO code.
    `sex`: as printed; `<` is unspecified. `optional_2`: the second such field of TD1.
    `repairs`: how many characters were exchanged on request; above 0, show the reading to be compared.
    """

    kind: Kind
    document_type: str
    issuer: str
    primary: str
    secondary: str
    number: str
    nationality: str
    birth_date: UncertainDate
    sex: Sex
    expires_on: date
    optional: str = ""
    optional_2: str = ""
    repairs: int = field(default=0, compare=False)

    @property
    def name(self) -> str:
        """The primary identifier (family name) and then the others, as Vietnamese names are written."""
        return f"{self.primary} {self.secondary}".strip()

    def expired(self, on: date) -> bool:
        """A document is good through the day of expiry."""
        return on > self.expires_on

    @property
    def national_number(self) -> str | None:
        """The 12-digit number of a Vietnamese identity card, which repeats its end as the document number.

        The place of the number was seen on cards, in no regulation: hence the comparison.
        """
        number = self.optional.split("<")[0][:_NATIONAL_NUMBER]
        agrees = self.issuer == "VNM" and self.kind == "TD1" and number.endswith(self.number)
        return number if agrees and len(number) == _NATIONAL_NUMBER and number.isdecimal() else None
