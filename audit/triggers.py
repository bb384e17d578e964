"""Database triggers that make a ledger append-only for everyone: entries and checkpoints are never changed or
removed, a ledger keeps its name, and its head never goes back nor changes its digest in its place.

A migration that alters one of these tables must call `create` again afterwards: SQLite alters a table by making it
anew, without its triggers. Verification notes a missing one.
"""

from typing import Any

APPEND_ONLY = ("audit_entry", "audit_checkpoint")
LEDGER = "audit_ledger"
# Never changed, and removed only when it is old.
READS = "audit_read"
READS_STAY_DAYS = 90
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""
# Conditions on OLD and NEW under which a change of a ledger's row is refused.
MOVED_BACK = (
    "NEW.sequence < OLD.sequence OR (NEW.sequence = OLD.sequence AND NEW.digest <> OLD.digest)"
    " OR NEW.name <> OLD.name OR NEW.id <> OLD.id"
)


def create(connection: Any) -> None:
    """Create every trigger that is not there."""
    drop(connection)
    _run(connection, _create_statements(connection.vendor))


def drop(connection: Any) -> None:
    """Remove the triggers, for what must write past them: a test's flush, a restore."""
    suffix = {
        name: f" ON {table}" if connection.vendor == "postgresql" else ""
        for name, table in _names(connection)
    }
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}{on}" for name, on in suffix.items()])


def missing(connection: Any) -> list[str]:
    """Return the names of the triggers that the database lacks."""
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return [name for name, _ in _names(connection) if name not in there]


def _names(connection: Any) -> list[tuple[str, str]]:
    """Return (trigger, table) of every trigger the database should have."""
    events = ["update", "delete"] + (["truncate"] if connection.vendor == "postgresql" else [])
    names = [(f"{table}_no_{event}", table) for table in APPEND_ONLY for event in events]
    reads = [(f"{READS}_no_{event}", READS) for event in ("update", "delete")]
    return [*names, *reads, (f"{LEDGER}_onwards", LEDGER)]


def _create_statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [POSTGRESQL_FUNCTION, *_postgresql()]
    if vendor == "sqlite":
        return _sqlite()
    raise NotImplementedError(f"The ledger is not protected on {vendor}.")


def _postgresql() -> list[str]:
    refuse = "EXECUTE FUNCTION audit_refuse()"
    statements = [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} FOR EACH {each} {refuse}"
        for table in APPEND_ONLY
        for event, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT"))
    ]
    onwards = (
        f"CREATE TRIGGER {LEDGER}_onwards BEFORE UPDATE ON {LEDGER} FOR EACH ROW WHEN ({MOVED_BACK}) {refuse}"
    )
    new = f"OLD.at > now() - interval '{READS_STAY_DAYS} days'"
    reads = [
        f"CREATE TRIGGER {READS}_no_update BEFORE UPDATE ON {READS} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {READS}_no_delete BEFORE DELETE ON {READS} FOR EACH ROW WHEN ({new}) {refuse}",
    ]
    return [*statements, *reads, onwards]


def _sqlite() -> list[str]:
    statements = [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {event.upper()} refused'); END"
        for table in APPEND_ONLY
        for event in ("update", "delete")
    ]
    onwards = (
        f"CREATE TRIGGER {LEDGER}_onwards BEFORE UPDATE ON {LEDGER} WHEN {MOVED_BACK} "
        f"BEGIN SELECT RAISE(ABORT, '{LEDGER} only goes onwards: UPDATE refused'); END"
    )
    new = f"OLD.at > datetime('now', '-{READS_STAY_DAYS} days')"
    reads = [
        f"CREATE TRIGGER {READS}_no_{event} BEFORE {event.upper()} ON {READS} {condition}"
        f"BEGIN SELECT RAISE(ABORT, '{READS} is append-only: {event.upper()} refused'); END"
        for event, condition in (("update", ""), ("delete", f"WHEN {new} "))
    ]
    return [*statements, *reads, onwards]


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
