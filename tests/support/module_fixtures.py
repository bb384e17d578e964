"""State shared by all tests of a module: built once, in a transaction that is rolled back after the module.

    module_state = module_fixture(build)  # `module_state.base` is what `build` returned, called once

Each test that asks for `db` runs in a savepoint of that transaction, so the rows stay as they were. The objects in memory
are shared: a test that changes them takes a copy. Where tests need different states, a fixture that is requested before
`db` switches to the state it needs, which stays until a test needs another.

No test of such a module may open a second connection: on SQLite the module's transaction holds the only lock.
"""

from collections.abc import Callable, Generator, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connection, transaction


@contextmanager
def rollback() -> Iterator[None]:
    """Open a transaction, or a savepoint inside one, and undo everything at its end."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


class ModuleState:
    """What the module's tests share, and the present state on top of it, in a savepoint of its own."""

    def __init__(self, base: Any) -> None:
        self.base = base
        self.name: Hashable = None
        self.state: Any = None
        self.savepoints = ExitStack()

    def switch_to(self, name: Hashable, build: Callable[[], Any]) -> Any:
        """Return the state of that name, built unless it is the present one."""
        if self.name != name:
            self.clear()
            self.savepoints.enter_context(rollback())
            self.state = build()
            self.name = name
        return self.state

    def clear(self) -> None:
        """Go back to what all the module's tests share."""
        self.name = self.state = None
        self.savepoints.close()


def module_fixture(build: Callable[[], Any]) -> Any:
    @pytest.fixture(scope="module")
    def module_state(django_db_setup: None, django_db_blocker: Any) -> Generator[ModuleState, None, None]:
        with django_db_blocker.unblock(), rollback():
            shared = ModuleState(build())
            # What PostgreSQL leaves until the end of a transaction is checked here, not once after every test.
            connection.check_constraints()
            try:
                yield shared
            finally:
                shared.clear()

    return module_state
