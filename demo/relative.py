"""Days of the sandbox's tables, told from the day on which it is made."""

import re
from datetime import date, datetime, timedelta

from audit.clock import LONDON, london_date

# {n}, {now}, {-20}, {-20 09:30}, {+40}, {month-2}, {month-2+5 09:30}
OPEN = re.compile(
    r"\{(n|now|(month)?(?P<months>(?<=month)[+-]\d+)?(?P<days>[+-]\d+)?)(?: (?P<time>\d\d:\d\d))?\}"
)


def filled(text: str, *, at: datetime, number: int) -> str:
    """Put in what a table leaves open.

    `{n}` is the sandbox's number and `{now}` the moment `at` by the clock in London. `{-20}` is the day twenty days
    before it and `{month-2}` the first day of the month two months before; `{month-2+5 09:30}` is a moment on the fifth
    day after that.

    Raises:
        ValueError: when something else stands in braces.
    """

    def put(found: re.Match[str]) -> str:
        match found[1]:
            case "n":
                return str(number)
            case "now":
                return at.astimezone(LONDON).replace(tzinfo=None).isoformat()
        day = london_date(at)
        if found[2]:
            day = _month(day, int(found["months"] or 0))
        day += timedelta(days=int(found["days"] or 0))
        return f"{day.isoformat()}T{found['time']}:00" if found["time"] else day.isoformat()

    told = OPEN.sub(put, text)
    if "{" in told:
        raise ValueError(f"What stands in braces is not known: {told[told.index('{') :][:40]!r}")
    return told


def _month(day: date, months: int) -> date:
    """Return the first day of the month so many months later, or earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
