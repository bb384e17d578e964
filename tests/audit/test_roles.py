"""The service's own database role can write the record and cannot rewrite it."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction

from audit.actors import SYSTEM
from audit.models import Checkpoint, Entry
from audit.roles import grant_statements, is_superuser, role_statements
from audit.services import checkpoint, verify
from audit.triggers import APPEND_ONLY, LEDGER, READS
from audit.verify import digest_of
from partners.models import Partnership
from prevent_tracker import operations
from tests.audit.conftest import AT, add_area, open_partnership

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL are there roles"),
]


@pytest.fixture
def service() -> Iterator[str]:
    """A service role for this test's database."""
    database = str(connection.settings_dict["NAME"])
    owner, service = f"{database}_owner", f"{database}_service"
    superuser = str(connection.settings_dict["USER"])
    with connection.cursor() as cursor:
        for statement in role_statements(owner=owner, service=service, database=database):
            cursor.execute(statement)
        for statement in grant_statements(service=service):
            cursor.execute(statement)
    yield service
    connection.close()
    connection.settings_dict["USER"] = superuser
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {database} OWNER TO {superuser}")
        for role in (service, owner):
            cursor.execute(f"DROP OWNED BY {role}")
            cursor.execute(f"DROP ROLE {role}")


@pytest.fixture
def partnership() -> Partnership:
    return open_partnership()


@pytest.fixture
def as_service(partnership: Partnership, service: str) -> None:
    """Serve as the service's role."""
    connection.close()
    connection.settings_dict["USER"] = service


def test_the_service_can_do_its_work(as_service: None, partnership: Partnership) -> None:
    assert not is_superuser(connection)
    add_area(partnership, "Leeds")
    verdict = verify(ledger=partnership.ledger)
    assert verdict.ok
    assert verdict.notes == []


PROTECTED = (*APPEND_ONLY, LEDGER, READS)
ATTACKS = [
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in PROTECTED),
    *(f"TRUNCATE {table} CASCADE" for table in PROTECTED),
    *(f"UPDATE {table} SET id = -id" for table in PROTECTED),
    *(f"DELETE FROM {table}" for table in (*APPEND_ONLY, LEDGER)),
    *(f"ALTER TABLE {table} OWNER TO CURRENT_USER" for table in PROTECTED),
    *(f"ALTER TABLE {table} ADD COLUMN extra text" for table in PROTECTED),
    f"DROP TRIGGER {READS}_no_delete ON {READS}",
    "ALTER TABLE audit_checkpoint DISABLE TRIGGER audit_checkpoint_no_delete",
    "DROP TRIGGER audit_entry_no_update ON audit_entry",
    "DROP TRIGGER audit_ledger_onwards ON audit_ledger",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DROP FUNCTION audit_refuse() CASCADE",
    "CREATE RULE quiet AS ON UPDATE TO audit_entry DO INSTEAD NOTHING",
    "UPDATE audit_entry SET note = 'rewritten', digest = repeat('0', 64)",
    "UPDATE audit_ledger SET name = 'Another'",
    "UPDATE audit_ledger SET sequence = 0",
    "ALTER TABLE audit_entry RENAME TO old_entry",
    "DROP TABLE audit_entry CASCADE",
    "CREATE TABLE audit_copy AS SELECT * FROM audit_entry",
    "DELETE FROM django_migrations",
    "UPDATE audit_read SET actor_label = 'Somebody else'",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    # PostgreSQL answers a grant that does nothing with a warning.
    "GRANT UPDATE ON audit_entry TO CURRENT_USER; UPDATE audit_entry SET note = 'rewritten'",
]


def test_history_cannot_be_rewritten_with_the_services_role(partnership: Partnership, service: str) -> None:
    entries = list(Entry.objects.values())
    parameters = connection.get_connection_params()
    states = {}
    with psycopg.connect(host=parameters["host"], dbname=parameters["dbname"], user=service) as attacker:
        for attack in ATTACKS:
            with pytest.raises(psycopg.Error) as error:
                attacker.execute(attack)
            states[attack] = error.value.sqlstate
            attacker.rollback()
    # The service counts a ledger on; that it cannot count back is the trigger's part.
    assert states.pop("UPDATE audit_ledger SET sequence = 0") == "23001"
    assert set(states.values()) == {"42501"}, states
    assert list(Entry.objects.values()) == entries
    assert verify(ledger=partnership.ledger).ok


def test_every_table_that_a_trigger_protects_is_attacked() -> None:
    protected = (
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'audit_refuse'::regproc"
    )
    with connection.cursor() as cursor:
        cursor.execute(protected)
        assert {table for (table,) in cursor.fetchall()} == set(PROTECTED)


def rewrite_history(partnership: Partnership) -> list[str]:
    """Statements that change what the first entry says and leave no trace: each later digest fits again, no checkpoint tells."""
    statements = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in (*APPEND_ONLY, LEDGER)]
    digest = ""
    for entry in Entry.objects.filter(ledger=partnership.ledger).order_by("sequence"):
        if digest:
            entry.previous_digest = digest
        else:
            entry.note = "rewritten"
        digest = digest_of(entry.content(partnership.ledger.name))
        statements.append(
            f"UPDATE audit_entry SET note = '{entry.note}', previous_digest = '{entry.previous_digest}', "
            f"digest = '{digest}' WHERE id = {entry.pk}"
        )
    statements.append(f"UPDATE audit_ledger SET digest = '{digest}' WHERE id = {partnership.ledger_id}")
    return [*statements, "DELETE FROM audit_checkpoint"]


def test_the_attack_that_rewrites_history_needs_a_superuser(partnership: Partnership, service: str) -> None:
    add_area(partnership, "Leeds")
    checkpoint(actor=SYSTEM, ledger=partnership.ledger, at=AT)
    attack = rewrite_history(partnership)
    # A superuser could: the ledger verifies, and only an exported checkpoint would tell.
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in attack:
            cursor.execute(statement)
        assert Entry.objects.get(ledger=partnership.ledger, sequence=1).note == "rewritten"
        partnership.ledger.refresh_from_db()
        assert verify(ledger=partnership.ledger).problems == []
        transaction.set_rollback(True)
    partnership.ledger.refresh_from_db()
    entries = list(Entry.objects.values())
    parameters = connection.get_connection_params()
    with psycopg.connect(host=parameters["host"], dbname=parameters["dbname"], user=service) as attacker:
        for statement in attack:
            # The service counts the head on when it writes; that the digest alone does not change is the trigger's part.
            head = statement.startswith("UPDATE audit_ledger")
            expected = psycopg.errors.RestrictViolation if head else psycopg.errors.InsufficientPrivilege
            with pytest.raises(expected):
                attacker.execute(statement)
            attacker.rollback()
    assert list(Entry.objects.values()) == entries
    assert Checkpoint.objects.count() == 1
    assert verify(ledger=partnership.ledger).ok


def test_the_command_prints_what_it_grants() -> None:
    out = StringIO()
    call_command("database_roles", service="tracker", stdout=out)
    text = out.getvalue()
    assert 'CREATE ROLE "tracker" LOGIN NOSUPERUSER' in text
    assert all(f"{statement};" in text for statement in grant_statements(service="tracker"))


def test_the_command_grants(service: str, partnership: Partnership) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {service}")
    call_command("database_roles", service=service, grant=True, stdout=StringIO())
    parameters: dict[str, Any] = connection.get_connection_params()
    with (
        psycopg.connect(host=parameters["host"], dbname=parameters["dbname"], user=service) as attacker,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        attacker.execute("TRUNCATE audit_entry")


def test_production_does_not_serve_as_a_superuser(as_service: None) -> None:
    operations.refuse_superuser()
    connection.close()
    connection.settings_dict["USER"] = "suite"
    with pytest.raises(ImproperlyConfigured, match="does not serve as a superuser"):
        operations.refuse_superuser()


def test_a_database_that_is_away_is_no_superuser(as_service: None, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nonexistent")
        operations.refuse_superuser()
