"""Policies name kinds of place, but stand below the core: both lists are held equal here."""

from typing import get_args

from lachan.core.models.places import PlaceKind
from lachan.policy import model


def test_policies_know_every_kind_of_place_and_no_other() -> None:
    assert sorted(get_args(model.PlaceKind)) == sorted(PlaceKind.values)
