"""What an answer is where a choice of `fields` was asked for: exactly these, each as the whole has it.

The description has the whole, for a schema cannot depend on a parameter; the parameter's text says the rest.
"""

from typing import Any

import jsonschema

from web.openapi import description


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    part: dict[str, Any] = description()["components"]["schemas"][name] if name else schema
    return part


def narrow(schema: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Return what a schema becomes by a choice: its own fields, or those of a page's rows."""
    whole = resolved(schema)
    if results := whole["properties"].get("results"):
        rows = {**results, "items": narrow(results["items"], names)}
        return {**whole, "properties": {**whole["properties"], "results": rows}}
    properties = {name: whole["properties"][name] for name in names}
    return {**whole, "properties": properties, "required": names, "additionalProperties": False}


def checked(schema: dict[str, Any], value: Any) -> None:
    """Compare a value with a schema that refers to the structures of the description."""
    jsonschema.Draft202012Validator({**schema, "components": description()["components"]}).validate(value)
