"""Every page of the programme, who opens it, and how it is reached; walked with those of tests/stories/pages.py."""

from programme.models import Attendance, Reading
from programme.overview.catalogue import ROOMS
from tests.programme.factories import stock
from tests.stories.pages import Visit, World, press


def add_records(world: World) -> None:
    """A record of every kind."""
    stock(world.cast)


def attendance(world: World) -> tuple[str, str, int]:
    return "training", "attendance", Attendance.objects.get().pk


def reading(world: World) -> tuple[str, str, int]:
    return "frameworks", "readings", Reading.objects.get().pk


def _kind(room: str, slug: str, who: str = "manager") -> list[Visit]:
    """Visit the list of a kind, and the page that adds a record, before and after it is sent empty."""
    at = f"{room}/{slug}"
    return [
        Visit("programme:record-list", who, lambda _: (room, slug), name=f"list of {at}"),
        Visit("programme:record-create", who, lambda _: (room, slug), name=f"form of {at}"),
        Visit(
            *("programme:record-create", who, lambda _: (room, slug)),
            then=press("Save"),
            name=f"empty form of {at}",
            status=422,
        ),
    ]


def _room(slug: str) -> Visit:
    return Visit("programme:room", "manager", lambda _: (slug,), name=f"room of {slug}")


PROGRAMME_VISITS = [
    Visit("programme:overview", "manager"),
    Visit("programme:overview", "bradford_spoc"),
    Visit("programme:foi", "manager"),
    *(_room(room.slug) for room in ROOMS),
    *_kind("training", "attendance"),
    *_kind("funding", "grants"),
    *_kind("channel", "months", "bradford_spoc"),
    *_kind("frameworks", "readings"),
    Visit("programme:record-page", "manager", attendance),
    Visit("programme:record-page", "manager", reading, name="page of a reading"),
    Visit("programme:reading-moderate", "auditor", lambda world: reading(world)[-1:]),
    Visit("programme:record-edit", "manager", attendance),
    Visit("programme:record-import", "manager", lambda _: ("training", "attendance")),
]
PROGRAMME_FILES = {
    "desk:panel-escalation": "the page of desk:escalation with another sentence",
    "programme:foi-export": "a file",
    "programme:grants-csv": "a file",
    "programme:record-export": "a file",
    "programme:record-import-confirm": "leads back to the list, or to the preview",
}
