"""Example responses of meetings, boards and minutes."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

SITE = "https://tracker.example.org/api/v1"
BOARD_NAME = {"id": 4, "name": "CONTEST Strategic Steering Board"}
MEETING_DATA: dict[str, Any] = {
    "id": 3,
    "board": BOARD_NAME,
    "day": "2020-06-12",
    "precision": "day",
    "starts_at": "14:00:00",
    "ends_at": None,
    "place": "",
    "is_online": True,
    "chair": "Assistant chief constable",
    "minute_taker": "Board secretary",
    "quorum": 4,
    "marking": "OFFICIAL",
    "handling_instruction": "",
    "basis": "recorded",
    "source": "",
    "state": "held",
    "cancelled_reason": "",
    "confirmed_by": None,
    "agenda": [
        {
            "id": 8,
            "number": 1,
            "title": "Actions proposed for withdrawal",
            "purpose": "decision",
            "presenter": "Prevent lead",
            "paper": "Paper A",
            "is_private": False,
            "private_reason": "",
            "subject": "withdrawal",
            "subject_ref": "WY20-05",
            "marking": "OFFICIAL",
        }
    ],
    "attendance": [
        {
            "organisation": {"id": 9, "name": "Wakefield Council"},
            "post": "Director",
            "kind": "present",
            "substitute": "",
        }
    ],
    "version": 5,
    "links": {"self": f"{SITE}/meetings/3/", "minutes": f"{SITE}/meetings/3/minutes/"},
}
MINUTE_DATA: dict[str, Any] = {
    "id": 6,
    "reference": "7/2020",
    "citation": "CONTEST Strategic Steering Board, 12 June 2020, minute 7/2020",
    "item": 8,
    "kind": "resolved",
    "text": "The board agreed to withdraw WY20-05.",
    "confirmed": False,
    "corrects": None,
    "decisions": [
        {
            "effect": "approve",
            "wording": "WY20-05 is withdrawn.",
            "subject": "withdrawal",
            "subject_ref": "WY20-05",
            "conditions": "",
            "report_back_on": None,
            "applied": True,
        }
    ],
    "links": {"self": f"{SITE}/minutes/6/", "meeting": f"{SITE}/meetings/3/"},
}
BOARD_DATA: dict[str, Any] = {
    "id": 4,
    "name": "CONTEST Strategic Steering Board",
    "tier": "Gold",
    "cadence": "quarterly",
    "parent": None,
    "area": None,
    "decides_on_actions": True,
    "quorum": 4,
    "starts_on": None,
    "ends_on": None,
    "succeeds": None,
    "seats": [
        {
            "organisation": {"id": 9, "name": "Wakefield Council"},
            "post": "Director",
            "starts_on": "2020-01-01",
            "ends_on": None,
            "vacant": False,
            "source": "",
        }
    ],
    "links": {
        "self": f"{SITE}/boards/4/",
        "meetings": f"{SITE}/meetings/?board=4",
        "arisings": f"{SITE}/arisings/?board=4",
    },
}


def _response(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, response_only=True, status_codes=["200"], value=value)


MEETING = _response("A meeting whose minutes are a draft", MEETING_DATA)
MINUTE = _response("A minute with a decision", MINUTE_DATA)
BOARD = _response("A board", BOARD_DATA)
ITEM = OpenApiExample(
    "An item for decision", response_only=True, status_codes=["200", "201"], value=MEETING_DATA["agenda"][0]
)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, request_only=True, value=value)


NEW_MEETING = _request(
    "A meeting online", {"board": 4, "day": "2020-06-12", "starts_at": "14:00", "is_online": True}
)
MEETING_CHANGE = _request("Another place", {"place": "County Hall", "is_online": False})
CANCELLATION = _request("Cancelled", {"reason": "Not enough members can come.", "version": 2})
CONFIRMATION = _request("Confirmed by the next meeting", {"confirmed_by": 5, "version": 9})
ATTENDANCE = _request(
    "Two posts",
    {
        "attendees": [
            {"organisation": 9, "post": "Director", "kind": "present"},
            {
                "organisation": 3,
                "post": "Superintendent",
                "kind": "substitute",
                "substitute": "Chief inspector",
            },
        ],
        "version": 4,
    },
)
NEW_ITEM = _request(
    "An item for decision",
    {
        "title": "Actions proposed for withdrawal",
        "purpose": "decision",
        "presenter": "Prevent lead",
        "subject": "withdrawal",
        "subject_ref": "WY20-05",
        "version": 1,
    },
)
ITEM_CHANGE = _request("Another paper", {"paper": "Paper B"})
REMOVAL = _request("Taken off", {"reason": "Put off to the next meeting.", "version": 2})
NEW_MINUTE = _request(
    "A resolution", {"item": 8, "kind": "resolved", "text": MINUTE_DATA["text"], "version": 5}
)
MINUTE_CHANGE = _request(
    "Another text", {"text": "The board agreed to withdraw WY20-05 and to tell Wakefield."}
)
NEW_DECISION = _request(
    "A withdrawal",
    {
        "effect": "approve",
        "wording": "WY20-05 is withdrawn.",
        "subject": "withdrawal",
        "subject_ref": "WY20-05",
        "version": 6,
    },
)
