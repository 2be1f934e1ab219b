"""Who sits at the desk of certificates in tests."""

from datetime import timedelta
from itertools import count

from django.contrib.auth.models import User
from django.test import Client

from lachan.core import actors
from lachan.core.models import Actor, Area, Role
from lachan.issuer.tests.conftest import AT, staff

_numbers = count(1)


def officer(area: Area, role: str = Role.CERTIFICATE_OFFICER) -> Actor:
    """Somebody posted over `area`."""
    actor = staff(f"{role} {next(_numbers)}")
    actor.user = User.objects.create(username=f"officer-{next(_numbers)}")
    actor.save()
    actors.post(actor, role, at=AT - timedelta(days=30), area=area)
    return actor


def browser_of(actor: Actor) -> Client:
    client = Client(raise_request_exception=False)
    assert actor.user is not None
    client.force_login(actor.user)
    return client
