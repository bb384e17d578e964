"""The tables of training records."""

from programme.records.resources import Resource, qualified
from programme.training.models import (
    Attendance,
    ChampionsCount,
    Completion,
    TrainingEvent,
    TrainingProgramme,
)
from web.language import lazy_text

ROOM = "training"
PROGRAMMES = Resource(
    model=TrainingProgramme,
    room=ROOM,
    slug="programmes",
    fields=("name", "audience", "required", "provider", "validity_months"),
    listed=("name", "audience", "required", "provider"),
    key=("name",),
    filters=("basis",),
    headers={"name": ("Programme", "Course", "Training")},
    help=lazy_text("Courses and packages, and who should complete them."),
)
EVENTS = Resource(
    model=TrainingEvent,
    room=ROOM,
    slug="events",
    fields=(
        *(
            "title",
            "kind",
            "programme",
            "starts_on",
            "ends_on",
            "precision",
            "place",
            "host",
            "area",
            "regional",
        ),
        *("state", *qualified("number_held", "attended"), "contributors", "may_include"),
    ),
    listed=("title", "kind", "when", "host", "state", "attended"),
    key=("title", "starts_on"),
    filters=("kind", "state", "area", "basis"),
    joined=("host", "area", "programme", "may_include"),
    headers={
        "title": ("Event", "Name"),
        "starts_on": ("Starts on", "Start date", "Start", "Held on"),
        "state": ("State",),
        "attended": ("Attended", "Attendance", "Number attended"),
    },
    sample={"starts_on": "31 March 2020", "state": "Held"},
    help=lazy_text("Courses, conferences, workshops, forums and exercises."),
)
ATTENDANCE = Resource(
    model=Attendance,
    room=ROOM,
    slug="attendance",
    fields=("event", "organisation", "audience", *qualified("people")),
    listed=("event", "organisation", "audience", "people"),
    key=("event", "organisation", "audience"),
    filters=("event", "organisation", "basis"),
    joined=("event__host", "organisation"),
    parent="event",
    headers={"people": ("Attended", "Number", "Number attended")},
    total="people",
    help=lazy_text("How many people of each organisation attended an event. Numbers only, never names."),
)
COMPLETIONS = Resource(
    model=Completion,
    room=ROOM,
    slug="completions",
    fields=("programme", "organisation", "period_from", "period_to", *qualified("eligible", "completed")),
    listed=("programme", "organisation", "period_from", "period_to", "eligible", "completed"),
    key=("programme", "organisation", "period_from", "period_to"),
    filters=("programme", "organisation", "basis"),
    joined=("programme", "organisation"),
    parent="programme",
    sample={"period_from": "1 January 2020", "eligible": "80", "completed": "60"},
    help=lazy_text("How many of those eligible have completed a programme."),
)
CHAMPIONS = Resource(
    model=ChampionsCount,
    room=ROOM,
    slug="champions",
    fields=("organisation", "level", *qualified("people")),
    listed=("organisation", "level", "people", "as_at"),
    key=("organisation", "level", "as_at"),
    filters=("organisation", "level", "basis"),
    joined=("organisation",),
    help=lazy_text("How many Prevent Champions each organisation has. Numbers only, never names."),
)
RESOURCES = (EVENTS, ATTENDANCE, PROGRAMMES, COMPLETIONS, CHAMPIONS)
