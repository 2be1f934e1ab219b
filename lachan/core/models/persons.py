"""Persons and what identifies them."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from lachan.core.models.areas import Area


class Sex(models.TextChoices):
    MALE = "m"
    FEMALE = "f"
    OTHER = "x"
    UNKNOWN = ""


class Person(models.Model):
    """One row a person, one opaque `code`, one QR.

    `merged_into` always names the root of a merge group (never a chain), and is empty for the root.
    Whether an identity is verified is not stored here: it follows from verified identifiers.
    """

    code = models.CharField(max_length=17, unique=True)
    name = models.CharField(max_length=200)
    search_key = models.CharField(max_length=200)
    birth_year = models.PositiveSmallIntegerField(null=True)
    birth_month = models.PositiveSmallIntegerField(null=True)
    birth_day = models.PositiveSmallIntegerField(null=True)
    sex = models.CharField(max_length=1, choices=Sex, blank=True)
    home_area = models.ForeignKey(Area, on_delete=models.PROTECT, null=True)
    address = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, default="vi")
    registered_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_from")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="person_has_a_name"),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True) | Q(birth_month__isnull=False),
                name="person_birth_day_has_month",
            ),
            models.CheckConstraint(
                condition=Q(birth_month__isnull=True)
                | Q(birth_year__isnull=False, birth_month__gte=1, birth_month__lte=12),
                name="person_birth_month_has_year",
            ),
            models.CheckConstraint(
                condition=Q(birth_day__isnull=True) | Q(birth_day__gte=1, birth_day__lte=31),
                name="person_birth_day_is_a_day",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="person_not_merged_into_itself",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="person_search"),
            models.Index(fields=["home_area", "search_key"], name="person_by_home"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def root_id(self) -> int:
        """The id that stands for this person after merges."""
        return self.merged_into_id or self.id


class IdentifierKind(models.TextChoices):
    NATIONAL_ID = "national_id"
    OLD_ID = "old_id"
    PASSPORT = "passport"
    HEALTH_INSURANCE = "health_insurance"
    PHONE = "phone"
    REFERENCE = "reference"


SHARED_KINDS = (IdentifierKind.PHONE,)


class Identifier(models.Model):
    """A number that points at a person; sealed at rest, found by its blind index.

    A verified number names one person. A claimed one may be claimed twice: that is a reason to look, not an error.
    A phone may be shared by a family.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(max_length=20, choices=IdentifierKind)
    blind_index = models.BinaryField(max_length=16)
    sealed = models.BinaryField(max_length=200)
    verified_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "blind_index"], name="identifier_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["kind", "blind_index"],
                condition=Q(verified_at__isnull=False) & ~Q(kind__in=SHARED_KINDS),
                name="identifier_verified_names_one_person",
            ),
        ]
        indexes = [models.Index(fields=["blind_index"], name="identifier_lookup")]


class PersonMerge(models.Model):
    """Two records found to be one person. Undoing fills `undone_at`; nothing is ever lost."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey("core.Actor", on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey("core.Actor", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_two_different_persons"),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_live_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
        ]
