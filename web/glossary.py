"""The words of the service, for the glossary and for explanations in place."""

from dataclasses import dataclass

from web.language import lazy_text


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
        lazy_text("Action"),
        lazy_text("A piece of work in a plan. It has one lead organisation, one owner and one due date."),
    ),
    "assurance": Term(
        lazy_text("Assurance"),
        lazy_text(
            "An auditor checks that an action is done. The owner submits it, and the auditor assures it, returns it with a "
            "reason, or sets a day to test it again. Nobody assures an action that they own, approved or reported on."
        ),
    ),
    "board": Term(
        lazy_text("Board"),
        lazy_text(
            "A group that oversees the plan: Bronze in each district, Silver for the districts together, Gold or the "
            "Steering Board above them."
        ),
    ),
    "channel": Term(
        lazy_text("Channel"),
        lazy_text(
            "The panels, led by local authorities, that support people who may be drawn into terrorism. This service counts "
            "whether the police were represented. It never records people or cases."
        ),
        lazy_text("Counter-Terrorism and Security Act 2015, sections 36 to 41"),
    ),
    "evidence": Term(
        lazy_text("Evidence"),
        lazy_text(
            "A file or link that shows what was done. The service stores each version and its SHA-256, so that a changed file "
            "is noticed."
        ),
    ),
    "finding": Term(
        lazy_text("Finding"),
        lazy_text(
            "A recommendation, area for improvement or cause of concern in a report of an inspecting body."
        ),
    ),
    "hmicfrs": Term(
        "HMICFRS",
        lazy_text(
            "His Majesty's Inspectorate of Constabulary and Fire & Rescue Services. It inspects police forces and follows "
            "its recommendations in a register."
        ),
    ),
    "ledger": Term(
        lazy_text("Ledger"),
        lazy_text(
            "The record of every change: who made it, when, and the values before and after. Entries cannot be changed or "
            "deleted, and each is tied to the one before it."
        ),
    ),
    "marking": Term(
        lazy_text("Marking"),
        lazy_text(
            "How information must be handled: OFFICIAL, or OFFICIAL-SENSITIVE with a handling instruction. Only people with a "
            "need to know see OFFICIAL-SENSITIVE actions."
        ),
        lazy_text("Government Security Classifications Policy, Cabinet Office"),
    ),
    "mou": Term(
        "MOU",
        lazy_text(
            "The memorandum of understanding. It says which areas of Prevent work are led by local policing, which by "
            "counter terrorism policing, and who supports them."
        ),
    ),
    "opcc": Term(
        "OPCC",
        lazy_text(
            "The office of the police and crime commissioner, who holds the chief constable to account."
        ),
        lazy_text("Police Reform and Social Responsibility Act 2011"),
    ),
    "pillar": Term(
        lazy_text("Pillar"),
        lazy_text(
            "A part of a plan. Plans of West Yorkshire have three: Identify, Safeguard and Manage Risk."
        ),
    ),
    "rag": Term(
        "RAG",
        lazy_text(
            "A rating: red, amber or green. Red is overdue, or will miss its date. Amber is at risk, with recovery in hand. "
            "Green is on track. The owner declares it; the service also works one out from the dates and shows where the two "
            "differ."
        ),
    ),
    "return": Term(
        lazy_text("Return"),
        lazy_text(
            "What a district reports to the programme manager for a month or quarter, action by action."
        ),
    ),
    "section-55": Term(
        lazy_text("Section 55 letter"),
        lazy_text(
            "The commissioner's comments on an inspection report, with the chief constable's, sent to the Secretary of State "
            "within 56 days of publication."
        ),
        lazy_text("Police Act 1996, section 55"),
    ),
    "spoc": Term(
        "SPOC",
        lazy_text(
            "Single point of contact: the officer who looks after a district's actions and reports on them."
        ),
    ),
    "tier": Term(
        lazy_text("Tier"),
        lazy_text(
            "In the 2008 framework, the people that work is meant for, from everybody in a place to those already involved in "
            "terrorism. In boards, the level: Bronze, Silver or Gold."
        ),
    ),
    "waiting": Term(
        lazy_text("Waiting on a partner"),
        lazy_text(
            "An action needs something from another organisation. The partner acknowledges or declines the request, and the "
            "days are counted."
        ),
    ),
}
