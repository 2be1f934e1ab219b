"""People before the line: they register, the province decides, the district invites. States are computed."""

from django.db import models
from django.db.models import F, Q

from lachan.core.models import Actor, Area, Person
from lachan.systems.vaccination.models.lots import by
from lachan.systems.vaccination.models.sessions import Session

SOURCES = ("citizen", "commune", "organisation")
CLOSINGS = ("rejected", "withdrawn", "joined")
ANSWERS = ("", "accepted", "declined")
ENDS = ("", "declined", "session-cancelled", "withdrawn", "joined", "over")


class RegistrationList(models.Model):
    """A list that an organisation handed in. `body` (sealed) is kept until its last row was read.

    `rows` have been read so far: `taken` + `refused`; `already` of those taken were registered before.
    """

    organisation = models.CharField(max_length=200)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.CharField(max_length=10)
    ending = models.CharField(max_length=4)
    digest = models.BinaryField(max_length=32)
    body = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+", db_index=False)
    moved_at = models.DateTimeField()
    rows = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    already = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], condition=Q(failure=""), name="list_taken_once"),
            models.CheckConstraint(condition=Q(organisation__regex=r"\S"), name="list_of_an_organisation"),
            models.CheckConstraint(
                condition=Q(rows=F("taken") + F("refused"), already__lte=F("taken")), name="list_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) ^ Q(body__isnull=True), name="list_kept_until_read"
            ),
            models.CheckConstraint(
                condition=Q(failure="") | Q(finished_at__isnull=False), name="list_failed_is_finished"
            ),
        ]
        indexes = [models.Index(fields=["area", "-uploaded_at"], name="list_of_area")]


class ListError(models.Model):
    """Why a row of a list was refused; `number` as a spreadsheet counts."""

    of_list = models.ForeignKey(RegistrationList, on_delete=models.CASCADE, related_name="errors")
    number = models.PositiveIntegerField()
    column = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=40)
    words = models.CharField(max_length=400)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of_list", "number"], name="list_error_once_a_row")]


class Registration(models.Model):
    """A person asks to be vaccinated; `group` is a code of the policy's groups, `area` where they want it.

    Open until withdrawn or rejected: after a dose it stands for the next one. One open registration a person: where two
    records were joined the other one is closed as joined to it. `record` is the record under which it was registered,
    where that was joined to the person's since.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="vaccination_registrations")
    record = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    joined_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    group = models.CharField(max_length=10)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=[(s, s) for s in SOURCES])
    organisation = models.CharField(max_length=200, blank=True)
    of_list = models.ForeignKey(
        RegistrationList, on_delete=models.PROTECT, null=True, related_name="registrations"
    )
    note = models.CharField(max_length=500, blank=True)
    registered_at = models.DateTimeField()
    registered_by = by()
    closed_at = models.DateTimeField(null=True)
    closed_by = by(null=True)
    closing = models.CharField(max_length=10, blank=True, choices=[(c, c) for c in CLOSINGS])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at__isnull=True), name="registration_one_open_a_person"
            ),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="registration_source_known"),
            models.CheckConstraint(
                condition=~Q(source="organisation") | Q(organisation__regex=r"\S"),
                name="registration_of_a_named_organisation",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, closing="")
                | Q(closed_at__isnull=False, closed_by__isnull=False, closing__in=CLOSINGS)
                & Q(closed_at__gte=F("registered_at")),
                name="registration_closed_whole",
            ),
            models.CheckConstraint(
                condition=Q(closing="joined", joined_to__isnull=False) & ~Q(joined_to=F("pk"))
                | ~Q(closing="joined") & Q(joined_to__isnull=True),
                name="registration_joined_to_another",
            ),
        ]
        indexes = [models.Index(fields=["registered_at"], name="registration_by_time")]


class RegistrationDecision(models.Model):
    """The province approves and allocates to the health centre of `allocated`, or rejects with a reason.

    Without `allocated` it is a rejection. Allocated anew, the decision of before is replaced; at most one stands.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="decisions")
    reason = models.CharField(max_length=500, blank=True)
    allocated = models.ForeignKey(Area, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    decided_by = by()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(replaced_at__isnull=True), name="decision_one_stands"
            ),
            models.CheckConstraint(
                condition=Q(allocated__isnull=False, reason="")
                | Q(allocated__isnull=True, reason__regex=r"\S"),
                name="decision_allocates_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | Q(allocated__isnull=False),
                name="decision_rejection_stands",
            ),
        ]


class Invitation(models.Model):
    """A place of a session, from `slot_at`, for a person. Whoever has the `code` may answer.

    `closed_at` gives the place back, or notes (with `end` over) that the session had passed when they were asked anew.
    One open invitation a person; `cause` is the event of the invitation, by which texts are sent once.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="invitations")
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="vaccination_invitations")
    code = models.CharField(max_length=17, unique=True)
    slot_at = models.DateTimeField()
    cause = models.UUIDField(unique=True)
    invited_at = models.DateTimeField()
    invited_by = by()
    answer = models.CharField(max_length=8, blank=True, choices=[(a, a) for a in ANSWERS])
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=18, blank=True, choices=[(e, e) for e in ENDS])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(closed_at__isnull=True), name="invitation_one_open_a_person"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer__in=("accepted", "declined"), answered_at__isnull=False)
                & Q(answered_at__gte=F("invited_at")),
                name="invitation_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, end="")
                | Q(closed_at__isnull=False, end__in=ENDS[1:]) & Q(closed_at__gte=F("invited_at")),
                name="invitation_closed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer="declined") | Q(end="declined"), name="invitation_declined_is_closed"
            ),
        ]
        indexes = [models.Index(fields=["session", "slot_at"], name="invitation_by_slot")]
