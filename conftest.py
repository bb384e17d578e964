"""What every test stands on, once Django is set up. Where it runs is decided in tests/harness.py."""

from collections.abc import Generator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from audit import triggers

pytest_plugins = ["tests.cast"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep SQLite's test database in a file: tests race two real connections, and a live server has its own."""
    default = connections["default"].settings_dict
    if "sqlite" in default["ENGINE"]:
        default["TEST"]["NAME"] = str(Path(settings.DATA_DIR) / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Leave the database to the end of the run: its directory or its whole server goes then, connections and all."""
    return True


@pytest.fixture(scope="session", autouse=True)
def append_only_rows_give_way_to_the_flush() -> Generator[None, None, None]:
    """Let transactional tests empty the ledger's tables: the triggers that forbid it step aside for the flush only."""
    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(case: TransactionTestCase) -> None:
        connection = connections["default"]
        triggers.drop(connection)
        try:
            flush(case)
        finally:
            triggers.create(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
