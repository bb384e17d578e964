"""The tests' calendar: the year is 2020, and it is 19 June at 10 in the morning, London time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
AT = datetime(2020, 6, 19, 10, tzinfo=LONDON)
TODAY = date(2020, 6, 19)
EARLIER = datetime(2020, 4, 1, 9, tzinfo=LONDON)
SINCE = date(2019, 4, 1)
