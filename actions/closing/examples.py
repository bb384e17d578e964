"""Example requests and responses of proposals to withdraw or supersede an action."""

from actions.core.examples import SITE, request_example, response_example

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
    "minute": None,
    "reference": "",
    "links": {"self": f"{SITE}/closure-proposals/3/", "action": f"{SITE}/actions/41/"},
}


PROPOSAL = response_example("A proposal waiting for the board", WITHDRAW)


NEW_PROPOSAL = request_example(
    "A withdrawal", {"kind": "withdraw", "reason": WITHDRAW["reason"], "version": 5}
)


DECISION = request_example("Approved", {"approve": True, "reason": "Agreed.", "minute": 6})


DECIDED = response_example(
    "Approved by the board",
    {
        **WITHDRAW,
        "state": "approved",
        "decided_by": {"id": 9, "name": "Gold"},
        "decided_at": "2020-06-22T09:00:00+01:00",
        "decision_reason": "Agreed.",
        "minute": 6,
        "reference": "CONTEST Strategic Steering Board, 22 June 2020, minute 7/2020",
    },
)


RETRACTION = request_example("A proposal withdrawn", {"reason": "The region withdrew from it."})


RETRACTED = response_example(
    "Withdrawn by the programme manager",
    {
        **WITHDRAW,
        "state": "withdrawn",
        "decided_by": WITHDRAW["requested_by"],
        "decided_at": "2020-06-22T09:00:00+01:00",
        "decision_reason": "The region withdrew from it.",
    },
)
