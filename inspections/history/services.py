"""Histories of inspections, findings, responses and letters, read from the ledger."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max
from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.history.services import HIGHEST_VERSION, LONGEST_VALUE, Event
from audit.actors import Actor
from audit.models import Entry, Tracked
from web.language import day_text, lazy_text

TITLES = {
    "inspection.added": lazy_text("Inspection added"),
    "inspection.changed": lazy_text("Inspection changed"),
    "inspection.imported": lazy_text("Findings imported"),
    "section55.changed": lazy_text("Section 55 details changed"),
    "recommendation.added": lazy_text("Added"),
    "recommendation.changed": lazy_text("Details changed"),
    "recommendation.imported": lazy_text("Imported"),
    "recommendation.reimported": lazy_text("Changed by an import"),
    "recommendation.import_undone": lazy_text("Import undone"),
    "inspection.import_undone": lazy_text("Import of findings undone"),
    "recommendation.register_recorded": lazy_text("Register status recorded"),
    "recommendation.linked": lazy_text("Action linked"),
    "recommendation.unlinked": lazy_text("Action unlinked"),
    "recommendation.sent_back": lazy_text("Sent back to in progress"),
    "response.written": lazy_text("Response written"),
    "letter.drafted": lazy_text("Letter drafted"),
    "letter.changed": lazy_text("Draft changed"),
    "letter.approved": lazy_text("Letter approved"),
    "letter.published": lazy_text("Letter published"),
    "letter.despatched": lazy_text("Dates sent recorded"),
    "letter.corrected": lazy_text("Correction drafted"),
}
# Of records of every kind.
VERBS = {
    "added": lazy_text("Added"),
    "changed": lazy_text("Changed"),
    "corrected": lazy_text("Corrected"),
    "imported": lazy_text("Imported"),
    "reimported": lazy_text("Changed by an import"),
    "moderated": lazy_text("Moderated"),
}
# What follows from other fields, is nobody's decision, or names a row that the reader may not see.
HIDDEN_FIELDS = frozenset(
    {"id", "partnership", "inspection", "version", "actions", "closed_on", "answered_through", "content"}
)


def timeline_of(*, row: Tracked) -> list[Event]:
    """Return the events of an inspection, a recommendation, a response or a letter, newest first.

    The caller checks that the reader may view the row.
    """
    return _events(row, Entry.objects.filter(_about(row)), reader=None)


def changes_since(*, actor: Actor, row: Tracked, version: int) -> list[Event]:
    """Return the events after a version of a row, newest first, marking the actor's own.

    An unknown version gives the whole history.
    """
    known = Entry.objects.filter(
        _about(row),
        # A posted version may be any number, even one too large for the database.
        state__version__lte=min(version, HIGHEST_VERSION),
    )
    floor = known.aggregate(last=Max("pk"))["last"] or 0
    return _events(row, Entry.objects.filter(_about(row), pk__gt=floor), reader=actor)


def _about(row: Tracked) -> models.Q:
    return models.Q(target_type=row._meta.label_lower, target_id=str(row.pk))


def _events(row: Tracked, entries: "models.QuerySet[Entry]", reader: Any) -> list[Event]:
    ordered = list(entries.order_by("sequence"))
    names = _names_in(row, ordered)
    return [
        Event(
            title=TITLES.get(entry.verb) or _title(row, entry.verb),
            byline=gettext("{actor_label} (you)").format(actor_label=entry.actor_label)
            if reader is not None and entry.actor_id == str(reader.pk)
            else entry.actor_label,
            at=entry.at,
            text=entry.note,
            lines=list(_lines(row, entry, names)),
            sequence=entry.sequence,
        )
        for entry in reversed(ordered)
    ]


def _title(row: Tracked, verb: str) -> str:
    """Return the label of the state for a verb that is a state."""
    last = verb.rpartition(".")[2]
    states = dict(_choices(row, "state"))
    return str(states.get(last) or VERBS.get(last) or last.replace("_", " ").capitalize())


def _lines(row: Tracked, entry: Entry, names: dict[tuple[Any, Any], str]) -> Iterator[str]:
    """Describe each changed field. The fields of a new row are left out, because the page shows them."""
    if "id" in entry.changes:
        return
    for name, (old, new) in entry.changes.items():
        if name in HIDDEN_FIELDS:
            continue
        column = _column(row, name)
        words = str(getattr(column, "verbose_name", "") or name).replace("_", " ")
        label = words[:1].upper() + words[1:]
        before, after = _words(row, name, old, names), _words(row, name, new, names)
        if before and after:
            yield gettext("{label} changed from {before} to {after}").format(
                label=label, before=before, after=after
            )
        elif after:
            yield gettext("{label} set to {after}").format(label=label, after=after)
        else:
            yield gettext("{label} removed (it was {before})").format(label=label, before=before)


def _words(row: Tracked, name: str, value: Any, names: dict[tuple[Any, Any], str]) -> str:
    column = _column(row, name)
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column is not None and column.is_relation:
        return names.get((column.related_model, value), gettext("no. {value}").format(value=value))
    if isinstance(column, models.DateField):
        return _day(value)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    chosen = dict(_choices(row, name)).get(value)
    return str(chosen or f"“{Truncator(str(value)).chars(LONGEST_VALUE)}”")


def _choices(row: Tracked, name: str) -> Any:
    return getattr(_column(row, name), "flatchoices", ()) or ()


def _column(row: Tracked, name: str) -> Any:
    """Return the field of that name; None for one that a later version of the tracker no longer has."""
    try:
        return row._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _day(value: Any) -> str:
    try:
        return day_text(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _names_in(row: Tracked, entries: list[Entry]) -> dict[tuple[Any, Any], str]:
    """Name every row that the changes mention, with one query for each kind of row."""
    pks_by_model: dict[Any, set[Any]] = {}
    for entry in entries:
        for name, pair in entry.changes.items():
            column = _column(row, name)
            if (
                "id" not in entry.changes
                and name not in HIDDEN_FIELDS
                and column is not None
                and column.is_relation
            ):
                pks_by_model.setdefault(column.related_model, set()).update(
                    pk for pk in pair if pk is not None
                )
    return {
        (model, pk): str(other)
        for model, pks in pks_by_model.items()
        for pk, other in model._default_manager.in_bulk(sorted(pks)).items()
    }
