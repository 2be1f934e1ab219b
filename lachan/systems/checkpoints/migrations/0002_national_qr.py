from django.db import migrations, models


class Migration(migrations.Migration):
    """One more kind of reading, for the forms only: the column has no constraint on kinds."""

    dependencies = [("checkpoints", "0001_checkpoints")]

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
                    ("by_hand", "entered by hand"),
                    ("self", "checked in by the visitor"),
                    ("unknown", "unknown code"),
                ],
                max_length=16,
            ),
        ),
    ]
