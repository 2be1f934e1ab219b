from django.db import migrations, models
from django.db.models import Q

# Those that replace a certificate on their own record do not begin its chain.
MARK = """
ALTER TABLE issuer_intent DISABLE TRIGGER issuer_append_only;
UPDATE issuer_intent i SET first_of_record = false
    FROM issuer_intent p WHERE p.id = i.replaces_id AND p.record_id = i.record_id;
ALTER TABLE issuer_intent ENABLE TRIGGER issuer_append_only;
"""
GUARD = """
CREATE FUNCTION issuer_intent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n JOIN issuer_intent p ON p.id = n.replaces_id
               WHERE NOT n.first_of_record AND p.record_id <> n.record_id) THEN
        RAISE EXCEPTION 'the certificate violates "intent_replaces_one_of_its_record"'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'intent_replaces_one_of_its_record';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER issuer_intent_guard AFTER INSERT ON issuer_intent REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION issuer_intent_guard();
"""


class Migration(migrations.Migration):
    """One certificate that counts on each record, by the database: the certificates on a record are one chain."""

    dependencies = [("issuer", "0003_foreign_lists")]

    operations = [
        migrations.AddField(
            model_name="intent", name="first_of_record", field=models.BooleanField(default=True)
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="intent", name="intent_first_once_a_record"),
        migrations.AddConstraint(
            model_name="intent",
            constraint=models.UniqueConstraint(
                condition=Q(first_of_record=True), fields=["record"], name="intent_first_once_a_record"
            ),
        ),
        migrations.AddConstraint(
            model_name="intent",
            constraint=models.CheckConstraint(
                condition=Q(first_of_record=True) | Q(replaces__isnull=False),
                name="intent_first_or_replaces_one",
            ),
        ),
        migrations.RunSQL(GUARD, "DROP FUNCTION issuer_intent_guard CASCADE"),
    ]
