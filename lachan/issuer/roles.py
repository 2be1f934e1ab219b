"""Who may read and write which table (decision 0012).

Three roles: the owner of the tables, who migrates; the web, which writes what is asked for and can neither read private
keys nor write signatures; the issuer, which reads the ledger without writing it, and signs. Names are those of an
installation's server; a server without them works as one role, and `lachan doctor` says what that means.
"""

from collections.abc import Iterator

from django.db import connection

WEB, ISSUER = "lachan_web", "lachan_issuer"
LEDGER = "record withdrawal intent revocation revocationorder compromise stop foreignlist foreignsigner"
ISSUERS = "signature unsigned signerkey authority publication"
PRIVATE = "privatekey"


def creation() -> list[str]:
    """What the database's administrator runs once; passwords are theirs to set."""
    return [f"CREATE ROLE {role} LOGIN" for role in (WEB, ISSUER)]


def grants() -> list[str]:
    """What the owner of the tables runs after each migration (`lachan migrate` does)."""
    return [*_of_web(), *_of_issuer()]


def _tables(words: str) -> str:
    return ", ".join(f"issuer_{word}" for word in words.split())


def _of_web() -> Iterator[str]:
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"  # servers before 15 let everybody
    yield f"GRANT USAGE ON SCHEMA public TO {WEB}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {WEB}"
    yield f"REVOKE DELETE ON {_tables(LEDGER)} FROM {WEB}"
    yield f"REVOKE UPDATE, DELETE ON issuer_waiting FROM {WEB}"
    yield f"REVOKE INSERT, UPDATE, DELETE ON {_tables(ISSUERS)} FROM {WEB}"
    yield f"REVOKE ALL ON {_tables(PRIVATE)} FROM {WEB}"
    yield f"GRANT EXECUTE ON FUNCTION issuer_forget(timestamptz) TO {WEB}"


def _of_issuer() -> Iterator[str]:
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ISSUER}"
    yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {ISSUER}"
    yield f"GRANT USAGE ON SCHEMA public TO {ISSUER}"
    yield f"GRANT SELECT ON django_migrations, core_actor, {_tables(LEDGER)}, issuer_waiting TO {ISSUER}"
    yield f"GRANT UPDATE, DELETE ON issuer_waiting TO {ISSUER}"
    yield f"GRANT INSERT ON core_event, core_delivery TO {ISSUER}"
    yield f"GRANT SELECT, INSERT ON {_tables(ISSUERS)}, {_tables(PRIVATE)} TO {ISSUER}"
    yield f"GRANT UPDATE (published_at, use_from, use_until) ON issuer_signerkey TO {ISSUER}"
    yield f"GRANT DELETE ON issuer_publication TO {ISSUER}"


def missing() -> list[str]:
    """Those of the two roles that the server does not know."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[WEB, ISSUER]])
        known = {name for (name,) in cursor.fetchall()}
    return [role for role in (WEB, ISSUER) if role not in known]


def grant() -> bool:
    """Give the roles what is theirs, as the owner of the tables; False when the server does not know them."""
    if missing():
        return False
    with connection.cursor() as cursor:
        for statement in grants():
            cursor.execute(statement)
    return True


def web_reads_keys() -> bool:
    """Whether the role of this connection may read private keys."""
    return _may("issuer_privatekey", "SELECT")


def signs() -> bool:
    """Whether the role of this connection may store signatures."""
    return _may("issuer_signature", "INSERT")


def writes_ledger() -> bool:
    """Whether the role of this connection may write intents."""
    return _may("issuer_intent", "INSERT")


def _may(table: str, privilege: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s)", [table, privilege])
        return bool(cursor.fetchone()[0])
