"""The policies of a profile by day, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from lachan.policy.alarms import AlarmPolicy
from lachan.policy.arrivals import ArrivalPolicy
from lachan.policy.basis import Basis, RuleSet
from lachan.policy.checks import basis_fields, check
from lachan.policy.errors import PolicyError, Spot
from lachan.policy.feedback import FeedbackPolicy
from lachan.policy.model import (
    CheckpointPolicy,
    Policy,
    QuarantinePolicy,
    TestingPolicy,
    TracingPolicy,
)
from lachan.policy.reading import read_table
from lachan.policy.riskmap import RiskPolicy
from lachan.policy.signs import SignsPolicy
from lachan.policy.timeline import Timeline, lay_out
from lachan.policy.vaccination import VaccinationPolicy

P = TypeVar("P", bound=RuleSet)

HOME = Path(__file__).parent
PARTS = (
    "tracing",
    "quarantine",
    "testing",
    "checkpoints",
    "vaccination",
    "riskmap",
    "feedback",
    "arrivals",
    "signs",
    "alarms",
)
OPTIONAL = frozenset({"vaccination", "riskmap", "feedback", "arrivals"})


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """Every version of a profile, immutable; an optional part without a file is None."""

    profile: str
    tracing: Timeline[TracingPolicy]
    quarantine: Timeline[QuarantinePolicy]
    testing: Timeline[TestingPolicy]
    checkpoints: Timeline[CheckpointPolicy]
    signs: Timeline[SignsPolicy]
    alarms: Timeline[AlarmPolicy]
    vaccination: Timeline[VaccinationPolicy] | None = None
    riskmap: Timeline[RiskPolicy] | None = None
    feedback: Timeline[FeedbackPolicy] | None = None
    arrivals: Timeline[ArrivalPolicy] | None = None

    def at(self, day: date) -> Policy:
        """The rules in force on `day`. Raises NoPolicyInForce when a part that is not optional has none."""
        return Policy(
            tracing=self.tracing.at(day),
            quarantine=self.quarantine.at(day),
            testing=self.testing.at(day),
            checkpoints=self.checkpoints.at(day),
            signs=self.signs.at(day),
            alarms=self.alarms.at(day),
            vaccination=self.vaccination.find(day) if self.vaccination else None,
            riskmap=self.riskmap.find(day) if self.riskmap else None,
            feedback=self.feedback.find(day) if self.feedback else None,
            arrivals=self.arrivals.find(day) if self.arrivals else None,
        )


@cache
def profiles() -> tuple[str, ...]:
    """Names of the built-in profiles, e.g. "vn/covid19"."""
    return tuple(sorted(file.parent.relative_to(HOME).as_posix() for file in HOME.glob("*/*/tracing.toml")))


def load(profile: str = "vn/covid19", overlay: Path | None = None) -> PolicyBook:
    """The book of a built-in profile, with the versions of the folder `overlay` painted over it.

    Read once; an overlay is read again when one of its files changes. Raises PolicyError.
    """
    if profile not in profiles():
        raise PolicyError(Spot(profile), "there is no such profile", f"Use one of: {', '.join(profiles())}")
    return _load(profile, overlay, _fingerprint(overlay) if overlay else ())


@lru_cache(maxsize=16)
def _load(profile: str, overlay: Path | None, fingerprint: tuple[tuple[str, int, int], ...]) -> PolicyBook:
    return PolicyBook(
        profile,
        tracing=_timeline(TracingPolicy, "tracing", profile, overlay),
        quarantine=_timeline(QuarantinePolicy, "quarantine", profile, overlay),
        testing=_timeline(TestingPolicy, "testing", profile, overlay),
        checkpoints=_timeline(CheckpointPolicy, "checkpoints", profile, overlay),
        signs=_timeline(SignsPolicy, "signs", profile, overlay),
        alarms=_timeline(AlarmPolicy, "alarms", profile, overlay),
        vaccination=_optional(VaccinationPolicy, "vaccination", profile, overlay),
        riskmap=_optional(RiskPolicy, "riskmap", profile, overlay),
        feedback=_optional(FeedbackPolicy, "feedback", profile, overlay),
        arrivals=_optional(ArrivalPolicy, "arrivals", profile, overlay),
    )


def _fingerprint(overlay: Path) -> tuple[tuple[str, int, int], ...]:
    if not overlay.is_dir():
        raise PolicyError(
            Spot(str(overlay)), "this folder does not exist", "Make it, or start without an overlay"
        )
    for file in overlay.glob("*.toml"):
        if file.stem not in PARTS:
            raise PolicyError(
                Spot(str(file)), "no part has this name", f"Name the file one of: {', '.join(PARTS)}"
            )
    stats = ((file, file.stat()) for file in sorted(overlay.glob("*.toml")))
    return tuple((file.name, stat.st_mtime_ns, stat.st_size) for file, stat in stats)


def _timeline(cls: type[P], part: str, profile: str, overlay: Path | None) -> Timeline[P]:
    built_in = f"{profile}/{part}.toml"
    base: Timeline[P] = Timeline(built_in, ())
    if part not in OPTIONAL or (HOME / built_in).exists():
        base = timeline_of(cls, _parse(HOME / built_in, built_in), built_in)
    file = overlay / f"{part}.toml" if overlay else None
    if file is None or not file.exists():
        return base
    return base.painted_over_by(timeline_of(cls, _parse(file, str(file)), str(file), gaps_allowed=True))


def _optional(cls: type[P], part: str, profile: str, overlay: Path | None) -> Timeline[P] | None:
    folders = [HOME / profile, *([overlay] if overlay else [])]
    if not any((folder / f"{part}.toml").exists() for folder in folders):
        return None
    return _timeline(cls, part, profile, overlay)


def _parse(file: Path, name: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PolicyError(
            Spot(name), f"it cannot be read ({error.strerror})", "Check the file and its rights"
        ) from error
    except (ValueError, RecursionError) as error:  # bad UTF-8, bad TOML, brackets a thousand deep
        raise PolicyError(
            Spot(name), f"it is not TOML ({error})", "Correct the line it names; save as UTF-8"
        ) from error


def timeline_of(
    cls: type[P], document: Mapping[str, object], file: str, *, gaps_allowed: bool = False
) -> Timeline[P]:
    """The versions of one parsed TOML document. Raises PolicyError and nothing else."""
    spot = Spot(file)
    for name in document:
        if name != "version":
            raise PolicyError(
                spot.at_field(name), "this table is not known", "Begin each rule set with [[version]]"
            )
    tables = document.get("version")
    if not isinstance(tables, list) or not tables:
        raise PolicyError(spot.at_field("version"), "there is no version", "Write at least one [[version]]")
    complete = _extended(tables, spot)
    versions = [_version(cls, table, spot, index) for index, table in enumerate(complete)]
    return lay_out(file, versions, gaps_allowed=gaps_allowed)


def _extended(tables: Sequence[object], spot: Spot) -> list[object]:
    """A version that `extends` another has that one's rules, and its own in their place."""
    complete: list[object] = []
    for table in tables:
        if isinstance(table, dict) and "extends" in table:
            own = {name: value for name, value in table.items() if name != "extends"}
            at = spot.at_version(str(table.get("id"))).at_field("extends")
            complete.append(_rules_of(str(table["extends"]), complete, at) | own)
        else:
            complete.append(table)
    return complete


def _rules_of(extended: str, above: list[object], spot: Spot) -> dict[str, object]:
    """The rules of a version above, or of a built-in profile: "vn/covid19/ID"."""
    profile, _, wanted = extended.rpartition("/")
    for table in _built_in_versions(profile, Path(spot.file).stem, spot) if profile else above:
        if isinstance(table, dict) and table.get("id") == wanted:
            return {name: value for name, value in table.items() if name not in basis_fields()}
    raise PolicyError(
        spot,
        f"there is no version {extended!r}",
        "Name one that stands above, or as PROFILE/ID a built-in one",
    )


def _built_in_versions(profile: str, part: str, spot: Spot) -> list[object]:
    if profile not in profiles() or part not in PARTS:
        raise PolicyError(spot, f"there is no profile {profile!r}", f"Use one of: {', '.join(profiles())}")
    file = f"{profile}/{part}.toml"
    tables = _parse(HOME / file, file).get("version")
    return _extended(tables if isinstance(tables, list) else [], Spot(file))


def _version(cls: type[P], table: object, spot: Spot, index: int) -> P:
    if not isinstance(table, dict):
        raise PolicyError(spot.at_field("version"), f"{table!r} is not a table", "Begin it with [[version]]")
    spot = spot.at_version(str(table.get("id") or f"number {index + 1}"))
    names = basis_fields()
    basis = read_table(Basis, {name: value for name, value in table.items() if name in names}, spot)
    rest = {name: value for name, value in table.items() if name not in names}
    policy = read_table(cls, rest, spot, basis=basis)
    check(policy, spot)
    return policy
