"""Former names of records: a file exported before a renaming still uses them."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, Q

from audit.models import Entry
from audit.services import system_ledger
from partners.models import Partnership

Named = TypeVar("Named", bound=Model)

NAME_FIELDS = ("name", "short_name", "email")


class FormerNames:
    """Former names of a partnership's records, from the ledger.

    Read in two queries, and only when a name is not known otherwise.

    Args:
        models: whose former names count.
    """

    def __init__(self, *, partnership: Partnership, models: Iterable[type[Model]]) -> None:
        self._partnership = partnership
        self._labels = [model._meta.label_lower for model in models]

    def matching_rows(self, *, rows: Iterable[Named], text: str, key: Callable[[str], str]) -> set[Named]:
        """Return those of the rows that a text once named.

        Args:
            key: returns the form of a name to compare.
        """
        name_key = key(text)
        return {
            row
            for row in rows
            if any(
                key(name) == name_key for name in self._names.get((row._meta.label_lower, str(row.pk)), ())
            )
        }

    @cached_property
    def _names(self) -> dict[tuple[str, str], set[str]]:
        changes_a_name = Q()
        for name in NAME_FIELDS:
            changes_a_name |= Q(changes__has_key=name)
        entries = Entry.objects.filter(
            changes_a_name,
            ledger__in=(self._partnership.ledger_id, system_ledger().pk),
            target_type__in=self._labels,
        )
        names: dict[tuple[str, str], set[str]] = {}
        for label, pk, changes in entries.values_list("target_type", "target_id", "changes"):
            former = {changes[name][0] for name in NAME_FIELDS if name in changes} - {None, ""}
            if former:
                names.setdefault((label, pk), set()).update(former)
        return names
