"""What web and issuer may read and write, asked of PostgreSQL on real connections as those roles."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg import sql
from psycopg.conninfo import make_conninfo

from lachan.core import bulk, clock, presences, retention
from lachan.core.models import Delivery, EventRow
from lachan.issuer import commands, keys, roles, signing, vault
from lachan.issuer.models import Compromise, Intent, Signature, SignerKey
from lachan.issuer.tests.conftest import AT, SECRET, office_at
from lachan.platform import jobs
from lachan.platform.tasks import send_waiting_messages
from tests.town import build, moment

pytestmark = pytest.mark.django_db(transaction=True)


def as_administrator() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@pytest.fixture
def shared(transactional_db: None) -> None:
    """The roles exist and have their grants, as after `lachan migrate`."""
    if not as_administrator():
        pytest.skip("making roles needs an administrator of the server; the embedded one is run as such")
    with connection.cursor() as cursor:
        for name in roles.missing():
            cursor.execute(f"CREATE ROLE {name} LOGIN")
    assert roles.grant()


def connected(role: str) -> "psycopg.Connection[Any]":
    """A connection of its own, signed in as `role`."""
    given = connection.settings_dict
    address = make_conninfo(dbname=given["NAME"], user=role, host=given["HOST"], port=given["PORT"])
    return psycopg.connect(address, autocommit=True)


@contextmanager
def working_as(role: str) -> Iterator[None]:
    """Django's own connection with the rights of `role`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def tables() -> list[str]:
    return sorted(name for name in connection.introspection.table_names() if name.startswith("issuer_"))


def test_the_web_cannot_read_private_keys(shared: None) -> None:
    office_at().key()
    with connected(roles.WEB) as web:
        assert web.execute("SELECT has_table_privilege('issuer_privatekey', 'SELECT')").fetchone() == (False,)
        for statement in (
            "SELECT sealed FROM issuer_privatekey",
            "SELECT count(*) FROM issuer_privatekey",
            "COPY issuer_privatekey TO STDOUT",
            "INSERT INTO issuer_privatekey (key_id, token_label) VALUES (1, 'mine')",
            "SET ROLE lachan_issuer",
            "ALTER TABLE issuer_privatekey OWNER TO lachan_web",
            "GRANT SELECT ON issuer_privatekey TO lachan_web",
            "CREATE TABLE public.mine (sealed bytea)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement)
    with connected(roles.ISSUER) as issuer:
        assert issuer.execute("SELECT count(*) FROM issuer_privatekey").fetchone() == (1,)


def about(table: str, *statements: str) -> list[sql.Composed]:
    """The statements about a table of the issuer's, written `{t}`."""
    return [sql.SQL(text).format(t=sql.Identifier(f"issuer_{table}")) for text in statements]


def refused(somebody: "psycopg.Connection[Any]", statements: list[sql.Composed]) -> None:
    for statement in statements:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            somebody.execute(statement)


@pytest.mark.parametrize("table", ["signature", "unsigned", "signerkey", "authority", "publication"])
def test_the_web_reads_what_the_issuer_writes_and_cannot_write_it(shared: None, table: str) -> None:
    writes = about(
        table, "INSERT INTO {t} SELECT * FROM {t}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE", "DROP TABLE {t} CASCADE",
        "ALTER TABLE {t} DISABLE TRIGGER ALL",
    )  # fmt: skip
    with connected(roles.WEB) as web:
        [count] = about(table, "SELECT count(*) FROM {t}")
        assert web.execute(count).fetchone() == (0,)
        refused(web, writes)


@pytest.mark.parametrize("table", roles.LEDGER.split())
def test_the_issuer_reads_the_ledger_and_cannot_write_it(shared: None, table: str) -> None:
    column = {"stop": "reason", "foreignsigner": "kid"}.get(table, "event_id")
    writes = about(
        table, "INSERT INTO {t} SELECT * FROM {t}", "UPDATE {t} SET " + column + " = NULL", "DELETE FROM {t}",  # noqa: S608 (a column of ours)
        "SELECT * FROM {t} FOR UPDATE",
    )  # fmt: skip
    with connected(roles.ISSUER) as issuer:
        [count] = about(table, "SELECT count(*) FROM {t}")
        assert issuer.execute(count).fetchone() == (0,)
        refused(issuer, writes)


def test_the_issuer_sees_nothing_else_of_anybody(shared: None) -> None:
    """Beside its own tables it reads who acts and which migrations ran; it appends events without reading them."""
    with connected(roles.ISSUER) as issuer:
        readable = issuer.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v')"
            " AND has_table_privilege(oid, 'SELECT') ORDER BY 1"
        ).fetchall()
    names = {name for (name,) in readable}
    of_the_desk = {"issuer_recallrequest", "issuer_batchorder"}
    assert names == {*tables(), "core_actor", "django_migrations"} - of_the_desk


def test_the_web_owns_nothing(shared: None) -> None:
    with connected(roles.WEB) as web:
        owned = web.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        ).fetchone()
        special = web.execute(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert (owned, special) == ((0,), (False,))


def test_a_certificate_comes_about_between_the_two_roles(shared: None) -> None:
    office = office_at()
    office.key_in_use()
    person = office.person()
    with working_as(roles.WEB):
        certificate = office.request(office.record(person=person))
        with pytest.raises(ProgrammingError), transaction.atomic():
            signing.sign_batch(keyring=office.keyring, at=AT)
    with working_as(roles.ISSUER):
        assert signing.sign_batch(keyring=office.keyring, at=AT) == 1
        with pytest.raises(ProgrammingError, match="permission denied"):
            office.request(certificate.record)
    assert Signature.objects.get(intent=certificate).text.startswith("HC1:")


def test_the_issuer_keeps_its_keys_with_its_own_role(shared: None) -> None:
    office = office_at()
    with working_as(roles.ISSUER):
        key = office.key_in_use()
        office.key_in_use()
        keys.retire(key=key, actor=office.system, at=AT)
        with pytest.raises(ProgrammingError), transaction.atomic():
            SignerKey.objects.filter(pk=key.pk).update(certificate=b"another")
    with working_as(roles.WEB):
        commands.declare_compromised(key=key, reason="stolen", actor=office.operator, at=AT)
        commands.stop_issuing(reason="drill", actor=office.operator, at=AT)
        commands.resume_issuing(actor=office.colleague, at=AT)
    assert Compromise.objects.get().key_id == key.pk


def test_a_key_that_the_web_slips_in_is_no_key(shared: None) -> None:
    """Even the owner's mistake of granting it: what is not sealed by the key file does not open."""
    office = office_at()
    key = office.key_in_use()
    other = vault.seal_key(keys.NewKey.of_algorithm("ES256").private, bytes(key.kid), bytes(32))  # type: ignore[arg-type]
    with pytest.raises(vault.CannotUseKey, match="key-file-of-another"):
        vault.unseal_key(other, bytes(key.kid), SECRET)


def test_the_whole_loop_runs_as_the_web(shared: None) -> None:
    town = build()
    with working_as(roles.WEB), transaction.atomic():
        ill, met = town.resident("Trần Thị Hoa"), town.resident("Lê Văn Ba", sex="m")
        for person in (ill, met):
            town.visit(person, town.market, moment(0, 9))
        town.test(ill, outcome="positive", at=moment(2, 8))
        town.loop(moment(2, 8))
        presences.ensure_days_ahead(at=moment(90))
        bulk.refresh_statistics(EventRow, changed=10_000)
        jobs.defer(send_waiting_messages)
        retention.purge(at=moment(365 * 8))
    assert EventRow.objects.filter(kind="OrderIssued").count() == 2
    assert not any(day < clock.local_date(moment(365 * 8 - 60)) for day in presences.partitions().values())
    assert not Delivery.objects.exists()


FORGE = """
    INSERT INTO issuer_intent (uvci, record_id, person_id, kind, payload, digest, issuer, issued_at, expires_at,
        replaces_id, first_of_record, event_id, requested_by_id, requested_at)
    SELECT 'URN:UVCI:01:VN:FORGED#X', record_id, person_id, kind, p, sha256(p), issuer, issued_at, expires_at, id,
        false, event_id, requested_by_id, requested_at
    FROM issuer_intent, convert_to(replace(convert_from(payload, 'UTF8'), '"dn":2', '"dn":1'), 'UTF8') p RETURNING id
"""


def test_an_intent_by_another_hand_is_not_signed(shared: None) -> None:
    """The web, taken over, may write intents; the issuer signs only what a record says, for its validity at most."""
    office = office_at()
    office.key_in_use()
    certificate = office.request()
    with working_as(roles.WEB), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGE)
        forged = cursor.fetchone()[0]
        cursor.execute("INSERT INTO issuer_waiting VALUES (%s)", [forged])
    with working_as(roles.ISSUER):
        signing.sign_batch(keyring=office.keyring, at=AT)
    assert Intent.objects.get(pk=forged).unsigned.code == "payload-not-of-record"
    assert Intent.objects.get(pk=certificate.pk).signature.text
