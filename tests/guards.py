"""The former place of these names, for tests that still import them from here."""

from tests.support.guards import Watch, WriteOnGetError, table_written

__all__ = ["Watch", "WriteOnGetError", "table_written"]
