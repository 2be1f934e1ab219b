"""Tools that know no epidemic: database, jobs, idempotency, messages, translations."""
