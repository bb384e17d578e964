"""The former place of these names, for tests that still import them from here."""

from tests.support.lazy_people import lazy_people, services

__all__ = ["lazy_people", "services"]
