"""Grants in the layout of the 360Giving Data Standard.

The column titles are those of the standard's spreadsheet template. Required there: identifier, title, description, currency,
amount awarded, award date, and the identifiers and names of recipient and funder.
https://standard.threesixtygiving.org/en/latest/technical/reference/
"""

from collections.abc import Iterable, Iterator
from typing import Any

from actions.core.models import Action
from programme.funding.models import Grant
from web.formulas import guarded_text

CURRENCY = "GBP"
HEADER = (
    *("Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date"),
    *("Recipient Org:Identifier", "Recipient Org:Name", "Funding Org:Identifier", "Funding Org:Name"),
    *("Grant Programme:Title", "Beneficiary Location:Name", "Last modified"),
    *("Purpose", "Conditions", "Reasons"),
)


def published(*, grants: Iterable[Grant]) -> Iterator[Grant]:
    """Keep the grants that were made and that may be published; examples are not grants."""
    for grant in grants:
        decided = grant.publication == Action.Publication.PUBLISH
        if decided and grant.state in Grant.GRANTED and grant.basis != Grant.Basis.ILLUSTRATIVE:
            yield grant


def lines(*, grants: Iterable[Grant]) -> Iterator[list[Any]]:
    """Yield a row for each grant that may be published."""
    for grant in published(grants=grants):
        row = (
            *(grant.identifier, grant.title, grant.description, CURRENCY),
            *(f"{grant.amount:.2f}", grant.awarded_on.isoformat() if grant.awarded_on else ""),
            *(grant.recipient_identifier, grant.recipient),
            *(grant.fund.funder_identifier, grant.fund.funder.name, grant.fund.name),
            *(grant.area.name if grant.area else "", f"{grant.as_at.isoformat()}T00:00:00Z"),
            *(grant.purpose, grant.conditions, grant.reasons),
        )
        yield [guarded_text(value) for value in row]
