"""What the 360Giving Data Standard asks of a file of grants, as a table of our own.

The titles, the ten required fields and the rules on dates are those of the reference page, the paths and types those of
`schema/360-giving-schema.json` in https://github.com/ThreeSixtyGiving/standard (Creative Commons Attribution 4.0). The schema
itself is not copied: the table holds the fields that our file has, and every required one.
https://standard.threesixtygiving.org/en/latest/technical/reference/
"""

from decimal import Decimal
from typing import Any

TEXT = {"type": "string", "minLength": 1}
DAY = {"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$"}
MOMENT = {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}
NUMBER = {"type": "number"}

# Title in a spreadsheet, path in JSON, what it holds, and whether it is required.
FIELDS: tuple[tuple[str, str, dict[str, Any], bool], ...] = (
    ("Identifier", "id", TEXT, True),
    ("Title", "title", TEXT | {"maxLength": 140}, True),
    ("Description", "description", TEXT, True),
    ("Currency", "currency", {"enum": ["GBP"]}, True),
    ("Amount Awarded", "amountAwarded", NUMBER, True),
    ("Award Date", "awardDate", DAY, True),
    ("Recipient Org:Identifier", "recipientOrganization/id", TEXT, True),
    ("Recipient Org:Name", "recipientOrganization/name", TEXT, True),
    ("Funding Org:Identifier", "fundingOrganization/id", TEXT, True),
    ("Funding Org:Name", "fundingOrganization/name", TEXT, True),
    ("Grant Programme:Title", "grantProgramme/title", TEXT, False),
    ("Beneficiary Location:Name", "beneficiaryLocation/name", TEXT, False),
    ("Last modified", "dateModified", MOMENT, False),
)
# Columns of our own, which the standard allows: the law asks for them to be published.
OWN = ("Purpose", "Conditions", "Reasons")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one grant."""
    grant: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
    for _, path, kind, required in FIELDS:
        group, _, name = path.rpartition("/")
        parent = grant
        if group:
            parent = grant["properties"].setdefault(
                group,
                {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "object", "properties": {}, "required": []},
                },
            )["items"]
        parent["properties"][name] = kind
        if required:
            parent["required"].append(name)
            if group and group not in grant["required"]:
                grant["required"].append(group)
    return grant


def as_json(row: dict[str, str]) -> dict[str, Any]:
    """Return a row of the file as the standard's JSON holds it; empty cells are left out."""
    grant: dict[str, Any] = {}
    for title, path, kind, _ in FIELDS:
        if not row[title]:
            continue
        group, _, name = path.rpartition("/")
        parent = grant.setdefault(group, [{}])[0] if group else grant
        parent[name] = float(Decimal(row[title])) if kind is NUMBER else row[title]
    return grant
