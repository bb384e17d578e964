from tests.api.clients import council, leicester

__all__ = ["council", "leicester"]
