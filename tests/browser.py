"""The former place of these names, for tests that still import them from here."""

from tests.support.browser import ARGUMENTS, Axe, NewPage, chromium, launch, sideways_scroll

__all__ = ["ARGUMENTS", "Axe", "NewPage", "chromium", "launch", "sideways_scroll"]
