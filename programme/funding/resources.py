"""The tables of funding records."""

from programme.funding.models import (
    FundingDecision,
    FundingRound,
    Grant,
    GrantFund,
    GrantLimit,
    StatedTotal,
)
from programme.records.resources import Resource, qualified
from web.language import lazy_text

ROOM = "funding"
ROUNDS = Resource(
    model=FundingRound,
    room=ROOM,
    slug="rounds",
    fields=("programme", "funder", "year", "stage"),
    listed=("programme", "year", "funder", "stage"),
    key=("programme", "year"),
    filters=("stage", "basis"),
    sample={"year": "2019/20"},
    help=lazy_text("Each year's process of deciding which councils are funded."),
)
DECISIONS = Resource(
    model=FundingDecision,
    room=ROOM,
    slug="decisions",
    fields=("round", "organisation", "status", "amount", "posts", "projects", "decided_on", "told_on"),
    listed=("organisation", "round", "status", "amount", "posts"),
    key=("round", "organisation"),
    filters=("round", "organisation", "status", "basis"),
    joined=("round", "organisation"),
    parent="round",
    headers={"amount": ("Amount",), "organisation": ("Council",)},
    help=lazy_text("Whether each council is funded, by year. An amount only where a source gives one."),
)
FUNDS = Resource(
    model=GrantFund,
    room=ROOM,
    slug="funds",
    fields=("name", "funder", "funder_identifier", "purpose"),
    listed=("name", "funder", "purpose"),
    key=("name",),
    filters=("basis",),
    joined=("funder",),
    help=lazy_text("Funds that grants are made from."),
)
LIMITS = Resource(
    model=GrantLimit,
    room=ROOM,
    slug="limits",
    fields=("fund", "amount", "valid_from", "valid_to"),
    listed=("fund", "amount", "valid_from", "valid_to"),
    key=("fund", "valid_from"),
    headers={"amount": ("Limit", "Amount")},
    filters=("fund", "basis"),
    joined=("fund",),
    parent="fund",
    sample={"amount": "10000.00", "valid_from": "1 April 2019"},
    help=lazy_text("The most that one grant of a fund may be, by the days on which that holds."),
)
GRANTS = Resource(
    model=Grant,
    room=ROOM,
    slug="grants",
    fields=(
        *("fund", "identifier", "title", "description", "recipient", "recipient_identifier", "amount"),
        *("awarded_on", "purpose", "conditions", "reasons", "area", "state"),
    ),
    listed=("identifier", "title", "recipient", "amount", "awarded_on", "state"),
    key=("identifier",),
    filters=("fund", "area", "state", "basis"),
    joined=("fund", "area"),
    parent="fund",
    headers={"amount": ("Amount Awarded", "Amount"), "recipient": ("Recipient Org:Name", "Recipient")},
    help=lazy_text(
        "Grants with their recipient, purpose, conditions and reasons, which the law asks to be published."
    ),
)
TOTALS = Resource(
    model=StatedTotal,
    room=ROOM,
    slug="totals",
    fields=("fund", "amount", *qualified("number"), "since"),
    listed=("fund", "amount", "number", "as_at"),
    key=("fund", "as_at"),
    filters=("fund", "basis"),
    joined=("fund",),
    parent="fund",
    help=lazy_text("Totals that a paper states, whether or not their grants are in any source."),
)
RESOURCES = (ROUNDS, DECISIONS, FUNDS, LIMITS, GRANTS, TOTALS)
