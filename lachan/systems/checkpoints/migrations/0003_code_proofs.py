import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

MARKS = [
    "early", "late", "duplicate", "unknown_code", "revoked_device", "clock_wrong", "no_entry", "unsigned",
    "signature_wrong", "live_code_expired", "already_here", "impossible_travel",
]  # fmt: skip


class Migration(migrations.Migration):
    """What speaks against a code becomes a mark; each post takes a code of a telephone once."""

    dependencies = [("checkpoints", "0002_national_qr")]

    operations = [
        migrations.CreateModel(
            name="LiveCodeUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nonce", models.BinaryField(max_length=16)),
                ("used_at", models.DateTimeField(db_index=True)),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.place",
                    ),
                ),
                (
                    "scan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="live_code",
                        to="checkpoints.scan",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="livecodeuse",
            constraint=models.UniqueConstraint(fields=["place", "nonce"], name="live_code_once_a_post"),
        ),
        migrations.RemoveConstraint(model_name="scan", name="scan_marks_known"),
        migrations.AlterField(
            model_name="scan",
            name="marks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=24), default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(marks__contained_by=MARKS), name="scan_marks_known"
            ),
        ),
    ]
