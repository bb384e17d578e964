"""The past moment that somebody asks for."""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime

from audit.clock import LONDON
from audit.models import Entry
from standards.dates import read_plan_date

EXAMPLE = "Enter a day such as 8 October 2019"


def moment_of(text: str, *, now: datetime) -> datetime:
    """Return the moment that a text names: a time with its zone, or the end of a day in London (today: now).

    Args:
        text: `2019-10-08`, `8 October 2019` or `2019-10-08T17:00:00+01:00`.

    Raises:
        ValidationError: it is neither, it is in the future, or the record began later.
    """
    at = _time_of(text)
    if at is None:
        day = _day_of(text)
        at = datetime.combine(day, time.max, LONDON)
        if day == now.astimezone(LONDON).date():
            at = now
    if at > now:
        raise ValidationError("This is in the future. Enter a day that has passed")
    first = Entry.objects.order_by("at").values_list("at", flat=True).first()
    if first is None or at < first:
        begin = f" on {first.astimezone(LONDON):%-d %B %Y}" if first else " later"
        raise ValidationError(f"The record began{begin}. Enter that day or a later one")
    return at


def _time_of(text: str) -> datetime | None:
    try:
        at = parse_datetime(text) if "T" in text else None
    except ValueError as error:
        raise ValidationError(EXAMPLE) from error
    if "T" in text and (at is None or at.tzinfo is None):
        raise ValidationError("Enter a time with its zone, such as 2019-10-08T17:00:00+01:00")
    return at


def _day_of(text: str) -> date:
    try:
        day = parse_date(text) or read_plan_date(text).on
    except ValueError as error:
        raise ValidationError(EXAMPLE) from error
    if day is None:
        raise ValidationError(EXAMPLE)
    return day
