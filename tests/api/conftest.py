from typing import Any

from tests.api.clients import council, leicester
from tests.harness import DATABASE

__all__ = ["council", "leicester"]
# What is asked about there is the doors, which know no database; importing Schemathesis alone takes seconds.
collect_ignore = [] if DATABASE == "sqlite" else ["test_contract.py"]


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Tell apart what Schemathesis gives one and the same id: parallel processes play each id once."""
    for item in items:
        if label := getattr(item, "operation_label", None):
            item._id = item.id.with_params(label)
