"""What rules refuse, the database refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lachan.centre.models import Counted, DayCount, Difference, Recount, SituationReport
from lachan.centre.situation.tests.conftest import NINE, TODAY, commune, country

pytestmark = pytest.mark.django_db


def refused(name: str, model: Any, **fields: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.create(**fields)


def recount() -> Recount:
    return Recount.objects.create(
        from_day=TODAY, to_day=TODAY + timedelta(days=1), made_at=NINE, events=0, cells=0
    )


def report(**change: Any) -> dict[str, Any]:
    fields = {"area": country(), "day": TODAY, "language": "vi", "as_of": NINE, "pdf": b"", "workbook": b""}
    return fields | change


def test_an_area_has_one_row_a_day() -> None:
    DayCount.objects.create(area=commune(), day=TODAY)
    refused("day_count_once_an_area", DayCount, area=commune(), day=TODAY)


def test_an_event_is_counted_once() -> None:
    number = uuid4()
    Counted.objects.create(event_id=number, area=commune(), counted_at=NINE)
    refused("centre_counted_pkey", Counted, event_id=number, area=country(), counted_at=NINE)


def test_a_recount_is_of_some_days() -> None:
    refused("recount_of_some_days", Recount, from_day=TODAY, to_day=TODAY, made_at=NINE, events=0, cells=0)


def test_a_difference_is_told_once_and_is_one() -> None:
    fields = {"recount": recount(), "area": commune(), "day": TODAY, "measure": "cases", "counted": 1}
    Difference.objects.create(**fields, recounted=2)
    refused("difference_told_once", Difference, **fields, recounted=3)
    refused("difference_is_one", Difference, **fields | {"measure": "tests"}, recounted=1)


def test_a_morning_has_one_report_in_a_language_that_is_ours() -> None:
    SituationReport.objects.create(**report())
    SituationReport.objects.create(**report(language="en"))
    refused("report_one_each_morning", SituationReport, **report())
    refused("situation_report_language", SituationReport, **report(language="fr"))
