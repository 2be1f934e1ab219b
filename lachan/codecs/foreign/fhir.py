"""The part of a FHIR R4 Bundle that a border post needs: one Patient, Immunizations, laboratory Observations.

Source: SMART Health Cards: Vaccination & Testing implementation guide (HL7/fhir-shc-vaccination-ig), and FHIR R4
for `Immunization.status` and `Observation.status`.
"""

from lachan.codecs.foreign.shown import COVID_19, coding, joined, named, shown
from lachan.codecs.foreign.strict_json import at_path, rows
from lachan.codecs.foreign.unpacked import About, Entry, Holder, require

Resource = dict[str, object]


def read_bundle(bundle: object) -> tuple[Holder, tuple[Entry, ...]]:
    """Summarise a bundle of exactly one patient. Raises FormatError: shc-content."""
    resources = [found for entry in rows(at_path(bundle, "entry")) for found in rows(entry.get("resource"))]
    patients = [resource for resource in resources if resource.get("resourceType") == "Patient"]
    require(at_path(bundle, "resourceType") == "Bundle" and len(patients) == 1, "shc-content")
    doses = [_immunization(found) for found in resources if found.get("resourceType") == "Immunization"]
    tests = [_observation(found) for found in resources if found.get("resourceType") == "Observation"]
    return _patient(patients[0]), (*doses, *tests)


def _patient(patient: Resource) -> Holder:
    names = rows(patient.get("name"))
    require(names, "shc-content")
    given = names[0].get("given")
    parts = [*(given if isinstance(given, list) else []), names[0].get("family")]
    name = joined(shown(part) for part in parts) or shown(names[0].get("text"))
    return Holder(name, shown(patient.get("birthDate")))


def _immunization(found: Resource) -> Entry:
    product, code = coding(found.get("vaccineCode"))
    protocol = next(iter(rows(found.get("protocolApplied"))), {})
    status = shown(found.get("status"))
    return Entry(
        About.VACCINATION,
        disease=_first_name(protocol.get("targetDisease")) or (COVID_19 if COVID_19 in product else ""),
        product=product,
        code=code,
        date=shown(found.get("occurrenceDateTime")) or shown(found.get("occurrenceString")),
        maker=_maker(found.get("manufacturer")),
        lot=shown(found.get("lotNumber")),
        dose=_dose(protocol),
        place=_performer(found),
        status="" if status == "completed" else status,
    )


def _first_name(concepts: object) -> str:
    return next((coding(concept)[0] for concept in rows(concepts)), "")


def _maker(reference: object) -> str:
    return shown(at_path(reference, "display")) or shown(at_path(reference, "identifier", "value"))


def _dose(protocol: Resource) -> str:
    number = shown(protocol.get("doseNumberPositiveInt")) or shown(protocol.get("doseNumberString"))
    of = shown(protocol.get("seriesDosesPositiveInt")) or shown(protocol.get("seriesDosesString"))
    return joined([number, of], "/")


def _performer(found: Resource) -> str:
    """Immunizations name an actor, observations refer to the performer itself."""
    actors = [row.get("actor", row) for row in rows(found.get("performer"))]
    return joined((shown(at_path(actor, "display")) for actor in actors), ", ")[:200]


def _observation(found: Resource) -> Entry:
    product, code = coding(found.get("code"))
    status = shown(found.get("status"))
    return Entry(
        About.TEST,
        product=product,
        code=code,
        date=shown(found.get("effectiveDateTime")) or shown(at_path(found, "effectivePeriod", "start")),
        result=_result(found),
        place=_performer(found),
        status="" if status in {"final", "amended", "corrected"} else status,
    )


def _result(found: Resource) -> str:
    quantity = found.get("valueQuantity")
    return (
        coding(found.get("valueCodeableConcept"))[0]
        or named(found.get("valueString"))
        or joined([shown(at_path(quantity, "value")), shown(at_path(quantity, "unit"))])
    )
