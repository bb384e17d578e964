"""What stands for a whole module of tests: put up once, in a transaction of its own, and taken down with the module.

    house = standing(build)  # a fixture of the module: `house.base` is what `build` returned, called once

Each test that asks for `db` plays in a savepoint of that transaction, so its rows are as they were before. The objects in
memory are shared: a test that changes them takes a copy. Where tests differ in what they begin with, a fixture that is
asked for before `db` puts that scene on the house, where it stays until another is wanted.

No test of such a module may open a second connection: on SQLite the module's transaction holds the only lock.
"""

from collections.abc import Callable, Generator, Hashable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connection, transaction


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction, or a savepoint inside one, of which nothing stays."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


class House:
    """What stands, and the scene that is on, in a savepoint of its own."""

    def __init__(self, base: Any) -> None:
        self.base = base
        self.on: Hashable = None
        self.scene: Any = None
        self.stage = ExitStack()

    def put_on(self, name: Hashable, build: Callable[[], Any]) -> Any:
        if self.on != name:
            self.clear()
            self.stage.enter_context(rolled_back())
            self.scene = build()
            self.on = name
        return self.scene

    def clear(self) -> None:
        self.on = self.scene = None
        self.stage.close()


def standing(build: Callable[[], Any]) -> Any:
    @pytest.fixture(scope="module")
    def stands(django_db_setup: None, django_db_blocker: Any) -> Generator[House, None, None]:
        with django_db_blocker.unblock(), rolled_back():
            house = House(build())
            # What PostgreSQL leaves until the end of a transaction is done here, not once after every test.
            connection.check_constraints()
            try:
                yield house
            finally:
                house.clear()

    return stands
