"""The rooms of the programme, and the kinds of record in each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404

from partners.policies import Role
from programme.channel import resources as channel
from programme.channel.views import room as channel_room
from programme.frameworks import resources as frameworks
from programme.frameworks.views import room as frameworks_room
from programme.funding import resources as funding
from programme.funding.views import room as funding_room
from programme.mou import resources as mou
from programme.mou.views import room as mou_room
from programme.profiles import resources as profiles
from programme.profiles.views import room as profiles_room
from programme.records.resources import Resource
from programme.training import resources as training
from programme.training.views import room as training_room
from web.language import lazy_text


@dataclass(frozen=True)
class Room:
    """One part of the programme.

    Attributes:
        figures: takes the user and the day; returns what the page shows above the records.
    """

    slug: str
    title: str
    help: str
    resources: tuple[Resource, ...]
    figures: Callable[[Any, date], dict[str, Any]]

    @property
    def viewers(self) -> set[Role]:
        """The roles that view some of its records, besides those that view the work."""
        return {role for resource in self.resources for role in resource.model.viewers}


ROOMS = (
    Room(
        "funding",
        lazy_text("Funding and grants"),
        lazy_text(
            "Which councils are funded, year by year, and the grants of the Police and Crime Commissioner."
        ),
        funding.RESOURCES,
        funding_room,
    ),
    Room(
        "training",
        lazy_text("Training and Champions"),
        lazy_text("Events, attendance and completions as counts, never with names."),
        training.RESOURCES,
        training_room,
    ),
    Room(
        "profiles",
        lazy_text("Local profiles"),
        lazy_text("The register of Counter-Terrorism Local Profiles. It holds no content of a profile."),
        profiles.RESOURCES,
        profiles_room,
    ),
    Room(
        "channel",
        lazy_text("Channel panels"),
        lazy_text(
            "Who represents the police at the councils' Channel panels. Counts only: nothing about cases or people."
        ),
        channel.RESOURCES,
        channel_room,
    ),
    Room(
        "frameworks",
        lazy_text("Frameworks"),
        lazy_text("National frameworks, what the plan covers of them, and readings. No reading is not zero."),
        frameworks.RESOURCES,
        frameworks_room,
    ),
    Room(
        "mou",
        lazy_text("Memorandum of understanding"),
        lazy_text("Who leads and who supports each area of responsibility, with their open and red actions."),
        mou.RESOURCES,
        mou_room,
    ),
)
RESOURCES = tuple(resource for room in ROOMS for resource in room.resources)


def room_at(slug: str) -> Room:
    """Return the room with an address, or answer 404."""
    for room in ROOMS:
        if room.slug == slug:
            return room
    raise Http404("There is no such room")


def resource_at(room: str, slug: str) -> Resource:
    """Return the kind of record with an address, or answer 404."""
    for resource in RESOURCES:
        if (resource.room, resource.slug) == (room, slug):
            return resource
    raise Http404("There is no such kind of record")


def parts_of(resource: Resource) -> list[Resource]:
    """Return the kinds of record that belong to records of this kind."""
    return [
        part for part in RESOURCES if part.parent and part.column(part.parent).related_model is resource.model
    ]
