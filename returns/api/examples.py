"""Example requests and responses: a district's return for a month."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

from actions.core.examples import SITE

LISTED: dict[str, Any] = {
    "id": 12,
    "plan": {"id": 2, "title": "Prevent Business Plan 2020/21"},
    "organisation": {"id": 3, "name": "Bradford District"},
    "period": "May 2020",
    "period_start": "2020-05-01",
    "period_end": "2020-05-31",
    "due_on": "2020-06-05",
    "closes_on": "2020-06-12",
    "state": "open",
    "late": False,
    "submitted_at": None,
    "submitted_by": None,
    "version": 3,
    "links": {"self": f"{SITE}/returns/12/", "plan": f"{SITE}/plans/2/"},
}

ANSWER: dict[str, Any] = {
    "unchanged": False,
    "state": "in_progress",
    "narrative": "Four of five teams are briefed.",
    "next_steps": "Brief the last one in July.",
    "rag": "green",
    "reason": "",
    "path_to_green": "",
    "percent": 80,
}

ROW: dict[str, Any] = {
    "action": {
        "id": 41,
        "ref": "WY20-05",
        "title": "Embed Prevent in safeguarding in every district",
        "state": "in_progress",
        "due": "2020-06-30",
        "marking": "OFFICIAL",
        "handling_instruction": "",
    },
    "is_editable": True,
    "version": 1,
    **ANSWER,
    "question": "",
    "update": None,
    "saved_at": "2020-06-03T10:04:00+01:00",
    "last_update": {
        "id": 171,
        "period": "2020-04-01",
        "state": "in_progress",
        "narrative": "Two of five teams are briefed.",
        "next_steps": "",
        "rag": "green",
        "reason": "",
        "path_to_green": "",
        "percent": 40,
        "author": {"id": 12, "name": "Bradford SPOC"},
        "submitted_at": "2020-05-04T09:30:00+01:00",
    },
    "unchanged_refusal": "",
}

FIGURES: dict[str, Any] = {
    "key": "training-3",
    "part": "training",
    "subject": {"id": 3, "name": "Prevent awareness"},
    "month": None,
    "version": 1,
    "eligible": 80,
    "completed": 60,
    **dict.fromkeys(("held", "both", "local_only", "ctp_only", "neither", "not_recorded")),
    "reason": None,
    "aligned_on": None,
}

WHOLE: dict[str, Any] = {
    **LISTED,
    "closed_reason": "",
    "question": "",
    "marking": "OFFICIAL",
    "handling_instruction": "",
    "rows": [ROW],
    "commentaries": [{"mou_area": {"id": 2, "name": "Training"}, "text": "Three sessions.", "version": 1}],
    "figures": [FIGURES],
    "sections": {
        "training": "Three sessions, forty staff.",
        "attendance": "",
        "risks": "",
        "escalations": "",
        "good_practice": "",
        "decisions_sought": "",
    },
}
SUBMITTED_RETURN: dict[str, Any] = {
    **WHOLE,
    "state": "submitted",
    "version": 4,
    "submitted_at": "2020-06-04T10:00:00+01:00",
    "submitted_by": {"id": 12, "name": "Bradford SPOC"},
    "closed_reason": "This return was submitted by Bradford SPOC on 4 June 2020 at 10:00, so it cannot be changed.",
    "rows": [{**ROW, "is_editable": False, "version": 2, "update": 189}],
}
QUESTION_TEXT = "Which team is not briefed yet?"

RETURN = OpenApiExample("A return", response_only=True, status_codes=["200"], value=LISTED)
WITH_ROWS = OpenApiExample("A return with a draft", response_only=True, status_codes=["200"], value=WHOLE)

DRAFT = OpenApiExample(
    "Rows, figures and a text",
    request_only=True,
    value={
        "rows": [{"action": 41, "version": 0, **ANSWER}, {"action": 42, "version": 2, "percent": 90}],
        "figures": [{"key": "training-3", "version": 0, "eligible": 80, "completed": 60}],
        "sections": {"training": "Three sessions, forty staff."},
    },
)
SAVED = OpenApiExample(
    "Somebody else changed the second row",
    response_only=True,
    status_codes=["200"],
    value={
        **WHOLE,
        "saved": ["#/rows/0", "#/figures/0", "#/sections/training"],
        "errors": [
            {
                "pointer": "#/rows/1",
                "detail": (
                    "Bradford alternate changed this on 3 June 2020 at 10:02, after you opened it. "
                    "Check their text, then save yours again."
                ),
                "code": "precondition_failed",
            }
        ],
        "findings": [],
    },
)

SUBMISSION = OpenApiExample("The version that was read", request_only=True, value={"version": 3})
SUBMITTED = OpenApiExample(
    "A submitted return", response_only=True, status_codes=["200"], value=SUBMITTED_RETURN
)

QUESTION = OpenApiExample(
    "A question about one action",
    request_only=True,
    value={"rows": [{"action": 41, "question": QUESTION_TEXT}]},
)
QUESTIONED = OpenApiExample(
    "A return with a question",
    response_only=True,
    status_codes=["200"],
    value={
        **SUBMITTED_RETURN,
        "state": "returned",
        "version": 5,
        "closed_reason": "",
        "rows": [{**ROW, "version": 3, "update": 189, "question": QUESTION_TEXT}],
    },
)
