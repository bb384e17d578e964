"""What a partner's system is told of what is wanted from its organisation."""

from drf_spectacular.utils import OpenApiExample

SITE = "https://tracker.example.org"

UPDATE_WANTED = OpenApiExample(
    "An update of an overdue action",
    response_only=True,
    status_codes=["200"],
    value={
        "task": "progress-create",
        "wanted": "Update",
        "title": "Update WY20-05: Embed Prevent in safeguarding in every district",
        "reason": "Overdue by 3 days",
        "place": "Prevent Business Plan 2020/21, Safeguard",
        "urgency": "overdue",
        "by": "2020-06-16",
        "marking": "OFFICIAL",
        "about": {"type": "action", "id": 41},
        "request": None,
        "links": {
            "about": f"{SITE}/api/v1/actions/41/",
            "request": None,
            "page": f"{SITE}/actions/41/update/",
        },
    },
)

DATE_TO_DECIDE = OpenApiExample(
    "Another due date that is asked for",
    response_only=True,
    status_codes=["200"],
    value={
        "task": "date-change-decide",
        "wanted": "Decide on the due date of",
        "title": "Decide on the due date of WY20-05: Embed Prevent in safeguarding in every district",
        "reason": "Bradford SPOC asks for 30 September 2020 instead of 30 June 2020: Two sessions fell out",
        "place": "Prevent Business Plan 2020/21, Safeguard",
        "urgency": "decide",
        "by": "2020-06-30",
        "marking": "OFFICIAL",
        "about": {"type": "action", "id": 41},
        "request": {"type": "date-request", "id": 7},
        "links": {
            "about": f"{SITE}/api/v1/actions/41/",
            "request": f"{SITE}/api/v1/date-requests/7/",
            "page": f"{SITE}/actions/41/date/7/",
        },
    },
)

LATE = {
    "id": 31,
    "about": {"type": "return", "id": 12},
    "subject": "Return of Wakefield Council for May 2020",
    "step": "owner",
    "due": "2020-06-05",
    "days_late": 14,
    "raised_on": "2020-06-06",
    "latest": "2020-07-03",
    "acknowledgements": [],
    "links": {
        "self": f"{SITE}/api/v1/escalations/31/",
        "about": f"{SITE}/api/v1/returns/12/",
        "page": f"{SITE}/returns/12/escalation/",
    },
}
ESCALATED = OpenApiExample(
    "A return that was not given by its day", response_only=True, status_codes=["200"], value=LATE
)
ACKNOWLEDGE = OpenApiExample(
    "It comes on Tuesday",
    request_only=True,
    value={"words": "Two schools have still to answer; it comes on Tuesday.", "until": "2020-06-23"},
)
ACKNOWLEDGED = OpenApiExample(
    "Acknowledged until Tuesday",
    response_only=True,
    status_codes=["200"],
    value={
        **LATE,
        "acknowledgements": [
            {
                "words": "Two schools have still to answer; it comes on Tuesday.",
                "until": "2020-06-23",
                "given_by": {"id": 31, "name": "Wakefield case system (API client)"},
                "given_at": "2020-06-19T10:06:00+01:00",
            }
        ],
    },
)
FOUND = OpenApiExample(
    "An action by its words",
    response_only=True,
    status_codes=["200"],
    value={
        "results": [
            {
                "kind": "action",
                "id": 41,
                "title": "WY20-05 Embed Prevent in safeguarding in every district",
                "excerpt": "Every safeguarding board has Prevent in its procedures",
                "marking": "OFFICIAL",
                "links": {"self": f"{SITE}/api/v1/actions/41/"},
            }
        ],
        "numbers": {"action": 1, "update": 0, "recommendation": 0},
        "more": False,
    },
)
