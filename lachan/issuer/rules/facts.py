"""The facts that a certificate states, one typed shape for each kind of record."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from lachan.issuer.rules.products import belong_together
from lachan.issuer.rules.validity import LONGEST

DISEASE: Final = "840539006"
DOSES_MOST: Final = 9
RAPID_TEST: Final = "LP217198-3"
NUCLEIC_ACID_TEST: Final = "LP6464-4"
DETECTED, NOT_DETECTED = "260373001", "260415000"


class Kind(StrEnum):
    """What the world calls a certificate by: the letter of its group in the payload."""

    VACCINATION = "v"
    TEST = "t"
    RECOVERY = "r"


class Dose(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A dose given: codes of the EU value sets, dose `number` of `of` (3 of 3 is a booster after two)."""

    vaccine: str
    product: str
    manufacturer: str
    number: int
    of: int
    disease: str = DISEASE


class LabTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A verified result. `device` is the code of a rapid test, `name` the name of a laboratory's one."""

    assay: str
    sampled_at: datetime
    result: str
    centre: str = ""
    name: str = ""
    device: str = ""
    disease: str = DISEASE


class Recovery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Recovered after a positive of `first_positive_on`; the statement holds from `valid_from` until `valid_until`."""

    first_positive_on: date
    valid_from: date
    valid_until: date
    disease: str = DISEASE


Facts = Dose | LabTest | Recovery
KINDS: Final[dict[Kind, type[Facts]]] = {
    Kind.VACCINATION: Dose,
    Kind.TEST: LabTest,
    Kind.RECOVERY: Recovery,
}
KIND_OF: Final[dict[type[Facts], Kind]] = {shape: kind for kind, shape in KINDS.items()}


class RefusedFacts(ValueError):
    """Facts that no certificate may state; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def facts_json(facts: Facts) -> dict[str, Any]:
    """As kept in the record: JSON values only."""
    kept: dict[str, Any] = msgspec.to_builtins(facts)
    return kept


def facts_from(kind: str, kept: dict[str, Any]) -> Facts:
    """The facts of a record as kept."""
    return msgspec.convert(kept, KINDS[Kind(kind)])


def check_facts(facts: Facts, *, happened_on: date, today: date) -> None:
    """Raises RefusedFacts: disease-unknown, in-future, product-unpaired, dose-number, assay-unknown, result-unknown,
    test-name-missing, test-day, recovery-period."""
    if facts.disease != DISEASE:
        raise RefusedFacts("disease-unknown")
    if happened_on > today:
        raise RefusedFacts("in-future")
    _CHECKS[type(facts)](facts, happened_on)


def _check_dose(facts: Dose, happened_on: date) -> None:
    if not belong_together(facts.vaccine, facts.product, facts.manufacturer):
        raise RefusedFacts("product-unpaired")
    if not 1 <= facts.number <= facts.of <= DOSES_MOST:
        raise RefusedFacts("dose-number")


def _check_test(facts: LabTest, happened_on: date) -> None:
    if facts.assay not in (RAPID_TEST, NUCLEIC_ACID_TEST):
        raise RefusedFacts("assay-unknown")
    if facts.result not in (DETECTED, NOT_DETECTED):
        raise RefusedFacts("result-unknown")
    if not (facts.device if facts.assay == RAPID_TEST else facts.name):
        raise RefusedFacts("test-name-missing")
    if facts.sampled_at.utcoffset() is None or abs((facts.sampled_at.date() - happened_on).days) > 1:
        raise RefusedFacts("test-day")


def _check_recovery(facts: Recovery, happened_on: date) -> None:
    period = happened_on <= facts.valid_from < facts.valid_until <= happened_on + LONGEST
    if facts.first_positive_on != happened_on or not period:
        raise RefusedFacts("recovery-period")


_CHECKS: Final[dict[type[Facts], Callable[[Any, date], None]]] = {
    Dose: _check_dose,
    LabTest: _check_test,
    Recovery: _check_recovery,
}


def next_reference(reference: str) -> str:
    """The reference of a correction: `dose:7` -> `dose:7+1` -> `dose:7+2`."""
    stem, plus, number = reference.rpartition("+")
    return f"{stem}+{int(number) + 1}" if plus and number.isdigit() else f"{reference}+1"
