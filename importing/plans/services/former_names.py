"""Names that rows bore before: a file exported before a renaming still says them."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar

from django.db.models import Model, Q

from actions.models import Pillar
from audit.models import Entry
from audit.services import system_ledger
from partners.models import Area, MouArea, Organisation, Partnership, User

One = TypeVar("One", bound=Model)

NAMES = ("name", "short_name", "email")
RENAMED = [model._meta.label_lower for model in (Area, MouArea, Organisation, Pillar, User)]


class FormerNames:
    """Former names of a partnership's reference data, pillars and people, from the ledger.

    Read in two queries, and only when a name is not known otherwise.
    """

    def __init__(self, *, partnership: Partnership) -> None:
        self._partnership = partnership

    def bearers(self, *, rows: Iterable[One], text: str, key: Callable[[str], str]) -> set[One]:
        """Return those of the rows that a text once named.

        Args:
            key: makes of a name what is compared.
        """
        wanted = key(text)
        return {
            row
            for row in rows
            if any(key(name) == wanted for name in self._names.get((row._meta.label_lower, str(row.pk)), ()))
        }

    @cached_property
    def _names(self) -> dict[tuple[str, str], set[str]]:
        has_name = Q()
        for name in NAMES:
            has_name |= Q(changes__has_key=name)
        entries = Entry.objects.filter(
            has_name,
            ledger__in=(self._partnership.ledger_id, system_ledger().pk),
            target_type__in=RENAMED,
        )
        names: dict[tuple[str, str], set[str]] = {}
        for label, pk, changes in entries.values_list("target_type", "target_id", "changes"):
            former = {changes[name][0] for name in NAMES if name in changes} - {None, ""}
            if former:
                names.setdefault((label, pk), set()).update(former)
        return names
