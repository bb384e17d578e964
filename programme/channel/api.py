"""Channel panels in the API: read; months are added and corrected by the district that checks them, and by the council."""

from programme.channel.resources import MONTHS, PANELS
from programme.records.api import endpoints_of

panels = endpoints_of(PANELS, "channel-panel", "channel_panel")
months = endpoints_of(MONTHS, "panel-month", "panel_month")
