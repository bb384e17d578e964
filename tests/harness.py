"""The former place of these names, for tests that still import them from here."""

from tests.support.harness import DATABASE

__all__ = ["DATABASE"]
