"""The past moment that somebody asks for."""

from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, gettext_lazy

from audit.clock import LONDON
from standards.dates import read_plan_date
from web.language import day_text

EXAMPLE = gettext_lazy("Enter a day such as 8 October 2019")


def moment_of(text: str, *, now: datetime) -> datetime:
    """Return the moment that a text names: a time with its zone, or the end of a day in London (today: now).

    Args:
        text: `2019-10-08`, `8 October 2019` or `2019-10-08T17:00:00+01:00`.

    Raises:
        ValidationError: it is neither, or it is in the future.
    """
    at = _time_of(text)
    return end_of(_day_of(text), now=now) if at is None else _passed(at, now)


def end_of(day: date, *, now: datetime) -> datetime:
    """Return the last moment of a day in London; for today the present moment.

    Raises:
        ValidationError: the day is in the future.
    """
    if day == now.astimezone(LONDON).date():
        return now
    return _passed(datetime.combine(day, time.max, LONDON), now)


def check_began(at: datetime, *, began: datetime | None) -> None:
    """Raise ValidationError for a moment before the first of the record.

    Args:
        began: the first moment; None where there is no record, which is the same at any moment.
    """
    if began is not None and at < began:
        day = day_text(began.astimezone(LONDON))
        raise ValidationError(
            gettext("The record began on {day}. Enter that day or a later one").format(day=day)
        )


def _passed(at: datetime, now: datetime) -> datetime:
    if at > now:
        raise ValidationError(gettext("This is in the future. Enter a day that has passed"))
    return at


def _time_of(text: str) -> datetime | None:
    try:
        at = parse_datetime(text) if "T" in text else None
    except ValueError as error:
        raise ValidationError(EXAMPLE) from error
    if "T" in text and (at is None or at.tzinfo is None):
        raise ValidationError(gettext("Enter a time with its zone, such as 2019-10-08T17:00:00+01:00"))
    return at


def _day_of(text: str) -> date:
    try:
        day = parse_date(text) or read_plan_date(text).on
    except ValueError as error:
        raise ValidationError(EXAMPLE) from error
    if day is None:
        raise ValidationError(EXAMPLE)
    return day
