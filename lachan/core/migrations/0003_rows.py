from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("core", "0002_owners_work")]
    operations = [
        migrations.AddField("presence", "row_from", models.SmallIntegerField(null=True)),
        migrations.AddField("presence", "row_to", models.SmallIntegerField(null=True)),
        migrations.AddConstraint(
            "presence",
            models.CheckConstraint(
                condition=Q(row_from__isnull=True, row_to__isnull=True)
                | Q(row_from__gte=0, row_to__gte=F("row_from")),
                name="presence_rows_forward",
            ),
        ),
    ]
