from django.db import migrations, models

MARKS = [
    "early", "late", "duplicate", "unknown_code", "revoked_device", "clock_wrong", "no_entry", "unsigned",
    "signature_wrong", "live_code_expired", "already_here", "impossible_travel", "certificate_invalid",
    "certificate_unsure", "certificate_positive",
]  # fmt: skip
DOUBTFUL = [
    "signature_wrong", "live_code_expired", "already_here", "certificate_invalid", "certificate_positive",
    "certificate_unsure", "impossible_travel",
]  # fmt: skip


class Migration(migrations.Migration):
    """Health certificates are shown at gates; what speaks against one becomes a mark, and stands among the doubts."""

    dependencies = [("checkpoints", "0004_scans_in_doubt")]

    operations = [
        migrations.AlterField(
            model_name="scan",
            name="payload",
            field=models.CharField(
                choices=[
                    ("person_code", "person's code"),
                    ("citizen_card", "citizen ID card"),
                    ("insurance_card", "health insurance card"),
                    ("national_qr", "national personal QR code"),
                    ("venue_code", "code of a place"),
                    ("certificate", "health certificate"),
                    ("by_hand", "entered by hand"),
                    ("self", "checked in by the visitor"),
                    ("unknown", "unknown code"),
                ],
                max_length=16,
            ),
        ),
        migrations.RemoveConstraint(model_name="scan", name="scan_marks_known"),
        migrations.AddConstraint(
            model_name="scan",
            constraint=models.CheckConstraint(
                condition=models.Q(marks__contained_by=MARKS), name="scan_marks_known"
            ),
        ),
        migrations.RemoveIndex(model_name="scan", name="scan_in_doubt"),
        migrations.AddIndex(
            model_name="scan",
            index=models.Index(
                fields=["happened_at"], condition=models.Q(marks__overlap=DOUBTFUL), name="scan_in_doubt"
            ),
        ),
    ]
