"""What a result means for whom, what may be typed, which order a sample answers. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Outcome = Literal["positive", "negative", "indeterminate", "invalid"]
OUTCOMES: tuple[Outcome, ...] = ("positive", "negative", "indeterminate", "invalid")
GENES = ("ORF1ab", "N", "E", "RdRp", "S")
CT_LEAST, CT_MOST = 1.0, 50.0
BARCODE = re.compile(r"(?=[A-Z-]*[0-9])[A-Z0-9][A-Z0-9-]{3,31}")

_OUTCOME_WORDS: dict[str, Outcome] = {
    "-": "negative", "0": "negative", "n": "negative", "negative": "negative", "âm tính": "negative",
    "+": "positive", "1": "positive", "p": "positive", "positive": "positive", "dương tính": "positive",
    "?": "indeterminate", "2": "indeterminate", "indeterminate": "indeterminate", "nghi ngờ": "indeterminate",
    "x": "invalid", "3": "invalid", "invalid": "invalid", "không hợp lệ": "invalid",
}  # fmt: skip


def read_barcode(text: str) -> str | None:
    """A tube's, pool's or box's barcode in its stored form: 4 to 32 capitals, digits, hyphens with a digit in it."""
    code = text.strip().upper()
    return code if BARCODE.fullmatch(code) else None


def read_outcome(text: str) -> Outcome | None:
    """What was typed in one key or a word: `-` `+` `?` `x`, or 0 to 3."""
    return _OUTCOME_WORDS.get(text.strip().lower())


_BENCH = re.compile(r"\s*([-+?]|[0-3npx](?![a-z])|[^\W\d]+(?: [^\W\d]{2,})*)\s*(.*)", re.DOTALL)
_CT = re.compile(r"(orf1ab|rdrp|[orens])\s*[:=]?\s*([0-9]{1,3}(?:[.,][0-9]{1,3})?)[\s;]*", re.IGNORECASE)
_GENE_KEYS = {"o": "ORF1ab", "orf1ab": "ORF1ab", "r": "RdRp", "rdrp": "RdRp", "e": "E", "n": "N", "s": "S"}


def read_bench(text: str) -> tuple[Outcome, dict[str, float]] | None:
    """One box of the bench grid: `-`, `+`, `+ N21,4 E23`; genes by letter (O ORF1ab, R RdRp). None: unreadable."""
    found = _BENCH.fullmatch(text)
    outcome = read_outcome(found[1]) if found else None
    if found is None or outcome is None:
        return None
    rest, ct = found[2].strip(), {}
    while rest:
        value = _CT.match(rest)
        if value is None:
            return None
        ct[_GENE_KEYS[value[1].lower()]] = float(value[2].replace(",", "."))
        rest = rest[value.end() :]
    return outcome, ct


def read_ct(text: str) -> float | None:
    """A Ct as people type it, `21,4` or `21.4`; None when it is no number."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None


def ct_fault(assay: str, ct: Mapping[str, float]) -> str | None:
    """Why these Ct values cannot be: ct-not-pcr, ct-gene, ct-range; None when they can."""
    if ct and assay != "pcr":
        return "ct-not-pcr"
    if not set(ct) <= set(GENES):
        return "ct-gene"
    return None if all(CT_LEAST <= value <= CT_MOST for value in ct.values()) else "ct-range"


def lowest_ct(ct: Mapping[str, float]) -> float | None:
    """The Ct that counts for infectiousness: that of the gene found first."""
    return min(ct.values(), default=None)


# Whose result is it?


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a verified result says of each person in it; `told` None: nothing about any one of them."""

    told: Outcome | None
    confirm_each: bool = False
    swab_again: bool = False


def meaning(outcome: Outcome, *, people: int, lab_pool: bool) -> Meaning:
    """A negative clears everybody in the tube; a positive of several is nobody's result (vietnam.md 4)."""
    if people == 1 and not lab_pool:
        return Meaning(outcome, swab_again=outcome == "invalid")
    if outcome == "negative":
        return Meaning("negative")
    if outcome == "positive":
        return Meaning(None, confirm_each=True)
    if lab_pool:
        return Meaning(None)  # the stored tubes are tested one by one
    return Meaning("invalid", swab_again=True) if outcome == "invalid" else Meaning(None)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person is told when a result is amended: `outcome` instead of `previous` (None: never told any)."""

    outcome: Outcome
    previous: Outcome | None


def correction(before: Meaning, after: Meaning) -> Correction | None:
    """None when neither said anything about the person. What no longer holds becomes indeterminate."""
    if before.told is None and after.told is None:
        return None
    return Correction(after.told or "indeterminate", before.told)


def may_run_again(outcome: str, *, lab_pool: bool) -> bool:
    """Whether the same tube gives another result: an indeterminate one does; of a pool the tubes are tested."""
    return outcome == "indeterminate" and not lab_pool


# Which order does a sample answer?


@dataclass(frozen=True, slots=True)
class Due:
    order_id: int
    due_on: date


def answered(open_orders: Iterable[Due], day: date) -> tuple[int | None, tuple[int, ...]]:
    """The order that a sample of `day` answers (the latest that was due by then) and the earlier ones, which it
    makes needless."""
    due = sorted((o for o in open_orders if o.due_on <= day), key=lambda o: (o.due_on, o.order_id))
    if not due:
        return None, ()
    return due[-1].order_id, tuple(o.order_id for o in due[:-1])


def replanned(
    wanted: Iterable[date], open_orders: Sequence[Due], done: Iterable[date]
) -> tuple[tuple[int, ...], tuple[date, ...]]:
    """Orders to cancel and days to add, so that the open ones stand on the wanted days; a day whose sample was
    taken stays done."""
    days = set(wanted)
    cancel = tuple(o.order_id for o in open_orders if o.due_on not in days)
    add = sorted(days - {o.due_on for o in open_orders} - set(done))
    return cancel, tuple(add)
