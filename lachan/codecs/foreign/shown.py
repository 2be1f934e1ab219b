"""Text of strangers made fit to show, and names for the codes that border posts meet most.

Sources: CVX numbers as public code lists quote CDC's "COVID-19 vaccine related codes"; SNOMED CT from the value
sets of the EU certificate (WorldHealthOrganization/tng-valuesets); ICD-11 codes as they stand in the published
samples of WHO's validator (Australia, Japan, Singapore, DVC): not checked against ICD-11 itself.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from lachan.codecs.foreign.strict_json import at_path, rows, table
from lachan.codecs.hcert import products

LONGEST: Final = 200
# Control characters, and marks of writing direction that make a name look like another.
_UNFIT: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

COVID_19: Final = "COVID-19"
SYSTEMS: Final[Mapping[str, str]] = {
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://www.whocc.no/atc": "ATC",
    "http://id.who.int/icd11/mms": "ICD-11",
    "http://id.who.int/icd/release/11/mms": "ICD-11",
}
_CVX: Final[Mapping[str, str]] = {
    "207": "Moderna COVID-19",
    "208": "Pfizer-BioNTech COVID-19",
    "210": "AstraZeneca COVID-19",
    "211": "Novavax COVID-19",
    "212": "Janssen COVID-19",
    "213": "COVID-19, product not named",
    "217": "Pfizer-BioNTech COVID-19",
    "218": "Pfizer-BioNTech COVID-19, children 5-11",
    "219": "Pfizer-BioNTech COVID-19, children under 5",
    "227": "Moderna COVID-19, children 6-11",
    "228": "Moderna COVID-19, children under 6",
    "229": "Moderna COVID-19, bivalent",
    "300": "Pfizer-BioNTech COVID-19, bivalent",
    "301": "Pfizer-BioNTech COVID-19, bivalent, children 5-11",
    "510": "Sinopharm COVID-19",
    "511": "Sinovac COVID-19",
}
_SNOMED: Final[Mapping[str, str]] = {
    **products.VACCINES,
    products.COVID_19: COVID_19,
    products.DETECTED: "Detected",
    products.NOT_DETECTED: "Not detected",
}
_ICD_11: Final[Mapping[str, str]] = {
    "RA01": COVID_19,
    "RA01.0": COVID_19,
    "XN109": "SARS-CoV-2",
    "1D47": "Yellow fever",
    "XM68M6": "COVID-19 vaccine",
    "XM0GQ8": "COVID-19 vaccine, mRNA",
    "XM9QW8": "COVID-19 vaccine, viral vector",
    "XM0N24": "Yellow fever vaccine",
}
_LOINC: Final[Mapping[str, str]] = {
    products.NAA_TEST: "Nucleic acid amplification test",
    products.RAPID_TEST: "Rapid antigen test",
}
_KNOWN: Final[Mapping[str, Mapping[str, str]]] = {
    "CVX": _CVX,
    "SNOMED CT": _SNOMED,
    "ICD-11": _ICD_11,
    "LOINC": _LOINC,
}


def shown(value: object) -> str:
    """Return a string or whole number as one line of at most 200 fit characters, anything else as nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    fit = (
        letter if unicodedata.category(letter) not in _UNFIT else " " for letter in str(value)[: 2 * LONGEST]
    )
    return " ".join("".join(fit).split())[:LONGEST]


def joined(parts: Iterable[str], between: str = " ") -> str:
    """Join what is not empty."""
    return between.join(part for part in parts if part)


def named(code: object) -> str:
    """Return the name of a bare code of any known system but CVX, whose plain numbers mean many things."""
    text = shown(code)
    return next((names[text] for system, names in _KNOWN.items() if text in names and system != "CVX"), text)


def coding(value: object) -> tuple[str, str]:
    """Return (what to show, `system|code`) of a FHIR Coding, CodeableConcept or bare string."""
    choices = rows(at_path(value, "coding")) or rows(value)
    if not choices:
        return named(value), shown(value)
    best = next((choice for choice in choices if _name(choice)), choices[0])
    return _label(best) or shown(table(value).get("text")), _code(best)


def _name(choice: Mapping[str, object]) -> str:
    system = SYSTEMS.get(shown(choice.get("system")), "")
    return shown(choice.get("display")) or _KNOWN.get(system, {}).get(shown(choice.get("code")), "")


def _label(choice: Mapping[str, object]) -> str:
    """`Pfizer-BioNTech COVID-19 (CVX 208)`."""
    system, code = shown(choice.get("system")), shown(choice.get("code"))
    plain = joined([SYSTEMS.get(system, system), code])
    name = _name(choice)
    return f"{name} ({plain})" if name and plain else name or plain


def _code(choice: Mapping[str, object]) -> str:
    return joined([shown(choice.get("system")), shown(choice.get("code"))], "|")
