from django.db import migrations

# Neither the web nor the issuer may delete from the ledger. This deletes what ended a year ago by the server's own
# clock, whoever asks for more: a certificate that may still be shown keeps its revocation.
FORGET = """
CREATE FUNCTION issuer_forget(before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint[];
    total integer := 0;
    was text := coalesce(current_setting('lachan.retention', true), '');
BEGIN
    PERFORM set_config('lachan.retention', 'on', true);
    LOOP
        SELECT array_agg(e.id) INTO gone FROM (
            SELECT i.id FROM issuer_intent i WHERE i.expires_at < least(before, now() - interval '365 days')
                AND NOT EXISTS (SELECT FROM issuer_intent s WHERE s.replaces_id = i.id) LIMIT 10000) e;
        EXIT WHEN gone IS NULL;
        DELETE FROM issuer_waiting WHERE intent_id = ANY (gone);
        DELETE FROM issuer_signature WHERE intent_id = ANY (gone);
        DELETE FROM issuer_unsigned WHERE intent_id = ANY (gone);
        DELETE FROM issuer_revocation WHERE intent_id = ANY (gone);
        DELETE FROM issuer_intent WHERE id = ANY (gone);
        total := total + cardinality(gone);
    END LOOP;
    PERFORM set_config('lachan.retention', was, true);
    RETURN total;
END $$;
REVOKE EXECUTE ON FUNCTION issuer_forget(timestamptz) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """Certificates that ended long ago are forgotten, by a function that takes nobody's word for the time."""

    dependencies = [("issuer", "0005_recall_area")]

    operations = [migrations.RunSQL(FORGET, "DROP FUNCTION issuer_forget(timestamptz)")]
