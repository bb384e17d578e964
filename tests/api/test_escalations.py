"""A partner's system reads and acknowledges escalations as its people do."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.models import Acknowledgement
from returns.models import Return
from tests.api.asking import places, problem, recorded, results
from tests.api.clients import API, System, system_of
from tests.api.test_description import described, validate
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.permissions.notices import escalated_action, escalated_return

__all__ = ["described"]
SCOPES = ["decisions:read", "escalations:write"]
WORDS = {"words": "It comes on Tuesday.", "until": "2020-06-23"}


@pytest.fixture
def report(cast: Cast) -> Return:
    """Bradford's return for May; it closes on 3 July."""
    ActionFactory(cast=cast, in_progress=True)
    return escalated_return(cast)


@pytest.fixture
def bradford(cast: Cast) -> System:
    return system_of(cast, cast.bradford_district, scopes=SCOPES)


def acknowledgement(row: dict[str, Any]) -> str:
    return f"/escalations/{row['id']}/acknowledge/"


def test_a_late_return_is_listed_and_acknowledged(
    bradford: System, report: Return, described: dict[str, Any]
) -> None:
    [row] = results(bradford.get("/escalations/"))
    assert row["subject"] == {"type": "return", "id": report.pk}
    assert (row["step"], row["due"], row["days_late"]) == ("owner", "2020-06-05", 14)
    assert (row["latest"], row["acknowledgements"]) == ("2020-07-03", [])
    assert bradford.get(f"/escalations/{row['id']}/").json() == row
    validate(described, "Escalation", row)

    response = bradford.post(acknowledgement(row), WORDS)
    assert response.status_code == 200, response.content
    [acknowledgement_body] = response.json()["acknowledgements"]
    assert (acknowledgement_body["words"], acknowledgement_body["until"]) == (WORDS["words"], WORDS["until"])
    assert acknowledgement_body["acknowledged_by"]["name"] == "Case system (API client)"
    validate(described, "Escalation", response.json())
    assert results(bradford.get("/escalations/")) == []
    assert bradford.get(f"/escalations/{row['id']}/").json() == response.json()
    assert (
        "acknowledged this already"
        in problem(bradford.post(acknowledgement(row), WORDS), 409, "conflict")["detail"]
    )
    assert Acknowledgement.objects.get().until == date(2020, 6, 23)


def test_an_invalid_acknowledgement_writes_nothing(bradford: System, report: Return) -> None:
    [row] = results(bradford.get("/escalations/"))
    entries = recorded()
    for wrong, place in (
        ({"words": " "}, "#/words"),
        ({"words": "x" * 1001}, "#/words"),
        ({"until": "2020-06-18"}, "#/until"),
        ({"until": "2020-07-04"}, "#/until"),
        ({"until": "soon"}, "#/until"),
        ({"step": 3}, "#/step"),
    ):
        assert list(places(bradford.post(acknowledgement(row), WORDS | wrong))) == [place]
    refusal = problem(
        bradford.post(acknowledgement(row), WORDS | {"words": "07700 900123"}), 422, "personal-data"
    )
    assert [each["pointer"] for each in refusal["findings"]] == ["#/words"]
    assert recorded() == entries


def test_only_recipients_read_an_escalation(
    cast: Cast, signed_in: Any, bradford: System, report: Return
) -> None:
    [row] = results(bradford.get("/escalations/"))
    others = [
        system_of(cast, organisation, scopes=SCOPES)
        for organisation in (cast.wakefield_council, cast.city_council)
    ]
    for system in others:
        assert results(system.get("/escalations/")) == []
        problem(system.get(f"/escalations/{row['id']}/"), 404, "not-found")
        problem(system.post(acknowledgement(row), WORDS), 404, "not-found")
    [managers] = results(signed_in("manager").get(f"{API}/escalations/"))
    assert (managers["step"], managers["subject"]) == ("manager", row["subject"])
    problem(bradford.get(f"/escalations/{managers['id']}/"), 404, "not-found")
    assert results(signed_in("auditor").get(f"{API}/escalations/")) == []


def test_an_owner_reads_an_escalation(cast: Cast, signed_in: Any) -> None:
    action = escalated_action(cast)
    token = signed_in("bradford_spoc")
    [row] = results(token.get(f"{API}/escalations/"))
    assert row["subject"] == {"type": "action", "id": action.pk}
    assert token.get(row["links"]["subject"]).json()["ref"] == row["title"]
    assert token.get(row["links"]["page"]).status_code == 200


def test_the_list_costs_the_same_for_few_and_for_many(cast: Cast, signed_in: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            rows = results(client.get(f"{API}/escalations/"))
        assert len(rows) == number
        return len(captured)

    client, number = signed_in("manager"), 1
    escalated_action(cast)
    few, number = queries(), 3
    for ref in ("WY20-81", "WY20-82"):
        escalated_action(cast, ref)
    assert queries() == few
