"""Fill in the dates of the sandbox's tables, which are relative to the day on which it is made."""

import re
from datetime import date, datetime, timedelta

from audit.clock import LONDON, london_date

# {n}, {now}, {-20}, {-20 09:30}, {+40}, {month-2}, {month-2+5 09:30}
PLACEHOLDER = re.compile(
    r"\{(n|now|(month)?(?P<months>(?<=month)[+-]\d+)?(?P<days>[+-]\d+)?)(?: (?P<time>\d\d:\d\d))?\}"
)


def fill_in(text: str, *, at: datetime, number: int) -> str:
    """Replace the placeholders of a table.

    `{n}` is the sandbox's number and `{now}` the moment `at` by the clock in London. `{-20}` is the day twenty days
    before it and `{month-2}` the first day of the month two months before; `{month-2+5 09:30}` is a moment on the fifth
    day after that.

    Raises:
        ValueError: when a placeholder is unknown.
    """

    def replacement(match: re.Match[str]) -> str:
        match match[1]:
            case "n":
                return str(number)
            case "now":
                return at.astimezone(LONDON).replace(tzinfo=None).isoformat()
        day = london_date(at)
        if match[2]:
            day = _month(day, int(match["months"] or 0))
        day += timedelta(days=int(match["days"] or 0))
        return f"{day.isoformat()}T{match['time']}:00" if match["time"] else day.isoformat()

    result = PLACEHOLDER.sub(replacement, text)
    if "{" in result:
        raise ValueError(f"Unknown placeholder: {result[result.index('{') :][:40]!r}")
    return result


def _month(day: date, months: int) -> date:
    """Return the first day of the month so many months later, or earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
