"""Refusals of the policy loader: each names the file, the version, the field, and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """Where in the policy folders something stands."""

    file: str
    version: str = ""
    field: str = ""

    def at_version(self, version: str) -> Spot:
        return Spot(self.file, version, self.field)

    def at_field(self, field: str) -> Spot:
        return Spot(self.file, self.version, f"{self.field}.{field}" if self.field else field)

    def __str__(self) -> str:
        version = f", version {self.version!r}" if self.version else ""
        field = f", field {self.field!r}" if self.field else ""
        return f"{self.file}{version}{field}"


class PolicyError(ValueError):
    """A policy file cannot be used; `problem` says what is wrong, `remedy` what to do about it."""

    def __init__(self, spot: Spot, problem: str, remedy: str) -> None:
        super().__init__(f"{spot}: {problem}. {remedy}.")
        self.spot = spot
        self.problem = problem
        self.remedy = remedy


class NoPolicyInForce(PolicyError):
    """The day asked for lies outside every version of at least one part of the profile."""
