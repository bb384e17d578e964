"""Options of the database connection, with the limits after which it gives up."""

from typing import Any

# Limits that PostgreSQL applies for each connection, and their settings. 0 means no limit.
SERVER_LIMITS = {
    "lock_timeout": "DATABASE_LOCK_SECONDS",
    "statement_timeout": "DATABASE_STATEMENT_SECONDS",
    "idle_in_transaction_session_timeout": "DATABASE_IDLE_SECONDS",
}
# How long a connection stays open. Reading the URL sets 0, which opens one for each request.
OPEN_SECONDS = 60
PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"


def with_options(database: dict[str, Any], limits: dict[str, int]) -> dict[str, Any]:
    """Return the settings of a database with the service's options.

    Options in the query of DATABASE_URL take precedence over those set here.

    Args:
        limits: seconds by the name of their setting.
    """
    if "sqlite" in database.get("ENGINE", ""):
        return database | _sqlite(database.get("OPTIONS", {}))
    return database | _postgresql(database.get("OPTIONS", {}), limits)


def _sqlite(options: dict[str, Any]) -> dict[str, Any]:
    return {
        # A new connection reads the whole schema, which takes a third of the time of a short page.
        "CONN_MAX_AGE": OPEN_SECONDS,
        "OPTIONS": {
            # Writers lock when their transaction begins, so that they queue instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            **options,
            "init_command": f"{PRAGMAS} {options.get('init_command', '')}".rstrip(),
        },
    }


def _postgresql(options: dict[str, Any], limits: dict[str, int]) -> dict[str, Any]:
    flags = [
        f"-c {name}={limits[setting] * 1000}" for name, setting in SERVER_LIMITS.items() if limits[setting]
    ]
    if "options" in options:
        # The last one of two counts.
        flags.append(options["options"])
    return {
        # A new connection for each request costs more than its queries.
        "CONN_MAX_AGE": OPEN_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # PostgreSQL plans a prepared statement only once; for a list that joins ten tables, that halves the time.
            "server_side_binding": True,
            "prepare_threshold": 5,
            "connect_timeout": limits["DATABASE_CONNECT_SECONDS"],
            **options,
            **({"options": " ".join(flags)} if flags else {}),
        },
    }
