from django.db import migrations, models

DOUBTFUL = ["signature_wrong", "live_code_expired", "already_here", "impossible_travel"]


class Migration(migrations.Migration):
    """Codes in doubt are few among many scans, and asked for by each desk."""

    dependencies = [("checkpoints", "0003_code_proofs")]

    operations = [
        migrations.AddIndex(
            model_name="scan",
            index=models.Index(
                fields=["happened_at"], condition=models.Q(marks__overlap=DOUBTFUL), name="scan_in_doubt"
            ),
        ),
    ]
