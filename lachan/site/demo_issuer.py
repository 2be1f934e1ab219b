"""The demo's issuer: an authority and keys that nobody in the world trusts, and some certificates to look at.

The names say that it is a demo. Its authority's file lies in the data folder with a passphrase that everybody knows,
and its keys are dated back, so that they sign at once instead of after their week.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings

from lachan.core import actors, clock
from lachan.core.models import Person, Place, PlaceKind
from lachan.issuer import authority_file, commands, keys, rules, vault
from lachan.issuer.models import Authority, Record
from lachan.platform.folders import data_folder

NAME = "DEMO, not a real certificate"
PASSPHRASE = "la-chan-demo-authority"  # noqa: S105 (known on purpose)
CERTIFIED = 300
BACK = timedelta(days=8)
VACCINE = rules.Dose(
    vaccine="1119349007", product="EU/1/20/1528", manufacturer="ORG-100030215", number=2, of=2
)


def make() -> None:
    """Authority, two keys for certificates, one for lists, and certificates of some people; once."""
    if Authority.objects.exists():
        return
    file, key_file = data_folder() / "demo-authority.key", data_folder() / "issuer-key"
    file.unlink(missing_ok=True)
    if not key_file.exists():
        vault.make_key_file(key_file)
    at = clock.now()
    country = settings.ISSUER_COUNTRY
    made = keys.make_authority(country=country, name=NAME, file=file, passphrase=PASSPHRASE, at=at - 2 * BACK)
    _keys(made, file_key=vault.read_key_file(key_file), private=authority_file.read(file, PASSPHRASE), at=at)
    _certify(at)


def _keys(authority: Authority, *, file_key: bytes, private: vault.SigningKey, at: datetime) -> None:
    actor = actors.system(at=at)
    for purpose, age in (("certificates", 2 * BACK), ("certificates", BACK), ("lists", BACK)):
        key = keys.make_signer(
            authority=authority, authority_key=private, new=keys.NewKey.of_algorithm("ES256"), encryption_key=file_key,
            actor=actor, at=at - age, purpose=purpose,
        )  # fmt: skip
        keys.publish(key=key, actor=actor, at=at - age)


def _certify(at: datetime) -> None:
    """A dose for each of some people, and the wish for its certificate; the issuer signs as it starts."""
    actor, day = actors.system(at=at), clock.local_date(at) - timedelta(days=30)
    site = Place.objects.filter(kind__in=[PlaceKind.VACCINATION_SITE, PlaceKind.HEALTH_STATION]).first()
    for person in Person.objects.filter(merged_into__isnull=True).order_by("pk")[:CERTIFIED]:
        _dose(person, site, day, at)
    for _done in commands.request_batch(records=Record.objects.all(), actor=actor, at=at):
        pass


def _dose(person: Person, site: Place | None, day: date, at: datetime) -> None:
    commands.record_backing(
        facts=VACCINE, person=person, happened_on=day, source="demo", reference=f"dose:{person.pk}", lot="DEMO-1",
        place=site, actor=actors.system(at=at), at=at,
    )  # fmt: skip
