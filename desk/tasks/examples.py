"""Examples of tasks and escalations for the API description."""

from drf_spectacular.utils import OpenApiExample

SITE = "https://tracker.example.org"

UPDATE_TASK = OpenApiExample(
    "Update an overdue action",
    response_only=True,
    status_codes=["200"],
    value={
        "type": "progress-create",
        "verb": "Update",
        "title": "Update WY20-05: Embed Prevent in safeguarding in every district",
        "reason": "Overdue by 3 days",
        "context": "Prevent Business Plan 2020/21, Safeguard",
        "urgency": "overdue",
        "due": "2020-06-16",
        "marking": "OFFICIAL",
        "subject": {"type": "action", "id": 41},
        "request": None,
        "links": {
            "subject": f"{SITE}/api/v1/actions/41/",
            "request": None,
            "page": f"{SITE}/actions/41/update/",
        },
    },
)

DATE_DECISION = OpenApiExample(
    "Approve or reject a new due date",
    response_only=True,
    status_codes=["200"],
    value={
        "type": "date-change-decide",
        "verb": "Approve or reject a new due date for",
        "title": "Approve or reject a new due date for WY20-05: Embed Prevent in safeguarding in every district",
        "reason": "Bradford SPOC requests 30 September 2020 instead of 30 June 2020: Two sessions were cancelled",
        "context": "Prevent Business Plan 2020/21, Safeguard",
        "urgency": "decide",
        "due": "2020-06-30",
        "marking": "OFFICIAL",
        "subject": {"type": "action", "id": 41},
        "request": {"type": "date-request", "id": 7},
        "links": {
            "subject": f"{SITE}/api/v1/actions/41/",
            "request": f"{SITE}/api/v1/date-requests/7/",
            "page": f"{SITE}/actions/41/date/7/",
        },
    },
)

LATE = {
    "id": 31,
    "subject": {"type": "return", "id": 12},
    "title": "Return of Wakefield Council, May 2020",
    "step": "owner",
    "due": "2020-06-05",
    "days_late": 14,
    "raised_on": "2020-06-06",
    "latest": "2020-07-03",
    "acknowledgements": [],
    "links": {
        "self": f"{SITE}/api/v1/escalations/31/",
        "subject": f"{SITE}/api/v1/returns/12/",
        "page": f"{SITE}/returns/12/escalation/",
    },
}
ESCALATED = OpenApiExample(
    "A return not submitted by its due date", response_only=True, status_codes=["200"], value=LATE
)
ACKNOWLEDGE = OpenApiExample(
    "Acknowledge until Tuesday",
    request_only=True,
    value={
        "words": "Two schools have not answered yet; we will submit it on Tuesday.",
        "until": "2020-06-23",
    },
)
ACKNOWLEDGED = OpenApiExample(
    "Acknowledged until Tuesday",
    response_only=True,
    status_codes=["200"],
    value={
        **LATE,
        "acknowledgements": [
            {
                "words": "Two schools have not answered yet; we will submit it on Tuesday.",
                "until": "2020-06-23",
                "acknowledged_by": {"id": 31, "name": "Wakefield case system (API client)"},
                "acknowledged_at": "2020-06-19T10:06:00+01:00",
            }
        ],
    },
)
