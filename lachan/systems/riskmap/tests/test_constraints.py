"""What the rules refuse, the database refuses too: each constraint broken on purpose."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from lachan.systems.riskmap.models import Boundary, Input, Proposal, Signature
from lachan.systems.riskmap.tests.conftest import (
    NINE,
    QUIET,
    WEEK,
    commune,
    officer,
    proposed,
    recorded,
    signed,
)

pytestmark = pytest.mark.django_db


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("name", "figure", "change"),
    [
        ("input_figure_known", "cases", {"figure": "rumours"}),
        ("input_source_known", "cases", {"source": "hearsay"}),
        ("input_week_begins_on_monday", "cases", {"week_on": WEEK + timedelta(days=1)}),
        ("input_part_of_a_whole", "aged_full", {"amount": 101}),
        ("input_part_of_a_whole", "aged_full", {"amount": 0, "of": 0}),
        ("input_coverage_of_so_many", "aged_full", {"of": None}),
    ],
)
def test_a_figure_is_whole(name: str, figure: str, change: dict[str, Any]) -> None:
    recorded(commune(), QUIET)
    with refuses(name):
        Input.objects.filter(figure=figure).update(**change)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("proposal_level_of_four", {"level": 5}),
        ("proposal_level_of_four", {"by_figures": None}),
        ("proposal_says_what_is_missing", {"level": None, "by_figures": None}),
        ("proposal_says_what_is_missing", {"missing": ["cases"]}),
        ("proposal_week_begins_on_monday", {"week_on": WEEK + timedelta(days=2)}),
    ],
)
def test_a_proposal_is_a_level_or_says_what_is_missing(name: str, change: dict[str, Any]) -> None:
    recorded(commune(), QUIET)
    row = proposed(commune())
    with refuses(name):
        Proposal.objects.filter(pk=row.pk).update(**change)


def test_a_revision_is_made_once() -> None:
    recorded(commune(), QUIET)
    row = proposed(commune())
    row.pk = None
    with refuses("proposal_once_a_revision"):
        row.save()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("signature_level_of_four", {"level": 0}),
        ("signature_period_forward", {"to_on": WEEK}),
        ("signature_period_forward", {"from_on": WEEK}),
        ("signature_other_level_has_a_reason", {"reason": ""}),
        ("signature_other_level_has_a_reason", {"reason": "", "proposed": 2}),
        ("signature_withdrawn_whole", {"withdrawn_at": NINE}),
        ("signature_withdrawn_whole", {"withdrawal_reason": "why not"}),
    ],
)
def test_a_signature_is_whole(name: str, change: dict[str, Any]) -> None:
    row = signed()
    with refuses(name):
        Signature.objects.filter(pk=row.pk).update(**change)


def test_two_levels_for_one_area_and_day_cannot_both_stand() -> None:
    row = signed()
    row.pk = None
    row.from_on += timedelta(days=3)
    with refuses("signature_one_an_area_a_day"):
        row.save()


def test_a_boundary_says_whose_it_is() -> None:
    with refuses("boundary_has_a_source"):
        Boundary.objects.create(area=commune(), rings=[], source="", imported_at=NINE, imported_by=officer())
