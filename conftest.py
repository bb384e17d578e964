"""What every test stands on, once Django is set up. Where it runs is decided in tests/harness.py."""

from collections.abc import Generator
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from audit import triggers
from tests import moulds, printing

pytest_plugins = ["tests.cast", "tests.lazy"]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> None:
    """A migrated database of this process's own, in place of pytest-django's. It goes with its directory or server."""
    with django_db_blocker.unblock():
        moulds.copy_for_this_process(connections["default"])


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


@pytest.fixture(scope="session", autouse=True)
def parts_of_pages_are_printed_as_in_production(django_test_environment: None) -> Generator[None, None, None]:
    with printing.with_context_of_pages_alone():
        yield
