"""What is answered of many updates, of returns and of My work is what the description says of it, and so are its examples."""

from typing import Any

import jsonschema
import pytest

from actions.models import Action
from tests.api.clients import System, system_of
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from web.openapi import description

SCOPES = ["updates:write", "returns:read", "returns:write", "decisions:read"]
OPERATIONS = {each["operationId"]: each for path in description()["paths"].values() for each in path.values()}
MINE = (
    *("create_updates", "list_returns", "get_return", "fill_in_return", "submit_return", "question_return"),
    *("list_my_work", "list_decisions"),
    *("create_own_status", "create_register_status", "link_action", "unlink_action"),
)


def validate(schema: dict[str, Any] | str, value: Any) -> None:
    """Compare a value with a schema, or with the structure of that name."""
    named = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
    whole = {**named, "components": description()["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.bradford_district, scopes=SCOPES)


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True)


@pytest.mark.parametrize("name", MINE)
def test_the_examples_are_true(name: str) -> None:
    contents = [OPERATIONS[name].get("requestBody", {}).get("content", {})]
    contents += [
        response.get("content", {})
        for status, response in OPERATIONS[name]["responses"].items()
        if status < "300"
    ]
    bodies = [each["application/json"] for each in contents if "application/json" in each]
    assert all(each["examples"] for each in bodies)
    for each in bodies:
        for example in each["examples"].values():
            validate(each["schema"], example["value"])


def test_many_updates(system: System, action: Action) -> None:
    item = {"action": action.pk, "narrative": "Briefed.", "rag": "green"}
    answer = system.post("/updates/", {"mode": "each", "updates": [item, item | {"rag": "blue"}]})
    validate("UpdateResults", answer.json())
    problem = system.post("/updates/", {"mode": "all", "updates": [{**item, "version": 1}, {}]})
    validate("Problem", problem.json())


def test_a_return(cast: Cast, system: System, action: Action) -> None:
    path = f"/returns/{still_open(cast).pk}/"
    validate("PaginatedReturnList", system.get("/returns/").json())
    validate("ReturnWithRows", system.get(path).json())
    validate("Problem", system.post(f"{path}submit/", {}).json())
    row = {"action": action.pk, "narrative": "Parents ring 07700 900123.", "rag": "green", "percent": 80}
    response = system.patch(path, {"rows": [row], "sections": {"risks": "None."}}, etag="*")
    assert response.json()["findings"]
    validate("SavedReturn", response.json())
    validate("PaginatedTaskList", system.get("/my-work/").json())
    system.patch(path, {"rows": [row | {"narrative": "Briefed."}]}, etag="*")
    validate("ReturnWithRows", system.post(f"{path}submit/", {}).json())
