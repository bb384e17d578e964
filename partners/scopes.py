"""What a token can be for: every scope and, in words, what it lets its bearer do.

A scope narrows and never widens: who bears a token has the rights of its account, as far as its scopes go. The names are
told to partners, so none is ever renamed or taken out.
"""

SCOPES = {
    "actions:read": (
        "Read plans, pillars, organisations and actions, with their updates, dates, milestones, dependencies and the "
        "particulars of their evidence"
    ),
    "updates:write": "Say where an action stands",
    "evidence:read": "Download the files of evidence",
    "evidence:write": "Add evidence to an action",
    "dates:write": "Ask for another date, take a request back, and keep the milestones of an action",
    "dependencies:write": "Say that an action waits for a partner, answer for the partner, and end a wait",
    "assurance:write": "Submit an action for assurance",
    "returns:read": "Read the returns that are asked for, and what they said",
    "returns:write": "Fill in a return, submit it, and question one",
    "recommendations:read": "Read inspections and recommendations, and which actions answer them",
    "recommendations:write": "Say where a recommendation stands",
    "decisions:read": "Read your tasks and the decisions you need to make",
    "decisions:write": "Decide what others ask for",
    "escalations:write": "Acknowledge escalations to you",
    "changes:read": "Follow every change of what you may see",
    "webhooks:write": "Have changes sent to an address of yours",
}
