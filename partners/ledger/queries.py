"""The ledger as an auditor reads it: entries by filter, and their verbs, fields and values in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext

from audit.models import Entry, Read, Tracked
from partners.partnerships.models import Partnership
from partners.policies import Rights, audited_partnerships
from web.language import day_text, in_english, lazy_text
from web.templatetags.govuk import moment

EMPTY = lazy_text("Nothing")
Row = TypeVar("Row", Entry, Read)
KINDS = {
    "change": "Change for a second administrator",
    "item": "Agenda item",
    "own_status": "Force status",
    "passage": "Text from a return",
    "register": "Register status",
    "section": "Section of a paper",
    "section55": "Section 55",
    "template": "Template of papers",
    "view": "Saved view",
}
ACTION = "actions.action"
# Records that have a marking, by the field of those that belong to them.
MARKED = {
    "action": "actions.action",
    "plan": "actions.plan",
    "inspection": "inspections.inspection",
    "meeting": "meetings.meeting",
}


@dataclass(frozen=True)
class LedgerSearch:
    """What an auditor looks for; an empty value finds anything.

    Attributes:
        since, before: moments; an entry at `before` is left out.
    """

    record: str = ""
    action: str = ""
    person: str = ""
    kind: str = ""
    since: datetime | None = None
    before: datetime | None = None

    def filter(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Keep the entries, or the lines of readers, that it speaks of; a line of readers names no action."""
        lookups = {
            "target_label__icontains": self.record,
            "actor_label__icontains": self.person,
            "target_type": self.kind,
            "at__gte": self.since,
            "at__lt": self.before,
        }
        return rows.filter(**{name: value for name, value in lookups.items() if value})

    def filter_entries(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        entries = self.filter(entries)
        return entries.filter(_about_action(entries, self.action)) if self.action else entries


def _about_action(entries: QuerySet[Entry], ref: str) -> Q:
    """Return the filter for entries of the actions with a reference, and of what belongs to them."""
    named = Entry.objects.filter(ledger__in=entries.values("ledger"), target_type=ACTION)
    named = named.filter(Q(target_label__iexact=ref) | Q(target_label__istartswith=f"{ref} "))
    ids = set(named.values_list("target_id", flat=True))
    of_action = Q(state__action__in=[int(pk) for pk in ids])
    return Q(target_type=ACTION, target_id__in=ids) | of_action


@dataclass(frozen=True)
class FieldChange:
    """A changed field, with both values as people read them."""

    field: str
    old: str
    new: str


def readable_ledger(*, rights: Rights, partnership_id: int) -> int | None:
    """Return the partnership's id if the user may open its ledger, or None."""
    return partnership_id if partnership_id in audited_partnerships(rights) else None


def kinds_of_records() -> list[tuple[str, str]]:
    """Return the models that a ledger records, by label, with their names in words."""
    tracked = [model for model in apps.get_models() if issubclass(model, Tracked)]
    pairs = [(model._meta.label_lower, _words(model._meta.verbose_name)) for model in tracked]
    return sorted(pairs, key=lambda pair: pair[1])


@in_english
def verb_in_words(verb: str) -> str:
    """Return "Action returned" for `action.returned`, in English as it is recorded."""
    kind, _, rest = verb.partition(".")
    return " ".join([KINDS.get(kind, _words(kind)), rest.replace("_", " ")]).strip()


def changes_in_words(*, entry: Entry) -> list[FieldChange]:
    """Return the changed fields of an entry by their names, sorted."""
    model = _model(entry.target_type)
    changes = [
        FieldChange(_label(model, name), _value(model, name, old), _value(model, name, new))
        for name, (old, new) in entry.changes.items()
    ]
    return sorted(changes, key=lambda change: change.field)


def kinds_with_marking() -> list[tuple[str, str]]:
    """Return the models whose rows have a marking, by label, with their names in words."""
    marked = {model._meta.label_lower for model in _marked_models()}
    return [(label, words) for label, words in kinds_of_records() if label in marked]


def reads_of(*, partnership: Partnership) -> QuerySet[Read]:
    """Return who read the sensitive records of a partnership, newest first."""
    rule = Q(pk__in=[])
    for model in _marked_models():
        path = str(model.ledger_path).removesuffix("__ledger")
        rows = model._base_manager.filter(**{path: partnership})
        rule |= Q(target_type=model._meta.label_lower, target_id__in=rows.values("pk"))
    return Read.objects.filter(rule)


def _marked_models() -> list[type[Tracked]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Tracked) and any(field.name == "marking" for field in model._meta.fields)
    ]


def note_shown(entries: Iterable[Entry]) -> None:
    """Load the records that these entries are about, so that showing a sensitive one is recorded."""
    ids: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        ids[entry.target_type].add(int(entry.target_id))
        for name, label in MARKED.items():
            if pk := (entry.state or {}).get(name):
                ids[label].add(pk)
    for label in MARKED.values():
        if ids[label]:
            list(apps.get_model(label)._base_manager.filter(pk__in=ids[label]))


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None  # recorded by an older version


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _label(model: type[models.Model] | None, name: str) -> str:
    return _words(getattr(_field(model, name), "verbose_name", name))


def _value(model: type[models.Model] | None, name: str, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    field = _field(model, name)
    if getattr(field, "is_relation", False):
        return ", ".join(_names(field.related_model, value if isinstance(value, list) else [value]))
    choices = {str(key): str(label) for key, label in getattr(field, "flatchoices", ())}
    if isinstance(field, models.DateTimeField) and (at := parse_datetime(str(value))):
        return moment(at)
    if isinstance(field, models.DateField) and (day := _day(str(value))):
        return day_text(day)
    return choices.get(str(value), str(value))


def _day(value: str) -> date | None:
    try:
        return parse_date(value)
    except ValueError:
        return None


def _names(model: type[models.Model], pks: list[Any]) -> Iterator[str]:
    """Yield the present name of each row, or its number once it is gone."""
    rows = {str(row.pk): str(row) for row in model._base_manager.filter(pk__in=pks)}
    for pk in pks:
        yield rows.get(str(pk), gettext("number {pk}, removed since").format(pk=pk))


def _words(name: Any) -> str:
    words = str(name).replace("_", " ")
    return words[:1].upper() + words[1:]
