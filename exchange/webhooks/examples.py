"""Examples of webhooks and their messages for the API description."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

SITE = "https://tracker.example.org/api/v1"
ROW: dict[str, Any] = {
    "id": 3,
    "client": {"id": 2, "name": "Case system"},
    "url": "https://cases.example.org/hooks",
    "paused": False,
    "paused_at": None,
    "paused_because": "",
    "position": 4711,
    "created_at": "2020-06-19T10:00:00+01:00",
    "former_secret_until": None,
    "links": {"self": f"{SITE}/webhooks/3/", "messages": f"{SITE}/webhooks/3/messages/"},
}
WEBHOOK = OpenApiExample("A webhook", response_only=True, status_codes=["200"], value=ROW)
WEBHOOK_WITH_SECRET = OpenApiExample(
    "A webhook and its secret",
    response_only=True,
    status_codes=["201"],
    value={**ROW, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="},
)
NEW_WEBHOOK = OpenApiExample(
    "A webhook of the caller", request_only=True, value={"url": "https://cases.example.org/hooks"}
)
MESSAGE = OpenApiExample(
    "A message delivered at the second attempt",
    response_only=True,
    status_codes=["200"],
    value={
        "id": 19,
        "message_id": "msg_0f5c2a917bd34e68a1c3907d5f0c6d3b",
        "after": 4702,
        "upto": 4711,
        "changes": 2,
        "made_at": "2020-06-19T10:00:00+01:00",
        "attempts": 2,
        "last_attempt_at": "2020-06-19T10:01:04+01:00",
        "last_result": "Answered 204",
        "next_attempt_at": None,
        "delivered_at": "2020-06-19T10:01:04+01:00",
        "set_aside_at": None,
    },
)
SKIPPED = OpenApiExample(
    "A skipped message",
    response_only=True,
    status_codes=["200"],
    value={
        **MESSAGE.value,
        "last_result": "Answered 500",
        "delivered_at": None,
        "set_aside_at": "2020-06-19T11:20:00+01:00",
    },
)
