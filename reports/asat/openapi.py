from typing import Any

# Paths of the operations that the middleware's API routes serve.
PATHS = tuple(
    f"/api/v1/{rows}/{one}" for rows in ("actions", "plans", "recommendations") for one in ("", "{id}/")
)
AS_AT = {
    "name": "as_at",
    "in": "query",
    "schema": {"type": "string", "minLength": 1, "example": "2019-10-08"},
    "description": "Read the record as it stood at the end of this day in London, or at this time with its zone.",
}


def describe_as_at(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Describe the parameter `as_at` of the resources that can be read as at a past moment."""
    for path in PATHS:
        result["paths"][path]["get"].setdefault("parameters", []).append(AS_AT)
    return result
