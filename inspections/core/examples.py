"""What a partner's system gets, on one recommendation of a national report. The words are illustrative."""

from drf_spectacular.utils import OpenApiExample

from inspections.core.table import FINDING
from web.resources import example

SITE = "https://tracker.example.org/api/v1"

INSPECTION = OpenApiExample(
    "A report answered late",
    response_only=True,
    status_codes=["200"],
    value={
        "id": 3,
        "title": "Counter-terrorism policing: an inspection of the police's contribution to Prevent",
        "short_title": "CT4",
        "body": "HMICFRS",
        "body_kind": "inspectorate",
        "kind": "national",
        "fieldwork_from": "2018-11-15",
        "fieldwork_to": "2018-11-15",
        "published_on": "2020-03-09",
        "report_url": "",
        "priorities": [],
        "opinion": "",
        "marking": "OFFICIAL",
        "handling_instruction": "",
        "force_is_subject": True,
        "answered_through": None,
        "owes_response": True,
        "section_55": {
            "last_day": "2020-05-03",
            "answered_on": "2020-06-19",
            "days_left": 0,
            "days_late": 47,
            "words": "Answered 47 days late",
        },
        "version": 4,
        "links": {
            "self": f"{SITE}/inspections/3/",
            "recommendations": f"{SITE}/recommendations/?inspection=3",
        },
    },
)

RECOMMENDATION_FIELDS = {
    "id": 17,
    **example(FINDING),
    "links": {
        "self": f"{SITE}/recommendations/17/",
        "inspection": f"{SITE}/inspections/3/",
        "actions": f"{SITE}/recommendations/17/actions/",
    },
}

RECOMMENDATION = OpenApiExample(
    "A recommendation under way", response_only=True, status_codes=["200"], value=RECOMMENDATION_FIELDS
)

WITH_HISTORIES = OpenApiExample(
    "Force and register disagree",
    response_only=True,
    status_codes=["200"],
    value={
        **RECOMMENDATION_FIELDS,
        "own_history": [
            {
                "state": "in_progress",
                "reason": "",
                "set_by": {"id": 8, "name": "Prevent programme manager"},
                "set_at": "2020-04-20T09:07:00+01:00",
            }
        ],
        "register_history": [
            {
                "state": "complete",
                "on": "2020-06-01",
                "comment": "Shown as complete for all forces.",
                "recorded_by": {"id": 8, "name": "Prevent programme manager"},
                "recorded_at": "2020-06-03T10:07:00+01:00",
            }
        ],
    },
)

LINK = OpenApiExample(
    "An action that answers a part",
    response_only=True,
    status_codes=["200"],
    value={
        "id": 52,
        "recommendation": 17,
        "action": {
            "id": 41,
            "ref": "WY20-05",
            "title": "Check who attends the Channel panel",
            "state": "in_progress",
            "due": "2020-09-30",
            "overdue": False,
        },
        "answers": "Attendance at the district's panel",
        "linked_at": "2020-04-16T09:07:00+01:00",
        "links": {
            "action": f"{SITE}/actions/41/",
            "recommendation": f"{SITE}/recommendations/17/",
        },
    },
)

HISTORIES = WITH_HISTORIES.value

PROPOSAL = OpenApiExample(
    "Proposed for closure",
    request_only=True,
    value={"state": "proposed", "reason": "Every panel's attendance is reported each quarter.", "version": 5},
)
PROPOSED = OpenApiExample(
    "The recommendation after the change",
    response_only=True,
    status_codes=["201"],
    value={
        **HISTORIES,
        "state": "proposed",
        "disagrees": True,
        "version": 6,
        "own_history": [
            {
                "state": "proposed",
                "reason": "Every panel's attendance is reported each quarter.",
                "set_by": {"id": 8, "name": "Prevent programme manager"},
                "set_at": "2020-06-19T10:00:00+01:00",
            },
            *HISTORIES["own_history"],
        ],
    },
)

REGISTER_STATE = OpenApiExample(
    "Complete in the register",
    request_only=True,
    value={"state": "complete", "as_at": "2020-06-01", "comment": "Shown as complete for all forces."},
)
REGISTERED = OpenApiExample(
    "The recommendation with the register status", response_only=True, status_codes=["201"], value=HISTORIES
)

NEW_LINK = OpenApiExample(
    "An action for part of the recommendation",
    request_only=True,
    value={"action": 41, "answers": "Attendance at the district's panel", "version": 4},
)
LINKED = OpenApiExample("The link", response_only=True, status_codes=["201"], value=LINK.value)

UNLINKING = OpenApiExample(
    "Reason for unlinking",
    request_only=True,
    value={"reason": "The panel is reviewed under another action.", "version": 6},
)
UNLINKED = OpenApiExample(
    "The recommendation after unlinking", response_only=True, status_codes=["200"], value=HISTORIES
)
