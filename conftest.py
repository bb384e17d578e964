"""What every test needs once Django is set up. tests/support/harness.py decides where the tests run."""

import string
from collections.abc import Generator
from typing import Any

import pytest
from django.db import connections
from django.middleware import csrf
from django.test import TransactionTestCase

from audit import triggers
from tests.support import rendering, template_database

pytest_plugins = ["tests.cast", "tests.support.lazy_people", "tests.support.secret_log"]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> None:
    """A migrated database of this process's own, in place of pytest-django's. It is removed with its directory or server."""
    with django_db_blocker.unblock():
        template_database.copy_for_this_process(connections["default"])


@pytest.fixture(scope="session", autouse=True)
def let_the_flush_empty_append_only_tables() -> Generator[None, None, None]:
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
def record_the_context_of_pages_only(django_test_environment: None) -> Generator[None, None, None]:
    with rendering.with_page_context_only():
        yield


@pytest.fixture(scope="session", autouse=True)
def spell_nothing_in_tokens_of_forms() -> Generator[None, None, None]:
    """Many tests look for a short reference such as CT4 that must not be on a page: tokens have no capital and no digit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csrf, "CSRF_ALLOWED_CHARS", string.ascii_lowercase)
        yield
