"""Example requests and responses of requests to partners."""

from typing import Any

from actions.core.examples import SITE, request_example, response_example

REQUESTED: dict[str, Any] = {
    "id": 23,
    "action": {"id": 41, "ref": "WY20-05", "version": 4},
    "organisation": {"id": 9, "name": "Wakefield Council"},
    "needed": "The list of schools with a safeguarding lead, for the invitations to the training.",
    "since": "2020-06-01",
    "needed_by": "2020-06-26",
    "state": "requested",
    "days_waiting": 18,
    "late": False,
    "raised_by": {"id": 12, "name": "Bradford SPOC"},
    "raised_at": "2020-06-01T09:00:00+01:00",
    "answered_by": None,
    "answered_at": None,
    "answer": "",
    "expected_on": None,
    "ended_by": None,
    "ended_on": None,
    "ending": "",
    "links": {"self": f"{SITE}/dependencies/23/", "action": f"{SITE}/actions/41/"},
}


ANSWERED_REQUEST = {
    **REQUESTED,
    "state": "acknowledged",
    "answered_by": {"id": 31, "name": "Wakefield case system (API client)"},
    "answered_at": "2020-06-19T10:07:00+01:00",
    "answer": "The schools team is compiling it.",
    "expected_on": "2020-06-24",
}


DEPENDENCY = response_example("Waiting on a council", REQUESTED)


NEW_DEPENDENCY = request_example(
    "A list of schools",
    {"organisation": 9, "needed": REQUESTED["needed"], "since": "2020-06-01", "needed_by": "2020-06-26"},
)


ANSWER = request_example(
    "Acknowledge",
    {"accept": True, "answer": ANSWERED_REQUEST["answer"], "expected_on": ANSWERED_REQUEST["expected_on"]},
)


ACKNOWLEDGED = response_example("Acknowledged", ANSWERED_REQUEST)


ENDING = request_example("Received", {"met": True, "ending": "Received by mail."})


MET = response_example(
    "Received",
    {
        **ANSWERED_REQUEST,
        "state": "met",
        "days_waiting": 23,
        "ended_by": {"id": 12, "name": "Bradford SPOC"},
        "ended_on": "2020-06-24",
        "ending": "Received by mail.",
    },
)
