import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Evidence is never changed: what no longer stands is voided by a row of its own (decision 0003).
APPEND_ONLY_SQL = """
CREATE FUNCTION tracing_finding_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND coalesce(current_setting('lachan.retention', true), '') = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'findings are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER tracing_finding_append_only BEFORE UPDATE OR DELETE ON tracing_casefinding
    FOR EACH ROW EXECUTE FUNCTION tracing_finding_append_only();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0001_core"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "classification",
                    models.CharField(
                        choices=[
                            ("suspect", "Suspect case"),
                            ("probable", "Probable case"),
                            ("confirmed", "Confirmed case (F0)"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("onset_on", models.DateField(null=True)),
                ("first_positive_at", models.DateTimeField(null=True)),
                ("isolated_at", models.DateTimeField(null=True)),
                ("infectious_from", models.DateTimeField(null=True)),
                ("infectious_until", models.DateTimeField(null=True)),
                ("reported_at", models.DateTimeField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "joined_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joined",
                        to="tracing.case",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="core.person"
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pcr", "Positive PCR"),
                            ("antigen", "Positive antigen test"),
                            ("symptoms", "Symptoms"),
                            ("diagnosis", "Diagnosis by a clinician"),
                            ("epi_link", "Contact with a case or stay in an outbreak area"),
                            ("import", "Confirmed in an imported list"),
                            ("isolated", "Isolated"),
                            ("negative", "Negative sample"),
                            ("voided", "Earlier finding no longer stands"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("event_id", models.UUIDField(null=True)),
                ("result_id", models.BigIntegerField(null=True)),
                ("ct", models.FloatField(null=True)),
                (
                    "symptoms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("onset_on", models.DateField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="tracing.case",
                    ),
                ),
                (
                    "voids",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="voided_by",
                        to="tracing.casefinding",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("first_exposed_at", models.DateTimeField()),
                ("exposed_at", models.DateTimeField()),
                ("found_at", models.DateTimeField()),
                ("found_event", models.UUIDField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("case-withdrawn", "the case was withdrawn"),
                            ("source-cleared", "the contact in between tested negative"),
                            ("became-case", "became a case"),
                            ("merged", "the record was merged with another"),
                            ("follow-up-ended", "the days of follow-up are over"),
                            ("no-exposure", "no exposure that counts is left"),
                        ],
                        max_length=16,
                    ),
                ),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contacts", to="core.person"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.person"
                    ),
                ),
                (
                    "tracer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CrowdNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("people", models.PositiveIntegerField()),
                ("found_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="tracing.case"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.place"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("minutes", models.PositiveIntegerField()),
                ("masked", models.BooleanField(null=True)),
                ("closed_space", models.BooleanField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("co-presence", "At the same place at the same time"),
                            ("residence", "Live, work or learn together"),
                            ("interview", "Named in an interview"),
                            ("import", "From an imported list"),
                        ],
                        max_length=12,
                    ),
                ),
                ("setting", models.CharField(blank=True, max_length=20)),
                (
                    "presence_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), default=list, size=None
                    ),
                ),
                ("ref", models.CharField(blank=True, max_length=60)),
                ("event_id", models.UUIDField()),
                ("found_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawn_reason", models.CharField(blank=True, max_length=200)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.person"
                    ),
                ),
                (
                    "person_root",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.person",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.place",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.person",
                    ),
                ),
                (
                    "source_root",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.person",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FollowUpCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("called_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("reached", "Reached"),
                            ("no_answer", "No answer"),
                            ("wrong_number", "Wrong number"),
                            ("refused", "Would not talk"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "symptoms",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("next_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "called_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.actor"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="tracing.contact",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("sent_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=300)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="tracing.case",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
                    ),
                ),
                (
                    "from_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.area"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.actor"
                    ),
                ),
                (
                    "to_area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.area"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HandOverContact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="tracing.contact",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="tracing.handover",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NegativeTest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("result_id", models.BigIntegerField(unique=True)),
                ("collected_at", models.DateTimeField()),
                ("event_id", models.UUIDField()),
                ("voided_by", models.UUIDField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.person",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.person",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-opened_at", "-id"], name="case_by_age"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True), ("ended_at__isnull", True), ("joined_to__isnull", True)
                ),
                fields=("root",),
                name="case_one_live_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", True), models.Q(("classification", "withdrawn"), _negated=True)
                    ),
                    models.Q(("classification", "withdrawn"), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="case_closed_when_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("classification", "confirmed"), _negated=True),
                    ("infectious_from__isnull", False),
                    _connector="OR",
                ),
                name="case_confirmed_has_a_window",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("infectious_until__isnull", True),
                    ("infectious_until__gte", models.F("infectious_from")),
                    _connector="OR",
                ),
                name="case_window_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("joined_to__isnull", True),
                    models.Q(("joined_to", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="case_not_joined_to_itself",
            ),
        ),
        migrations.AddIndex(
            model_name="casefinding",
            index=models.Index(
                condition=models.Q(("result_id__isnull", False)),
                fields=["result_id"],
                name="finding_of_result",
            ),
        ),
        migrations.AddConstraint(
            model_name="casefinding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event_id__isnull", False)),
                fields=("event_id", "kind"),
                name="finding_once_an_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="casefinding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voids__isnull", False)), fields=("voids",), name="finding_voided_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="casefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "voided"), ("voids__isnull", False)),
                    models.Q(models.Q(("kind", "voided"), _negated=True), ("voids__isnull", True)),
                    _connector="OR",
                ),
                name="finding_voids_when_it_says_so",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["level", "found_at", "id"],
                name="contact_live",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("person",),
                name="contact_one_live_a_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gte", 1), ("level__lte", 9)), name="contact_level_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("person")), _negated=True),
                name="contact_of_somebody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("exposed_at__gt", models.F("first_exposed_at"))),
                name="contact_exposure_forward",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="contact_ended_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_at__isnull", True), ("tracer__isnull", True)),
                    models.Q(("taken_at__isnull", False), ("tracer__isnull", False)),
                    _connector="OR",
                ),
                name="contact_taken_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="crowdnotice",
            constraint=models.UniqueConstraint(fields=("case", "place", "from_at"), name="notice_once"),
        ),
        migrations.AddConstraint(
            model_name="crowdnotice",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at__gt", models.F("from_at"))), name="notice_period_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.UniqueConstraint(
                fields=("source", "person", "place", "starts_at", "kind"),
                name="exposure_found_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="exposure_period_forward"
            ),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("person")), _negated=True),
                name="exposure_between_different_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True)),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        ("withdrawn_by__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="exposure_withdrawn_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("next_at__isnull", True), ("next_at__gt", models.F("called_at")), _connector="OR"
                ),
                name="call_next_is_later",
            ),
        ),
        migrations.AddConstraint(
            model_name="followupcall",
            constraint=models.CheckConstraint(
                condition=models.Q(("symptoms__len", 0), ("outcome", "reached"), _connector="OR"),
                name="call_symptoms_when_reached",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("decided_at__isnull", True)), fields=["to_area"], name="handover_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_area", models.F("to_area")), _negated=True),
                name="handover_between_different_areas",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("acknowledged_at__isnull", True), ("acknowledged_by__isnull", True)),
                    models.Q(
                        ("acknowledged_at__gte", models.F("sent_at")), ("acknowledged_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="handover_acknowledged_after_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("accepted__isnull", True), ("decided_at__isnull", True), ("decided_by__isnull", True)
                    ),
                    models.Q(
                        ("accepted__isnull", False),
                        ("decided_at__gte", models.F("acknowledged_at")),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="handover_decided_after_acknowledged",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted__isnull", True),
                    ("accepted", True),
                    models.Q(("decision_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="handover_declined_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_at__isnull", True), ("acknowledged_at__isnull", False), _connector="OR"
                ),
                name="handover_acknowledged_before_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case__isnull", False), ("decided_at__isnull", True)),
                fields=("case",),
                name="handover_of_a_case_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="handovercontact",
            constraint=models.UniqueConstraint(fields=("handover", "contact"), name="handover_contact_once"),
        ),
        migrations.AddIndex(
            model_name="negativetest",
            index=models.Index(fields=["root", "collected_at"], name="negative_of_root"),
        ),
        migrations.AddIndex(
            model_name="negativetest",
            index=models.Index(fields=["person"], name="negative_of_person"),
        ),
        migrations.RunSQL(APPEND_ONLY_SQL, "DROP FUNCTION tracing_finding_append_only CASCADE"),
    ]
