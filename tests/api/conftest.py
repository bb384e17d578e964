from typing import Any

from tests.api.clients import council, leicester

__all__ = ["council", "leicester"]


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Tell apart what Schemathesis gives one and the same id: parallel processes play each id once."""
    for item in items:
        if label := getattr(item, "operation_label", None):
            item._id = item.id.with_params(label)
