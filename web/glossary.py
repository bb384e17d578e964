"""The words of the service, for the glossary and for explanations in place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A word and what it means, in sentences.

    Attributes:
        source: where the meaning comes from, if not from this service.
    """

    name: str
    meaning: str
    source: str = ""


TERMS = {
    "action": Term(
        "Action", "A piece of work in a plan. It has one lead organisation, one owner and one due date."
    ),
    "assurance": Term(
        "Assurance",
        "An auditor checks that an action is done. The owner submits it, and the auditor assures it, returns it with a "
        "reason, or sets a day to test it again. Nobody assures an action that they own, approved or reported on.",
    ),
    "board": Term(
        "Board",
        "A group that oversees the plan: Bronze in each district, Silver for the districts together, Gold or the "
        "Steering Board above them.",
    ),
    "channel": Term(
        "Channel",
        "The panels, led by local authorities, that support people who may be drawn into terrorism. This service counts "
        "whether the police were represented. It never records people or cases.",
        "Counter-Terrorism and Security Act 2015, sections 36 to 41",
    ),
    "evidence": Term(
        "Evidence",
        "A file or link that shows what was done. The service stores each version and its SHA-256, so that a changed file "
        "is noticed.",
    ),
    "finding": Term(
        "Finding",
        "A recommendation, area for improvement or cause of concern in a report of an inspecting body.",
    ),
    "hmicfrs": Term(
        "HMICFRS",
        "His Majesty's Inspectorate of Constabulary and Fire & Rescue Services. It inspects police forces and follows "
        "its recommendations in a register.",
    ),
    "ledger": Term(
        "Ledger",
        "The record of every change: who made it, when, and the values before and after. Entries cannot be changed or "
        "deleted, and each is tied to the one before it.",
    ),
    "marking": Term(
        "Marking",
        "How information must be handled: OFFICIAL, or OFFICIAL-SENSITIVE with a handling instruction. Only people with a "
        "need to know see OFFICIAL-SENSITIVE actions.",
        "Government Security Classifications Policy, Cabinet Office",
    ),
    "mou": Term(
        "MOU",
        "The memorandum of understanding. It says which areas of Prevent work are led by local policing, which by "
        "counter terrorism policing, and who supports them.",
    ),
    "opcc": Term(
        "OPCC",
        "The office of the police and crime commissioner, who holds the chief constable to account.",
        "Police Reform and Social Responsibility Act 2011",
    ),
    "pillar": Term(
        "Pillar", "A part of a plan. Plans of West Yorkshire have three: Identify, Safeguard and Manage Risk."
    ),
    "rag": Term(
        "RAG",
        "A rating: red, amber or green. Red is overdue, or will miss its date. Amber is at risk, with recovery in hand. "
        "Green is on track. The owner declares it; the service also works one out from the dates and shows where the two "
        "differ.",
    ),
    "return": Term(
        "Return", "What a district reports to the programme manager for a month or quarter, action by action."
    ),
    "section-55": Term(
        "Section 55 letter",
        "The commissioner's comments on an inspection report, with the chief constable's, sent to the Secretary of State "
        "within 56 days of publication.",
        "Police Act 1996, section 55",
    ),
    "spoc": Term(
        "SPOC",
        "Single point of contact: the officer who looks after a district's actions and reports on them.",
    ),
    "tier": Term(
        "Tier",
        "In the 2008 framework, the people that work is meant for, from everybody in a place to those already involved in "
        "terrorism. In boards, the level: Bronze, Silver or Gold.",
    ),
    "waiting": Term(
        "Waiting on a partner",
        "An action needs something from another organisation. The partner acknowledges or declines the request, and the "
        "days are counted.",
    ),
}
