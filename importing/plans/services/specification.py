"""The columns of a plan: those of its actions, and their progress."""

from actions.core.table import ACTION
from web.resources import columns
from web.tables import Column, Specification

PLAN = Specification(
    columns=(
        *columns(ACTION),
        Column(
            "progress",
            "the progress",
            ("Progress to date", "Progress", "Progress update", "Update", "Latest update", "Current position", "Comments"),
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
