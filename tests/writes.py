"""The former place of these names, for tests that still import them from here."""

from tests.support.ledger_checks import verify_after_writes as whole_where_written

__all__ = ["whole_where_written"]
