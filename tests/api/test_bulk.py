"""A partner's system says where many actions stand in one request."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Action, ProgressUpdate
from audit.models import Entry
from audit.services import verify
from tests.api.clients import API, System, system_of
from tests.cast import Cast
from tests.factories import ActionFactory

GREEN = {"narrative": "Thirty council staff were trained.", "rag": "green", "percent": 60}
NUMBER = "07700 900123"


def supported(cast: Cast, *refs: str) -> list[Action]:
    return [
        ActionFactory(cast=cast, in_progress=True, ref=ref, supporting=[cast.wakefield_council])
        for ref in refs
    ]


@pytest.fixture
def three(cast: Cast) -> list[Action]:
    return supported(cast, "WY20-01", "WY20-02", "WY20-03")


def of(action: Action, **fields: Any) -> dict[str, Any]:
    return {"action": action.pk, **GREEN, **fields}


def send(system: System, mode: str, *updates: Any, **more: Any) -> Any:
    return system.post("/updates/", {"mode": mode, "updates": list(updates), **more})


def places(problem: dict[str, Any]) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in problem["errors"]}


def written() -> int:
    return ProgressUpdate.objects.count()


# All or nothing ------------------------------------------------------------------------------------------------


def test_all_are_recorded_as_each_would_be(council: System, three: list[Action]) -> None:
    response = send(council, "all", *(of(action, version=action.version) for action in three))
    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["recorded"], body["refused"]) == (3, 0)
    assert [(each["index"], each["status"], each["problem"]) for each in body["results"]] == [
        (index, 201, None) for index in range(3)
    ]
    for action, each in zip(three, body["results"], strict=True):
        assert each["update"]["action"] == {
            "id": action.pk,
            "ref": action.ref,
            "version": action.version + 1,
        }
        alone = council.get(f"/actions/{action.pk}/updates/{each['update']['id']}/")
        assert alone.json() == each["update"]
    entries = Entry.objects.filter(verb="progress.submitted", actor_type="client")
    assert {entry.request_id for entry in entries} == {response["X-Request-ID"]}
    assert entries.count() == 3


def test_omitted_fields_stay_unchanged(council: System, three: list[Action]) -> None:
    body = {"action": three[0].pk, "narrative": "Nothing new.", "rag": "green"}
    [each] = send(council, "all", body).json()["results"]
    assert (each["update"]["percent"], each["update"]["period"]) == (40, "2020-06-01")


def test_one_that_is_refused_keeps_the_others_from_being_recorded(
    cast: Cast, council: System, three: list[Action]
) -> None:
    waiting = ActionFactory(
        cast=cast, awaiting_assurance=True, ref="WY20-04", supporting=[cast.wakefield_council]
    )
    foreign = ActionFactory(cast=cast, in_progress=True, ref="WY20-05")
    before = written()
    response = send(
        council,
        "all",
        of(three[0]),
        of(three[1], version=three[1].version - 1),
        of(waiting),
        of(three[2], rag="red"),
        of(foreign),
        {"action": three[0].pk},
        "not an update",
    )
    assert response.status_code == 412, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "/problems/precondition-failed"
    assert problem["detail"].startswith("Nothing was recorded: 6 of 7 updates were refused.")
    assert places(problem) == {
        "#/updates/1": "precondition_failed",
        "#/updates/2": "state",
        "#/updates/3/reason": "invalid",
        "#/updates/3/path_to_green": "invalid",
        "#/updates/4": "not_found",
        "#/updates/5/narrative": "required",
        "#/updates/6": "invalid",
    }
    assert written() == before


@pytest.mark.parametrize(
    ("fields", "status", "place"),
    [
        ({"rag": "blue"}, 400, "#/updates/1/rag"),
        ({"colour": "red"}, 400, "#/updates/1/colour"),
        ({"keep_personal_data_reason": "Mine."}, 400, "#/updates/1/keep_personal_data_reason"),
        ({"action": None}, 400, "#/updates/1/action"),
        ({"action": "1"}, 400, "#/updates/1/action"),
        ({"action": 2**70}, 400, "#/updates/1/action"),
        ({"action": 999_999}, 404, "#/updates/1"),
        ({"corrects": 999_999}, 400, "#/updates/1/corrects"),
        ({"period": "2020-07-01"}, 400, "#/updates/1/period"),
        ({"version": 1}, 412, "#/updates/1"),
    ],
)
def test_each_error_is_named_by_its_place(
    council: System, three: list[Action], fields: dict[str, Any], status: int, place: str
) -> None:
    before = written()
    response = send(council, "all", of(three[0]), of(three[1]) | fields)
    assert (response.status_code, list(places(response.json()))) == (status, [place])
    assert written() == before


def test_an_action_is_named_once(council: System, three: list[Action]) -> None:
    response = send(council, "all", of(three[0]), of(three[0], percent=70))
    assert (response.status_code, places(response.json())) == (400, {"#/updates/1/action": "invalid"})


def test_an_update_of_another_action_cannot_be_corrected(council: System, three: list[Action]) -> None:
    other = three[1].updates.get()
    response = send(council, "all", of(three[0], corrects=other.pk))
    assert places(response.json()) == {"#/updates/0/corrects": "does_not_exist"}
    assert send(council, "all", of(three[1], corrects=other.pk)).status_code == 201


def test_personal_data_is_reported_by_its_place_and_kept_with_a_reason(
    council: System, three: list[Action]
) -> None:
    items = [of(three[0]), of(three[1], narrative=f"Parents ring {NUMBER}.")]
    before = written()
    response = send(council, "all", *items)
    assert (response.status_code, response.json()["type"]) == (422, "/problems/personal-data")
    assert NUMBER not in response.content.decode()
    assert response.json()["findings"] == [
        {"pointer": "#/updates/1/narrative", "kind": "telephone", "start": 13, "end": 25}
    ]
    assert written() == before
    accepted = send(council, "all", *items, keep_personal_data_reason="The course's public number.")
    assert accepted.status_code == 201, accepted.content
    assert Entry.objects.filter(note__contains="The course's public number.").count() == 1


# Each by itself -------------------------------------------------------------------------------------------------


def test_each_that_can_be_is_recorded(cast: Cast, council: System, three: list[Action]) -> None:
    waiting = ActionFactory(
        cast=cast, awaiting_assurance=True, ref="WY20-04", supporting=[cast.wakefield_council]
    )
    before = written()
    response = send(
        council,
        "each",
        of(three[0], narrative=f"Parents ring {NUMBER}."),
        of(three[1]),
        of(waiting),
        of(three[1], percent=70),
        of(three[2], version=1),
        {"action": 999_999, **GREEN},
        [],
    )
    assert response.status_code == 200, response.content
    body = response.json()
    assert (body["recorded"], body["refused"]) == (1, 6)
    results = body["results"]
    assert [each["status"] for each in results] == [422, 201, 422, 400, 412, 404, 400]
    assert [each["problem"] and each["problem"]["type"] for each in results] == [
        "/problems/personal-data",
        None,
        "/problems/unprocessable",
        "/problems/invalid",
        "/problems/precondition-failed",
        "/problems/not-found",
        "/problems/invalid",
    ]
    assert results[0]["problem"]["findings"][0]["pointer"] == "#/updates/0/narrative"
    assert list(places(results[3]["problem"])) == ["#/updates/3/action"]
    assert [each["update"] is not None for each in results] == [each["status"] == 201 for each in results]
    assert written() == before + 1
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_a_person_cannot_report_on_every_action_they_see(
    cast: Cast, signed_in: Any, three: list[Action]
) -> None:
    """A SPOC sees the other districts' actions, and reports on their own."""
    address, before = f"{API}/updates/", written()
    spoc = signed_in("leeds_spoc")
    body = {"mode": "each", "updates": [of(three[0]), of(three[1], version=1)]}
    answer = spoc.post(address, body, content_type="application/json")
    assert [each["status"] for each in answer.json()["results"]] == [403, 412]
    refused = spoc.post(address, body | {"mode": "all"}, content_type="application/json")
    assert (refused.status_code, places(refused.json())) == (
        403,
        {"#/updates/0": "forbidden", "#/updates/1": "precondition_failed"},
    )
    assert written() == before


def test_another_partnership_finds_nothing(leicester: System, three: list[Action]) -> None:
    before = written()
    [each] = send(leicester, "each", of(three[0])).json()["results"]
    assert each["status"] == 404
    assert send(leicester, "all", of(three[0])).status_code == 404
    assert written() == before


# The request as a whole -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"updates": [{}]}, "#/mode"),
        ({"mode": "some", "updates": [{}]}, "#/mode"),
        ({"mode": ["all"], "updates": [{}]}, "#/mode"),
        ({"mode": "each"}, "#/updates"),
        ({"mode": "each", "updates": []}, "#/updates"),
        ({"mode": "each", "updates": None}, "#/updates"),
        ({"mode": "each", "updates": {"action": 1}}, "#/updates"),
        ({"mode": "each", "updates": [{}] * 501}, "#/updates"),
        ({"mode": "each", "updates": [{}], "colour": 1}, "#/colour"),
    ],
)
def test_a_request_that_cannot_be_read_is_refused_by_name(
    council: System, body: dict[str, Any], place: str
) -> None:
    response = council.post("/updates/", body)
    assert (response.status_code, list(places(response.json()))) == (400, [place])


def test_a_reader_may_not_write(cast: Cast, three: list[Action]) -> None:
    system = system_of(cast, cast.wakefield_council, scopes=["actions:read"])
    before = written()
    assert send(system, "each", of(three[0])).status_code == 403
    assert written() == before


@pytest.mark.parametrize("mode", ["all", "each"])
def test_many_cost_as_many_queries_as_few(cast: Cast, council: System, mode: str) -> None:
    few = supported(cast, "WY20-01", "WY20-02")
    many = supported(cast, *(f"WY20-{number:02}" for number in range(3, 20)))
    council.headers()

    def cost(actions: list[Action]) -> int:
        # All but the last said wrongly: that costs another round, and not one for each.
        wrong = [of(action, rag="red") for action in actions] if mode == "each" else []
        items = [of(action, corrects=action.updates.latest("pk").pk) for action in actions]
        with CaptureQueriesContext(connection) as queries:
            response = send(council, mode, *wrong[:-1], *items[len(wrong[:-1]) :])
        assert response.json()["recorded"] > 0
        return len(queries)

    cost(few)
    assert cost(many) == cost(few)
