"""The scopes of access tokens, each with a description of what it allows.

A token never allows more than its account can do; scopes only narrow that. Partners depend on the names, so never
rename or remove one.
"""

PROVISIONING = "scim:write"
"""For an identity provider, which creates and deactivates accounts. Only administrators give it to a client."""

SCOPES = {
    "actions:read": (
        "Read plans, pillars, organisations and actions, with their updates, dates, milestones, dependencies and "
        "evidence details"
    ),
    "updates:write": "Add progress updates to actions",
    "evidence:read": "Download evidence files",
    "evidence:write": "Add evidence to actions",
    "dates:write": "Request new due dates, withdraw requests, and change the milestones of actions",
    "dependencies:write": "Record that an action is waiting on a partner, answer for the partner, and close the wait",
    "questions:write": "Ask about actions, and answer questions about them",
    "assurance:write": "Submit actions for assurance",
    "returns:read": "Read returns",
    "returns:write": "Complete, submit and query returns",
    "recommendations:read": "Read inspections and recommendations, and the actions that respond to them",
    "recommendations:write": "Update the status of recommendations",
    "decisions:read": "Read your tasks and the requests waiting for your decision",
    "decisions:write": "Approve or reject requests",
    "meetings:read": "Read boards, their meetings and minutes, and the actions arising from them",
    "meetings:write": "Write meetings, agendas, attendance and minutes, and report on actions arising",
    "papers:read": "Read papers to boards, their sections and figures",
    "escalations:write": "Acknowledge escalations and add comments",
    "programme:read": "Read funding, training, local profiles, Channel representation and frameworks",
    "programme:write": "Record training events, attendance, training completed, Champions, Channel representation and readings",
    "changes:read": "Follow changes to everything you can see",
    "webhooks:write": "Set up webhooks, which send changes to your own address",
}
