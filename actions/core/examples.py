"""What a partner's system sends and gets, on one action of a district's plan."""

from drf_spectacular.utils import OpenApiExample

from actions.core.table import ACTION as ACTION_FIELDS
from web.resources import example

SITE = "https://tracker.example.org/api/v1"

ACTION = OpenApiExample(
    "An action under way",
    response_only=True,
    status_codes=["200"],
    value={
        "id": 41,
        **example(ACTION_FIELDS),
        "links": {
            "self": f"{SITE}/actions/41/",
            "updates": f"{SITE}/actions/41/updates/",
            "evidence": f"{SITE}/actions/41/evidence/",
            "date_requests": f"{SITE}/actions/41/date-requests/",
            "dependencies": f"{SITE}/actions/41/dependencies/",
            "milestones": f"{SITE}/actions/41/milestones/",
            "plan": f"{SITE}/plans/2/",
        },
    },
)

SAID = {
    "state": "in_progress",
    "narrative": "Thirty council staff were trained on 12 June.",
    "next_steps": "Train the remaining fifteen in July.",
    "rag": "amber",
    "reason": "Two sessions were cancelled.",
    "path_to_green": "Both sessions are booked again for 6 and 13 July.",
    "percent": 60,
    "period": "2020-06-01",
}

NEW_UPDATE = OpenApiExample("An amber update", request_only=True, value={**SAID, "version": 4})

UPDATE = OpenApiExample(
    "An update of June",
    response_only=True,
    status_codes=["200", "201"],
    value={
        "id": 188,
        "action": {"id": 41, "ref": "WY20-05", "version": 5},
        **SAID,
        "author": {"id": 31, "name": "Wakefield case system (API client)"},
        "submitted_at": "2020-06-19T10:04:00+01:00",
        "imported": False,
        "corrects": None,
        "corrected_by": None,
        "links": {"self": f"{SITE}/actions/41/updates/188/", "action": f"{SITE}/actions/41/"},
    },
)

RECORDED = {"index": 0, "status": 201, "update": UPDATE.value, "problem": None}

NEW_UPDATES = OpenApiExample(
    "Two updates, each for itself",
    request_only=True,
    value={
        "mode": "each",
        "updates": [
            {"action": 41, **SAID, "version": 4},
            {"action": 42, "narrative": "The seminar was held.", "rag": "green", "percent": 80, "version": 7},
        ],
    },
)

EACH_UPDATE = OpenApiExample(
    "One recorded, one refused",
    response_only=True,
    status_codes=["200"],
    value={
        "recorded": 1,
        "refused": 1,
        "results": [
            RECORDED,
            {
                "index": 1,
                "status": 409,
                "update": None,
                "problem": {
                    "type": "/problems/precondition-failed",
                    "title": "Precondition failed",
                    "status": 412,
                    "detail": "This action was changed since you opened it. Look at what changed, then send your answer again.",
                    "instance": "/api/v1/updates/",
                    "request_id": "5f0c6d3b7a9e4c51b2d8e6f4a1c3907d",
                    "errors": [
                        {
                            "pointer": "#/updates/1",
                            "detail": "This action was changed since you opened it. Look at what changed, then send your answer again.",
                            "code": "precondition_failed",
                        }
                    ],
                },
            },
        ],
    },
)

ALL_UPDATES = OpenApiExample(
    "All recorded",
    response_only=True,
    status_codes=["201"],
    value={"recorded": 1, "refused": 0, "results": [RECORDED]},
)


def response_example(name: str, value: object) -> OpenApiExample:
    """Describe an answer of a write: 200 or 201."""
    return OpenApiExample(name, response_only=True, status_codes=["200", "201"], value=value)


def request_example(name: str, value: object) -> OpenApiExample:
    """Describe the body of a request."""
    return OpenApiExample(name, request_only=True, value=value)
