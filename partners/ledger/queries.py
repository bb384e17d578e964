"""The ledger as an auditor reads it: entries by filter, and their verbs, fields and values in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime

from audit.models import Entry, Tracked
from partners.policies import Rights, audited_partnerships

EMPTY = "Nothing"
KINDS = {"section55": "Section 55"}
ACTION = "actions.action"


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

    def filter(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        lookups = {
            "target_label__icontains": self.record,
            "actor_label__icontains": self.person,
            "target_type": self.kind,
            "at__gte": self.since,
            "at__lt": self.before,
        }
        entries = entries.filter(**{name: value for name, value in lookups.items() if value})
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


def verb_in_words(verb: str) -> str:
    """Return "Action returned" for `action.returned`."""
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
        return "Yes" if value else "No"
    field = _field(model, name)
    if getattr(field, "is_relation", False):
        return ", ".join(_names(field.related_model, value if isinstance(value, list) else [value]))
    choices = {str(key): str(label) for key, label in getattr(field, "flatchoices", ())}
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(localtime(moment), "j F Y, H:i")
    if isinstance(field, models.DateField) and (day := _day(str(value))):
        return date_format(day, "j F Y")
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
        yield rows.get(str(pk), f"number {pk}, removed since")


def _words(name: Any) -> str:
    words = str(name).replace("_", " ")
    return words[:1].upper() + words[1:]
