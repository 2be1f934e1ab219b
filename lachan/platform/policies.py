"""The policy in force in this installation: the profile that settings name, as of a day."""

from datetime import date

from django.conf import settings

from lachan.policy import Policy, load


def at(day: date) -> Policy:
    """The rules of `day`. Raises lachan.policy.NoPolicyInForce before the first version."""
    return load(settings.LACHAN_POLICY, overlay=settings.LACHAN_POLICY_OVERLAY).at(day)
