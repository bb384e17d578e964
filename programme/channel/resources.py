"""The tables of Channel representation."""

from programme.channel.models import ChannelPanel, PanelMonth
from programme.records.resources import Resource
from web.language import lazy_text

ROOM = "channel"
PANELS = Resource(
    model=ChannelPanel,
    room=ROOM,
    slug="panels",
    fields=("council", "monitored_by", "requirement", "required_from"),
    listed=("council", "monitored_by", "requirement"),
    key=("council",),
    filters=("basis",),
    joined=("council", "monitored_by"),
    help=lazy_text("The panels of the councils, which own and chair them."),
)
MONTHS = Resource(
    model=PanelMonth,
    room=ROOM,
    slug="months",
    fields=(
        *("panel", "month", "held", "both", "local_only", "ctp_only", "neither", "not_recorded"),
        *("reason", "checked_by"),
    ),
    listed=("panel", "month", "held", "both", "local_only", "ctp_only", "neither", "not_recorded"),
    key=("panel", "month"),
    filters=("panel", "basis"),
    joined=("panel__council", "panel__monitored_by"),
    parent="panel",
    headers={"held": ("Held", "Meetings")},
    sample={"held": "2", "both": "1", "local_only": "1"},
    help=lazy_text(
        "How many meetings a panel held in a month, by who represented the police. Counts only: nothing about cases or people."
    ),
)
RESOURCES = (MONTHS, PANELS)
