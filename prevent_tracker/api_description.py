"""What the description of the API says about itself, and how it names values."""

from typing import Any


def settings(version: str) -> dict[str, Any]:
    return {
        "TITLE": "Prevent Tracker API",
        "DESCRIPTION": (
            "Read the Prevent actions that your organisation leads or supports, and the recommendations they respond to. Add "
            "progress updates, answer requests and follow changes."
        ),
        "VERSION": version,
        "OAS_VERSION": "3.1.0",
        "SCHEMA_PATH_PREFIX": "/api/v1",
        "COMPONENT_SPLIT_REQUEST": True,
        "POSTPROCESSING_HOOKS": [
            *("web.openapi.describe_headers", "web.openapi.describe_refusals", "web.values.name_values"),
            "reports.asat.openapi.describe_as_at",
        ],
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "ENUM_NAME_OVERRIDES": {
            "ActionState": "actions.core.states.State",
            "Marking": "standards.marking.CHOICES",
            "Rag": "standards.rag.CHOICES",
            "RecommendationState": "inspections.core.states.State",
            "RegisterState": "inspections.core.states.RegisterState",
            "RequestState": "actions.core.states.RequestState",
            "ReturnState": "returns.states.ReturnState",
        },
        "OAUTH2_FLOWS": ["clientCredentials"],
        "OAUTH2_TOKEN_URL": "/oauth/token/",
    }
