"""What our own codes say of a person or a place, whatever form they were printed in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonCode:
    """A person's public code, believed as it was read."""

    code: str


@dataclass(frozen=True, slots=True)
class VenueCode:
    """A venue's public code."""

    code: str
