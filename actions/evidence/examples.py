"""What a partner's system sends and gets when it shows what was done."""

from drf_spectacular.utils import OpenApiExample

from actions.core.examples import SITE

EVIDENCE = OpenApiExample(
    "An attendance list",
    response_only=True,
    status_codes=["200", "201"],
    value={
        "id": 64,
        "action": {"id": 41, "ref": "WY20-05", "version": 6},
        "title": "Attendance of the June training",
        "kind": "file",
        "filename": "attendance-june.pdf",
        "content_type": "application/pdf",
        "size": 48213,
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "link": "",
        "effective_on": "2020-06-12",
        "expires_on": None,
        "status": None,
        "number": 1,
        "supersedes": None,
        "superseded_by": None,
        "update": 188,
        "added_by": {"id": 31, "name": "Wakefield case system (API client)"},
        "added_at": "2020-06-19T10:05:00+01:00",
        "links": {
            "self": f"{SITE}/evidence/64/",
            "action": f"{SITE}/actions/41/",
            "file": f"{SITE}/evidence/64/file/",
        },
    },
)

NEW_LINK = OpenApiExample(
    "Minutes on the council's own site",
    request_only=True,
    media_type="application/json",
    value={
        "title": "Minutes of the safeguarding board, June 2020",
        "link": "https://www.example.gov.uk/minutes/2020-06",
        "effective_on": "2020-06-17",
        "version": 5,
    },
)
