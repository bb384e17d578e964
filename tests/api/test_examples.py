"""Whatever the API's description shows as sent or answered is as the description says it must be."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

from tests.api.test_description import described, operations

__all__ = ["described"]


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from operation.get("requestBody", {}).get("content", {}).values()
    for status, response in operation["responses"].items():
        if status < "300":
            yield from response.get("content", {}).values()


def test_every_example_is_true(described: dict[str, Any]) -> None:
    wrong, names = [], set()
    for name, operation in operations(described).items():
        for body in bodies(operation):
            for title, example in body.get("examples", {}).items():
                names.add(name)
                schema = {**body["schema"], "components": described["components"]}
                for error in Draft202012Validator(schema).iter_errors(example["value"]):
                    wrong.append(f"{name}, {title}: {error.json_path} {error.message}")
    assert wrong == []
    assert {"list_pillars", "get_evidence", "add_evidence", "request_date", "decide_date_request"} <= names
    assert {"answer_dependency", "close_dependency", "change_milestone", "submit_action"} <= names
