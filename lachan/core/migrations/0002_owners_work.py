"""What only the owner of the tables may do, as functions: the web does not own them (decision 0012)."""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION core_make_partition(name text, from_at timestamptz, to_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF name !~ '^core_presence_[0-9]{8}$' THEN
        RAISE EXCEPTION 'no partition of presences: %', name USING ERRCODE = 'invalid_parameter_value';
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE core_presence INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
    EXECUTE format('ALTER TABLE core_presence ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, from_at, to_at);
END $$;

CREATE FUNCTION core_drop_partition(name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
        WHERE inhparent = 'core_presence'::regclass AND c.relname = name
    ) THEN
        RAISE EXCEPTION 'no partition of presences: %', name USING ERRCODE = 'undefined_table';
    END IF;
    EXECUTE format('DROP TABLE %I', name);
END $$;

CREATE FUNCTION core_analyze(names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('ANALYZE %I', name);
    END LOOP;
END $$;
"""
UNDO = "DROP FUNCTION core_make_partition; DROP FUNCTION core_drop_partition; DROP FUNCTION core_analyze"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_core")]
    operations = [migrations.RunSQL(FUNCTIONS, UNDO)]
