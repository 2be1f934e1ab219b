import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_owners_work"),
        ("issuer", "0001_issuer"),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchOrder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lot", models.CharField(blank=True, max_length=20)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("total", models.PositiveIntegerField()),
                ("done", models.PositiveIntegerField(default=0)),
                ("ordered_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "key",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="issuer.signerkey",
                    ),
                ),
                (
                    "ordered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("key__isnull", True), ("lot__gt", ""), ("place__isnull", True)),
                            models.Q(
                                ("ends_on__gt", models.F("starts_on")),
                                ("key__isnull", True),
                                ("lot", ""),
                                ("place__isnull", False),
                            ),
                            models.Q(("key__isnull", False), ("lot", ""), ("place__isnull", True)),
                            _connector="OR",
                        ),
                        name="batch_order_names_what_it_is_for",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finished_at__isnull", True),
                            ("finished_at__gte", models.F("ordered_at")),
                            _connector="OR",
                        ),
                        name="batch_order_finished_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecallRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("one", "One"),
                            ("record", "Record"),
                            ("lot", "Lot"),
                            ("place", "Place"),
                            ("key", "Key"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("corrected", "Corrected: another certificate took its place"),
                            ("record-withdrawn", "The dose, test or recovery does not hold"),
                            ("lot-recalled", "The lot was recalled"),
                            ("fraud", "Issued on false grounds"),
                            ("key-compromised", "The signing key may be in other hands"),
                            ("by-mistake", "Issued by mistake"),
                        ],
                        max_length=20,
                    ),
                ),
                ("evidence", models.CharField(max_length=200)),
                ("lot", models.CharField(blank=True, max_length=20)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("certificates", models.PositiveIntegerField()),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("agreed", models.BooleanField(null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.actor",
                    ),
                ),
                (
                    "key",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="issuer.signerkey",
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=["asked_at"],
                        name="recall_request_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("agreed__isnull", True),
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                            ),
                            models.Q(
                                ("agreed__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recall_request_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="recall_request_takes_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("key__isnull", True),
                                ("lot__gt", ""),
                                ("place__isnull", True),
                                ("scope", "lot"),
                            ),
                            models.Q(
                                ("ends_on__gt", models.F("starts_on")),
                                ("key__isnull", True),
                                ("lot", ""),
                                ("place__isnull", False),
                                ("scope", "place"),
                            ),
                            models.Q(
                                ("key__isnull", False), ("lot", ""), ("place__isnull", True), ("scope", "key")
                            ),
                            _connector="OR",
                        ),
                        name="recall_request_names_what_it_recalls",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("evidence", ""), _negated=True), name="recall_request_says_why"
                    ),
                ],
            },
        ),
    ]
