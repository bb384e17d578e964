"""Two roles of the database: one owns the tables and migrates them, the other serves and cannot touch the record's protection."""

from typing import Any

from psycopg import sql

from audit.triggers import APPEND_ONLY, LEDGER, READS

# What changes in a ledger's row when an entry is appended.
LEDGER_COLUMNS = ("sequence", "digest", "last_at")
MIGRATIONS = "django_migrations"


def role_statements(*, owner: str, service: str, database: str) -> list[str]:
    """Return what a superuser runs once, before the first migration. Passwords are set apart."""
    return _compose(
        [
            "CREATE ROLE {owner} LOGIN NOSUPERUSER NOCREATEROLE",
            "CREATE ROLE {service} LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB",
            "ALTER DATABASE {database} OWNER TO {owner}",
            "GRANT CONNECT ON DATABASE {database} TO {service}",
        ],
        owner=owner,
        service=service,
        database=database,
    )


def grant_statements(*, service: str) -> list[str]:
    """Return what the owner runs after each migration: rows of the service's tables, and of the ledger only new ones."""
    columns = ", ".join(LEDGER_COLUMNS)
    only_new = ", ".join(APPEND_ONLY)
    return _compose(
        [
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {service}",
            "GRANT USAGE ON SCHEMA public TO {service}",
            "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {service}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {service}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {service}",
            f"REVOKE UPDATE, DELETE ON {only_new}, {LEDGER} FROM {{service}}",
            f"REVOKE UPDATE ON {READS} FROM {{service}}",
            f"GRANT UPDATE ({columns}) ON {LEDGER} TO {{service}}",
            f"REVOKE INSERT, UPDATE, DELETE ON {MIGRATIONS} FROM {{service}}",
        ],
        service=service,
    )


def is_superuser(connection: Any) -> bool:
    """Return whether the service's own role could do anything: read and rewrite everything, and lift the triggers."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _compose(statements: list[str], **names: str) -> list[str]:
    identifiers = {name: sql.Identifier(value) for name, value in names.items()}
    return [sql.SQL(statement).format(**identifiers).as_string() for statement in statements]
