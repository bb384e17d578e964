"""Examples of actions arising in the description of the API."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

SITE = "https://tracker.example.org/api/v1"
ARISING_DATA: dict[str, Any] = {
    "id": 11,
    "number": 14,
    "board": {"id": 4, "name": "CONTEST Strategic Steering Board"},
    "text": "Circulate the practitioners' guide to every district.",
    "post": "Prevent coordinator",
    "organisation": {"id": 9, "name": "Wakefield Council"},
    "owner": None,
    "due": "2020-07-31",
    "overdue": False,
    "state": "open",
    "progress": "",
    "action_ref": "",
    "version": 1,
    "links": {"self": f"{SITE}/arisings/11/", "minute": f"{SITE}/minutes/6/"},
}
ARISING = OpenApiExample(
    "An open action arising", response_only=True, status_codes=["200", "201"], value=ARISING_DATA
)
REPORT = OpenApiExample(
    "Done",
    request_only=True,
    value={"progress": "Sent to all districts on 18 June.", "propose": True, "version": 1},
)
NEW_ARISING = OpenApiExample(
    "With an organisation and a due date",
    request_only=True,
    value={
        "text": ARISING_DATA["text"],
        "post": ARISING_DATA["post"],
        "organisation": 9,
        "due": ARISING_DATA["due"],
        "version": 7,
    },
)
CLOSING = OpenApiExample("Done", request_only=True, value={"outcome": "closed", "meeting": 5, "version": 2})
BECOMING = OpenApiExample("An action of the plan", request_only=True, value={"ref": "WY20-30", "version": 2})
