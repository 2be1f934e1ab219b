"""Who acts: staff in postings, citizens, devices, programs, the system itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lachan.core.models.areas import Area
from lachan.core.models.persons import Person
from lachan.core.models.places import Place


class ActorKind(models.TextChoices):
    STAFF = "staff"
    CITIZEN = "citizen"
    DEVICE = "device"
    CLIENT = "client"
    SYSTEM = "system"


class Actor(models.Model):
    kind = models.CharField(max_length=8, choices=ActorKind)
    name = models.CharField(max_length=120)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, null=True)
    token_hash = models.BinaryField(max_length=32, null=True, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="system"), name="actor_one_system"),
            models.CheckConstraint(
                condition=~Q(kind="citizen") | Q(person__isnull=False), name="actor_citizen_is_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """Roles by what people do; what each may do stands in `lachan.core.roles`."""

    COMMUNE_OFFICER = "commune_officer", _("Commune officer")
    TRACER = "tracer", _("Contact tracer")
    SAMPLER = "sampler", _("Sample collector")
    LAB_TECHNICIAN = "lab_technician", _("Laboratory technician")
    LAB_VERIFIER = "lab_verifier", _("Laboratory verifier")
    GATE_GUARD = "gate_guard", _("Gate guard")
    SITE_MANAGER = "site_manager", _("Quarantine site manager")
    HEALTH_OFFICER = "health_officer", _("Health officer")
    EPIDEMIOLOGIST = "epidemiologist", _("Epidemiologist")
    CALL_AGENT = "call_agent", _("Call-centre agent")
    CERTIFICATE_OFFICER = "certificate_officer", _("Certificate officer")
    STORE_KEEPER = "store_keeper", _("Vaccine store keeper")
    VACCINE_OFFICER = "vaccine_officer", _("Vaccine officer")
    VACCINATOR = "vaccinator", _("Vaccinator")
    CENTRE_OFFICER = "centre_officer", _("Operations centre officer")
    BORDER_OFFICER = "border_officer", _("Border health officer")
    ADMINISTRATOR = "administrator", _("Administrator")


class Posting(models.Model):
    """A role over an area (and everything in it) or at one place, for a time."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="postings")
    role = models.CharField(max_length=20, choices=Role)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(area__isnull=False, place__isnull=True)
                | Q(area__isnull=True, place__isnull=False),
                name="posting_over_an_area_or_at_a_place",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="posting_period_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} – {self.area or self.place}"
