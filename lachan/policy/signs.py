"""From which values on a measured sign is one: everywhere the same, at gates, in declarations and in monitoring."""

from __future__ import annotations

from dataclasses import dataclass

from lachan.policy.basis import RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class SignsPolicy(RuleSet):
    """Degrees Celsius, percent, beats and breaths a minute. What alarms is `below` or `above`, the limit itself not; a
    pulse alarms outside `pulse_low` to `pulse_high`."""

    fever_above: float
    spo2_below: int
    pulse_low: int
    pulse_high: int
    breaths_above: int

    def is_fever(self, temperature: float | None) -> bool:
        """Whether a temperature, if one was taken, is a fever."""
        return temperature is not None and temperature > self.fever_above
