"""Example requests and responses of due date changes and milestones."""

from actions.core.examples import SITE, request_example, response_example

REQUESTED = {
    "id": 12,
    "action": {"id": 41, "ref": "WY20-05", "version": 6},
    "old_due": "2020-06-30",
    "new_due": "2020-08-14",
    "days": 45,
    "reason": "Both trainers are ill until the middle of July.",
    "level": "manager",
    "state": "requested",
    "requested_by": {"id": 31, "name": "Wakefield case system (API client)"},
    "requested_at": "2020-06-19T10:06:00+01:00",
    "taken_over_by": None,
    "decided_by": None,
    "decided_at": None,
    "decision_reason": "",
    "minute": None,
    "reference": "",
    "links": {"self": f"{SITE}/date-requests/12/", "action": f"{SITE}/actions/41/"},
}


ADDED_MILESTONE = {
    "id": 5,
    "action": {"id": 41, "ref": "WY20-05", "version": 6},
    "title": "Every trainer is named",
    "original_due": "2020-06-26",
    "due": "2020-06-26",
    "reached_on": None,
    "dropped_on": None,
    "note": "",
    "overdue": False,
    "links": {"self": f"{SITE}/milestones/5/", "action": f"{SITE}/actions/41/"},
}


DATE_REQUEST = response_example("A later date requested", REQUESTED)


NEW_DATE_REQUEST = request_example(
    "Six weeks more", {"new_due": REQUESTED["new_due"], "reason": REQUESTED["reason"], "version": 5}
)


WITHDRAWAL = request_example("No longer needed", {"reason": "A trainer came from the next district."})


WITHDRAWN = response_example(
    "Withdrawn",
    {
        **REQUESTED,
        "state": "withdrawn",
        "decided_by": REQUESTED["requested_by"],
        "decided_at": "2020-06-22T09:00:00+01:00",
        "decision_reason": "A trainer came from the next district.",
    },
)


DECISION = request_example("Approved", {"approve": True, "reason": "Nobody else can train them."})


DECIDED = response_example(
    "Approved by the programme manager",
    {
        **REQUESTED,
        "state": "approved",
        "decided_by": {"id": 8, "name": "Programme manager"},
        "decided_at": "2020-06-22T09:00:00+01:00",
        "decision_reason": "Nobody else can train them.",
    },
)


MILESTONE = response_example("A milestone in June", ADDED_MILESTONE)


NEW_MILESTONE = request_example(
    "A milestone", {"title": ADDED_MILESTONE["title"], "due": "2020-06-26", "version": 5}
)


MOVED = request_example("A later date", {"due": "2020-06-29", "reason": "The list comes on the 29th."})


REACHED = request_example("Reached", {"reached_on": "2020-06-19"})


DROPPED = request_example("Dropped", {"reason": "One trainer takes all courses."})


MILESTONE_REACHED = response_example(
    "A milestone that was reached", {**ADDED_MILESTONE, "reached_on": "2020-06-19"}
)


MILESTONE_DROPPED = response_example(
    "A milestone that was dropped",
    {**ADDED_MILESTONE, "dropped_on": "2020-06-19", "note": "One trainer takes all courses."},
)
