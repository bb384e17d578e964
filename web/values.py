"""Named enums in the OpenAPI description, so that client generators create one type for each."""

from collections.abc import Iterator
from typing import Any

from drf_spectacular.plumbing import load_enum_name_overrides

Schema = dict[str, Any]


def name_values(result: Schema, **_: Any) -> Schema:
    """Replace every enum by a reference to a named one. The generator calls this at the end.

    The settings name the enums that several structures share. Others get the name of the first field that has them,
    in responses before requests. Parameters with the same values use the same name.
    """
    schemas: Schema = result["components"]["schemas"]
    chosen: dict[str, str] = load_enum_name_overrides()
    names: dict[frozenset[str], str] = {}
    for owner, field, schema in sorted(_sets(schemas), key=lambda each: _is_sent(schemas[each[0]])):
        values = frozenset(schema["enum"]) - {None}
        own = owner + "".join(word.capitalize() for word in field.split("_"))
        names.setdefault(values, chosen.get(schema.get("x-spec-enum-id", ""), own))
    sets = [schema for *_, schema in _sets(schemas)]
    for schema in [*sets, *_parameters(result)]:
        values = [value for value in schema["enum"] if value is not None]
        if name := names.get(frozenset(values)):
            named = schemas.setdefault(name, {"type": "string", "enum": values})
            if set(named.get("enum", ())) != set(values):
                raise ValueError(f"{name} is already in use: name these values in ENUM_NAME_OVERRIDES")
            _refer(schema, name)
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result


def _is_sent(schema: Schema) -> bool:
    return schema.get("additionalProperties") is False


def _sets(schemas: Schema) -> Iterator[tuple[str, str, Schema]]:
    for owner, structure in schemas.items():
        for field, schema in structure.get("properties", {}).items():
            if "enum" in schema:
                yield owner, field, schema


def _parameters(result: Schema) -> Iterator[Schema]:
    for operation in (each for methods in result["paths"].values() for each in methods.values()):
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"].get("items", parameter["schema"])
            if "enum" in schema:
                yield schema


def _refer(schema: Schema, name: str) -> None:
    may_be_null = None in schema["enum"]
    for key in ("enum", "type", "x-spec-enum-id"):
        schema.pop(key, None)
    reference = {"$ref": f"#/components/schemas/{name}"}
    if may_be_null:
        schema["oneOf"] = [reference, {"type": "null"}]
    elif schema:
        schema["allOf"] = [reference]
    else:
        schema.update(reference)
