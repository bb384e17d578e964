"""What programs send and get when an action is to be withdrawn or superseded, and when it is judged."""

from drf_spectacular.utils import OpenApiExample

from actions.api.examples import SITE

WITHDRAW = {
    "id": 3,
    "action": {"id": 41, "ref": "WY20-05", "version": 6},
    "kind": "withdraw",
    "superseded_by": None,
    "reason": "The region does this now for every district.",
    "state": "requested",
    "requested_by": {"id": 8, "name": "Programme manager"},
    "requested_at": "2020-06-19T10:06:00+01:00",
    "taken_over_by": None,
    "decided_by": None,
    "decided_at": None,
    "decision_reason": "",
    "reference": "",
    "links": {"self": f"{SITE}/closure-proposals/3/", "action": f"{SITE}/actions/41/"},
}
ASSURED = {
    "id": 14,
    "action": {"id": 41, "ref": "WY20-05", "version": 11},
    "opinion": "assured",
    "note": "The attendance lists of May to July show all 45 staff.",
    "action_version": 10,
    "given_by": {"id": 12, "name": "OPCC auditor"},
    "given_at": "2020-06-19T10:06:00+01:00",
    "retest_on": "2020-12-18",
    "links": {"self": f"{SITE}/assurances/14/", "action": f"{SITE}/actions/41/"},
}


def _got(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, response_only=True, status_codes=["200", "201"], value=value)


def _sent(name: str, value: object) -> OpenApiExample:
    return OpenApiExample(name, request_only=True, value=value)


PROPOSAL = _got("A proposal that waits for the board", WITHDRAW)
NEW_PROPOSAL = _sent("A withdrawal", {"kind": "withdraw", "reason": WITHDRAW["reason"], "version": 5})
DECISION = _sent("Approved", {"approve": True, "reason": "Agreed.", "reference": "Gold 22 June 2020, item 4"})
DECIDED = _got(
    "Approved by the board",
    {
        **WITHDRAW,
        "state": "approved",
        "decided_by": {"id": 9, "name": "Gold"},
        "decided_at": "2020-06-22T09:00:00+01:00",
        "decision_reason": "Agreed.",
        "reference": "Gold 22 June 2020, item 4",
    },
)
RETRACTION = _sent("Not withdrawn after all", {"reason": "The region withdrew from it."})
RETRACTED = _got(
    "Taken back",
    {
        **WITHDRAW,
        "state": "withdrawn",
        "decided_by": WITHDRAW["requested_by"],
        "decided_at": "2020-06-22T09:00:00+01:00",
        "decision_reason": "The region withdrew from it.",
    },
)

ASSURANCE = _got("Assured, to be tested again", ASSURED)
NEW_ASSURANCE = _sent(
    "Assured", {"opinion": "assured", "note": ASSURED["note"], "retest_on": "2020-12-18", "version": 10}
)
RETURNED = _sent("Returned", {"opinion": "returned", "note": "The lists of July are missing.", "version": 10})
