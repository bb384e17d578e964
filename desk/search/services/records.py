"""What a search reads of the records around the plan: every kind, from its table."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, QuerySet, TextField

from audit.actors import Reader
from desk.search.services.kinds import Kind, Source
from programme.channel.resources import PANELS
from programme.funding.resources import DECISIONS
from programme.overview.catalogue import ROOMS
from programme.profiles.resources import ALIGNMENTS, BRIEFINGS
from programme.records.resources import Resource

# Few rows, which people look for by what they are about. The index of a kind reads its own columns only.
RELATED: dict[Resource, tuple[str, ...]] = {
    DECISIONS: ("organisation__name", "round__programme", "round__year"),
    PANELS: ("council__name",),
    BRIEFINGS: ("organisation__name", "profile__title"),
    ALIGNMENTS: ("organisation__name", "plan__title", "profile__title"),
}
ORIGIN = ("source", "note")


@dataclass(frozen=True, kw_only=True)
class RecordSource(Source):
    """What a search reads of one kind of record. A record that was corrected is left out."""

    resource: Resource
    scope: str = "programme:read"

    def visible(self, user: Reader, on: date) -> "QuerySet[Any]":
        rows: Any = self.model.objects.visible_to(user, on)
        current: QuerySet[Any] = rows.current()
        return current


def kind_of(resource: Resource) -> Kind:
    """Return the kind of result that records of a table are."""
    return Kind[re.sub(r"(?<!^)(?=[A-Z])", "_", resource.model.__name__).upper()]


def _source(resource: Resource) -> RecordSource:
    own = [name for name in resource.fields if _is_text(resource, name)]
    headings = [name for name in own if name in resource.listed]
    return RecordSource(
        kind=kind_of(resource),
        model=resource.model,
        headings=(*headings, *RELATED.get(resource, ())),
        texts=(*(name for name in own if name not in headings), *ORIGIN),
        joined=resource.joined,
        resource=resource,
    )


def _is_text(resource: Resource, name: str) -> bool:
    column = resource.column(name)
    return isinstance(column, CharField | TextField) and not column.choices


RECORDS = tuple(_source(resource) for room in ROOMS for resource in room.resources)
KINDS_BY_ROOM = {room: tuple(kind_of(resource) for resource in room.resources) for room in ROOMS}
