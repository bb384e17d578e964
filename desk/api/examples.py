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
