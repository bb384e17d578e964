"""The columns of a plan: those of its actions, and their progress."""

from dataclasses import replace
from typing import Any

from actions.core.table import ACTION
from web.language import lazy_text
from web.resources import columns
from web.tables import Column, Specification

# What a file may have besides the usual headings: a revised due date, and references that begin the actions.
MORE: dict[str, dict[str, Any]] = {
    "ref": {"inside": "title"},
    "title": {"headers": ("Key action", "Key actions")},
    "due": {"revisable": True},
}


def _column(column: Column) -> Column:
    more = dict(MORE.get(column.key, {}))
    return replace(column, headers=(*column.headers, *more.pop("headers", ())), **more)


PLAN = Specification(
    columns=(
        *map(_column, columns(ACTION)),
        Column(
            "progress",
            lazy_text("the progress"),
            ("Progress to date", "Progress", "Progress update", "Update", "Latest update", "Current position", "Comments"),
            title=lazy_text("Progress"),
        ),
    )
)  # fmt: skip

# Words for the whole partnership in the column of districts.
ALL_AREAS = frozenset(
    {
        "all",
        "all districts",
        "all areas",
        "force-wide",
        "forcewide",
        "force wide",
        "county-wide",
        "countywide",
    }
)

# Names of organisations and people are left empty, because each partnership has its own.
SAMPLE = (
    {
        "ref": "1.1",
        "title": "Brief every neighbourhood team on referrals",
        "pillar": "Identify",
        "due": "30 September 2020",
        "success_measure": "Every team is briefed by the due date",
        "priority": "High",
    },
    {
        "ref": "2.1",
        "title": "Map the support that each district offers",
        "pillar": "Safeguard",
        "due": "Q3 2020/21",
        "success_measure": "A map that the Silver group has agreed",
        "priority": "Medium",
        "progress": "Four of five districts have answered",
    },
)
