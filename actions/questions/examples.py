"""Example requests and responses of questions about an action."""

from actions.core.examples import SITE, request_example, response_example

OPEN_QUESTION: dict[str, object] = {
    "id": 7,
    "action": {"id": 41, "ref": "WY20-05", "version": 4},
    "addressee": "organisation",
    "organisation": {"id": 9, "name": "Wakefield Council"},
    "text": "How many schools have a safeguarding lead?",
    "asked_by": {"id": 12, "name": "Bradford SPOC"},
    "asked_at": "2020-06-18T09:00:00+01:00",
    "answer": "",
    "answered_by": None,
    "answered_at": None,
    "links": {"self": f"{SITE}/questions/7/", "action": f"{SITE}/actions/41/"},
}

QUESTION = response_example("A question to a council", OPEN_QUESTION)

NEW_QUESTION = request_example(
    "Ask a council", {"addressee": "organisation", "organisation": 9, "text": OPEN_QUESTION["text"]}
)

ANSWER = request_example("Answer", {"answer": "31 of 33. The other two name theirs in July."})

ANSWERED_QUESTION = response_example(
    "Answered",
    {
        **OPEN_QUESTION,
        "answer": "31 of 33. The other two name theirs in July.",
        "answered_by": {"id": 31, "name": "Wakefield case system (API client)"},
        "answered_at": "2020-06-19T10:07:00+01:00",
    },
)
