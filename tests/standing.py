"""What stands for a whole module of tests: put up once, in a transaction of its own, and taken down with the module.

    house = standing(build)  # a fixture of the module: `build` is called once, `house` is what it returned

Each test that also asks for `db` plays in a savepoint of that transaction. Rows are as they were before each test; the
objects in memory are shared, so a test that changes them takes a copy. No test of such a module may open a second
connection: on SQLite the module's transaction holds the only lock.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction, or a savepoint inside one, of which nothing stays."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def standing(build: Callable[[], Any]) -> Any:
    @pytest.fixture(scope="module")
    def stands(django_db_setup: None, django_db_blocker: Any) -> Generator[Any, None, None]:
        with django_db_blocker.unblock(), rolled_back():
            yield build()

    return stands
