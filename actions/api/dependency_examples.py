"""What a partner's system sends and gets about what an action waits for."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from actions.api.examples import SITE

ASKED: dict[str, Any] = {
    "id": 23,
    "action": {"id": 41, "ref": "WY20-05", "version": 4},
    "organisation": {"id": 9, "name": "Wakefield Council"},
    "needed": "The list of schools with a safeguarding lead, for the invitations to the training.",
    "since": "2020-06-01",
    "wanted_by": "2020-06-26",
    "state": "asked",
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
ANSWERED = {
    **ASKED,
    "state": "acknowledged",
    "answered_by": {"id": 31, "name": "Wakefield case system (API client)"},
    "answered_at": "2020-06-19T10:07:00+01:00",
    "answer": "The schools team is compiling it.",
    "expected_on": "2020-06-24",
}


def _got(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, response_only=True, status_codes=["200", "201"], value=value)


def _sent(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, request_only=True, value=value)


DEPENDENCY = _got("Waiting on a council", ASKED)
NEW_DEPENDENCY = _sent(
    "A list is needed",
    {"organisation": 9, "needed": ASKED["needed"], "since": "2020-06-01", "wanted_by": "2020-06-26"},
)
ANSWER = _sent(
    "It will come", {"accept": True, "answer": ANSWERED["answer"], "expected_on": ANSWERED["expected_on"]}
)
ACKNOWLEDGED = _got("Acknowledged", ANSWERED)
ENDING = _sent("It came", {"met": True, "ending": "Received by mail."})
MET = _got(
    "Received",
    {
        **ANSWERED,
        "state": "met",
        "days_waiting": 23,
        "ended_by": {"id": 12, "name": "Bradford SPOC"},
        "ended_on": "2020-06-24",
        "ending": "Received by mail.",
    },
)
