"""The tables of frameworks."""

from django.db.models import Q

from programme.frameworks.models import (
    ActionMapping,
    Framework,
    FrameworkItem,
    Grade,
    Measure,
    Reading,
    Term,
)
from programme.records.resources import Resource, qualified
from web.language import lazy_text

ROOM = "frameworks"
TIERS = Q(kind=FrameworkItem.Kind.TIER)
FRAMEWORKS = Resource(
    model=Framework,
    room=ROOM,
    slug="versions",
    fields=("name", "edition", "issued_on", "publisher", "printed_marking", "status"),
    listed=("name", "edition", "issued_on", "publisher", "status"),
    key=("name", "edition"),
    filters=("status", "basis"),
    headers={"edition": ("Edition",)},
    help=lazy_text("Frameworks, each version by itself. Their readings are never joined."),
)
ITEMS = Resource(
    model=FrameworkItem,
    room=ROOM,
    slug="items",
    fields=("framework", "code", "kind", "text", "order"),
    listed=("code", "text", "kind", "framework"),
    key=("framework", "code"),
    filters=("framework", "kind"),
    joined=("framework",),
    parent="framework",
    help=lazy_text("The objectives, tiers, benchmarks and outcomes of a framework."),
)
GRADES = Resource(
    model=Grade,
    room=ROOM,
    slug="grades",
    fields=("framework", "name", "order"),
    listed=("name", "order", "framework"),
    key=("framework", "name"),
    filters=("framework",),
    joined=("framework",),
    parent="framework",
    help=lazy_text("The words of a framework's scale, the lowest first."),
)
MEASURES = Resource(
    model=Measure,
    room=ROOM,
    slug="measures",
    fields=("item", "name", "unit", "graded", "direction", "definition_version"),
    listed=("name", "item", "unit", "definition_version"),
    key=("item", "name", "definition_version"),
    filters=("item", "direction"),
    joined=("item__framework",),
    parent="item",
    help=lazy_text("What is measured of an item."),
)
READINGS = Resource(
    model=Reading,
    room=ROOM,
    slug="readings",
    fields=(
        *("measure", "organisation", "area", "period_from", "period_to", *qualified("number"), "grade"),
        "evidence",
    ),
    shown=("framework", "moderated_on", "moderated_by"),
    listed=("measure", "framework", "organisation", "period_from", "period_to", "value"),
    key=("measure", "organisation", "period_from", "period_to"),
    filters=("framework", "measure", "organisation", "basis"),
    through={"framework": "measure__item__framework"},
    joined=("measure__item__framework", "organisation", "area", "grade", "moderated_by"),
    parent="measure",
    sample={"number": "12", "period_from": "1 January 2020"},
    help=lazy_text("What a measure was for an organisation in a period. No reading is not zero."),
)
MAPPINGS = Resource(
    model=ActionMapping,
    room=ROOM,
    slug="actions",
    fields=("item", "tier", "action"),
    listed=("item", "tier", "action"),
    key=("item", "tier", "action"),
    filters=("item",),
    joined=("item__framework", "tier", "action"),
    parent="item",
    offered={"item": ~TIERS, "tier": TIERS},
    help=lazy_text("Which actions serve which item."),
)
TERMS = Resource(
    model=Term,
    room=ROOM,
    slug="terms",
    fields=("framework", "name", "meaning"),
    listed=("name", "meaning", "framework"),
    key=("framework", "name"),
    filters=("framework",),
    joined=("framework",),
    parent="framework",
    help=lazy_text("The glossary of a framework."),
)
RESOURCES = (FRAMEWORKS, ITEMS, GRADES, MEASURES, READINGS, MAPPINGS, TERMS)
