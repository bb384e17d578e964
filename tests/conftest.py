from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase

from audit import triggers


@pytest.fixture(scope="session", autouse=True)
def flush_past_the_triggers() -> Iterator[None]:
    """Let the rows of a transactional test be flushed, which the ledger's triggers refuse, and put them back."""
    flush = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        triggers.drop(connection)
        try:
            flush(case)
        finally:
            triggers.create(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield
