"""The former place of these names, for tests that still import them from here."""

from tests.support.rendering import without_content, without_context

__all__ = ["without_content", "without_context"]
