import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """An officer takes a lot back on the ground of their own area."""

    dependencies = [("issuer", "0004_one_a_record")]

    operations = [
        migrations.AddField(
            model_name="recallrequest",
            name="area",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.area",
            ),
        ),
    ]
