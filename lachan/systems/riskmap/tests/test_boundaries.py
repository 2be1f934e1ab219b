"""Outlines from a file: taken by the code of their unit, refused by number and in words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.systems.riskmap import commands
from lachan.systems.riskmap.commands import CannotImport
from lachan.systems.riskmap.commands.boundaries import Imported
from lachan.systems.riskmap.models import Boundary
from lachan.systems.riskmap.rules.geojson import NotGeoJson, features
from lachan.systems.riskmap.tests.conftest import NINE, commune, officer

SQUARE = [[108.1, 16.0], [108.3, 16.0], [108.3, 16.2], [108.1, 16.2], [108.1, 16.0]]


def feature(
    code: Any = "20194", *, ring: Any = SQUARE, shape: str = "Polygon", field: str = "code"
) -> dict[str, Any]:
    coordinates = [ring] if shape == "Polygon" else [[ring]]
    return {
        "type": "Feature",
        "properties": {field: code},
        "geometry": {"type": shape, "coordinates": coordinates},
    }


def collection(*each: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(each)}).encode()


def taken(body: bytes, **more: Any) -> Imported:
    return commands.import_boundaries(
        body=body, source="Sở TNMT, CC BY 4.0", actor=officer(), at=NINE, **more
    )


@pytest.mark.django_db
def test_outlines_are_taken_by_code_and_a_later_file_replaces_them() -> None:
    commune()
    assert taken(collection(feature(), feature("99999"))).taken == 1
    wide = [[lon * 1.001, lat] for lon, lat in SQUARE]
    made = taken(collection(feature(ring=wide, shape="MultiPolygon", field="ma_xa")))
    assert (made.taken, list(made.refused)) == (1, [])
    row = Boundary.objects.get()
    assert len(row.rings[0]) == 4
    assert row.rings[0][1][0] == pytest.approx(108.4083)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (feature(None), "code"),
        (feature({"a": 1}), "code"),
        ("x", "code"),
        (feature("99999"), "unknown"),
        (feature(ring=[]), "ring"),
        (feature(ring=SQUARE[:4]), "ring"),
        (feature(ring=[*SQUARE[:2], ["x", 1], *SQUARE[3:]]), "ring"),
        (feature(ring=[[16.0, 108.1], [16.0, 108.3], [16.2, 108.3], [16.0, 108.1]]), "position"),
        (feature(shape="Point"), "geometry"),
        ({"properties": {"code": "20194"}, "geometry": None}, "geometry"),
    ],
)
def test_a_feature_that_cannot_be_taken_is_refused_by_its_number(wrong: Any, problem: str) -> None:
    commune()
    made = taken(collection(feature(), wrong))
    assert [(each.number, each.problem) for each in made.refused] == [(2, problem)]
    assert str(made.refused[0].sentence)
    assert made.taken == 1


@pytest.mark.django_db
def test_the_first_of_two_outlines_of_a_unit_counts() -> None:
    commune()
    assert taken(collection(feature(), feature())).refused[0].problem == "twice"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "boundaries-json"), (b"{", "boundaries-json"), (b"[]", "boundaries-collection"),
        (b"\xff\xfe{}", "boundaries-encoding"), (b'{"type": "Topology"}', "boundaries-collection"),
        (b"[" * 100_000, "boundaries-json"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_geojson_is_refused_whole(body: bytes, code: str) -> None:
    with pytest.raises(CannotImport, match=code):
        taken(body)


@pytest.mark.django_db
def test_outlines_without_a_source_are_not_taken() -> None:
    with pytest.raises(CannotImport, match="boundaries-source"):
        commands.import_boundaries(body=collection(feature()), source=" ", actor=officer(), at=NINE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_whatever_stands_in_a_file_is_taken_or_refused(content: Any) -> None:
    for body in (
        json.dumps(content).encode(),
        collection(content),
        collection({"properties": content, "geometry": content}),
    ):
        try:
            list(features(body))
        except NotGeoJson:
            continue
