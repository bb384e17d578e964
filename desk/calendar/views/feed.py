"""The feed for a person's calendar program, as iCalendar (RFC 5545)."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDuration

from audit import clock
from audit.reading import note_reader
from desk.calendar.services.days import Day, days_of, revised_at
from desk.calendar.services.links import holder_of
from standards.text import clean_line
from web.language import lazy_text

PRODUCT = "-//Prevent Tracker//My work//EN"
NAME = lazy_text("Prevent Tracker")
# How often programs should read the feed again.
REFRESH = timedelta(hours=6)


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Return the calendar of the person whose link this is, with the rights they have today."""
    holder = holder_of(secret=secret)
    if holder is None:
        raise Http404("No such calendar")
    note_reader(holder)
    on = clock.today()
    content = as_icalendar(
        days_of(actor=holder, on=on),
        on=on,
        revised=revised_at(actor=holder, on=on),
        site=request.build_absolute_uri("/"),
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="prevent-tracker.ics"'
    response["X-Robots-Tag"] = "noindex"
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response


def _london() -> Timezone:
    """Return the United Kingdom's time since 1996. Changes are in the local time before them, which `from_tzid` gets wrong."""
    zone = Timezone()
    zone.add("tzid", str(clock.LONDON))
    greenwich, summer = timedelta(0), timedelta(hours=1)
    for part, name, begins, before, after in (
        (TimezoneDaylight(), "BST", datetime(1996, 3, 31, 1), greenwich, summer),  # noqa: DTZ001 (local time)
        (TimezoneStandard(), "GMT", datetime(1996, 10, 27, 2), summer, greenwich),  # noqa: DTZ001
    ):
        part.add("dtstart", begins)
        part.add("rrule", {"freq": "yearly", "bymonth": begins.month, "byday": "-1su"})
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part.add("tzname", name)
        zone.add_component(part)
    return zone


def as_icalendar(days: Iterable[Day], *, on: date, revised: datetime | None, site: str) -> bytes:
    """Return days as whole-day events that block no time, and meetings at their time.

    Args:
        on: the day the calendar is of.
        revised: when something last changed in the record.
        site: the address of the service, with its final slash.
    """
    calendar = Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN")):
        calendar.add(name, value)
    calendar.add("name", NAME)
    calendar.add("x-wr-calname", NAME)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    # A name that the library does not know, so it would write a duration as Python does.
    calendar.add("x-published-ttl", vDuration(REFRESH))
    # A calendar needs one component at least, and a person without dates has no event.
    calendar.add_component(_london())
    begun = datetime(on.year, on.month, on.day, tzinfo=clock.LONDON)
    stamp = max(revised or begun, begun).astimezone(UTC).replace(microsecond=0)
    for day in days:
        calendar.add_component(_event(day, stamp, site))
    return calendar.to_ical()


def _event(day: Day, stamp: datetime, site: str) -> Event:
    address = urljoin(site, day.path)
    event = Event()
    event.add("uid", f"{day.key}@{urlsplit(site).netloc}")
    event.add("dtstamp", stamp)
    if day.starts_at is None:
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
    else:
        event.add("dtstart", datetime.combine(day.on, day.starts_at, clock.LONDON))
        if day.ends_at is not None:
            event.add("dtend", datetime.combine(day.on, day.ends_at, clock.LONDON))
    event.add("summary", _plain(day.title))
    event.add("description", "\n".join(filter(None, [_plain(day.reason), address])))
    event.add("url", address)
    event.add("class", "PRIVATE")
    if day.place:
        event.add("location", _plain(day.place))
    if day.is_cancelled:
        event.add("status", "CANCELLED")
    takes_time = day.starts_at is not None and not day.is_cancelled
    event.add("transp", "OPAQUE" if takes_time else "TRANSPARENT")
    return event


def _plain(text: str) -> str:
    return " ".join(clean_line(text).split())
