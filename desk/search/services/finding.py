from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, overload

from django.db import connection
from django.utils.safestring import SafeString

from desk.search.services.excerpts import as_html
from desk.search.services.plain import Plain
from desk.search.services.postgresql import FullText
from desk.search.services.sources import LIMIT, SOURCES, Kind, Ranks, by_reference
from desk.search.services.terms import Terms

if TYPE_CHECKING:
    from django.db.models import QuerySet

Key = tuple[Kind, int]


@dataclass(frozen=True)
class Hit:
    """One row that was found; `excerpt` is safe to print, what was found in <mark>."""

    kind: Kind
    row: Any
    excerpt: SafeString

    @property
    def marking(self) -> str:
        if self.kind == Kind.UPDATE:
            return str(self.row.action.marking)
        return str(self.row.inspection.marking if self.kind == Kind.RECOMMENDATION else self.row.marking)


class Found(Sequence[Hit]):
    """What a search found, best first. Rows are read for the slice that is asked for.

    Attributes:
        numbers: how many of each kind were found, whatever kind is shown.
        cut: the kinds of which more match than are ranked; the newest LIMIT of them stand here.
    """

    def __init__(
        self, engine: Plain | FullText, seen: dict[Kind, "QuerySet[Any]"], ranks: dict[Kind, Ranks], kind: str
    ) -> None:
        self.engine, self.seen = engine, seen
        self.cut = [each for each in Kind if len(ranks[each]) > LIMIT]
        kept = {each: _newest(ranks[each]) for each in Kind}
        self.numbers = {each: len(kept[each]) for each in Kind}
        shown = [(each, pk) for each in Kind if kind in ("", each) for pk in kept[each]]
        order = list(Kind)
        self.keys = sorted(shown, key=lambda key: (-kept[key[0]][key[1]], order.index(key[0]), -key[1]))

    @property
    def total(self) -> int:
        """How many rows of all kinds were found."""
        return sum(self.numbers.values())

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> list[Hit]: ...
    def __getitem__(self, index: int | slice) -> Hit | list[Hit]:
        if isinstance(index, slice):
            return self._read(self.keys[index])
        return self._read([self.keys[index]])[0]

    def _read(self, keys: list[Key]) -> list[Hit]:
        hits: dict[Key, Hit] = {}
        for source in SOURCES:
            pks = [pk for kind, pk in keys if kind == source.kind]
            rows = self.seen[source.kind].filter(pk__in=pks)
            rows = rows.select_related(*source.joined).annotate(excerpt=self.engine.excerpt(source))
            for row in rows:
                hits[source.kind, row.pk] = Hit(source.kind, row, as_html(self.engine.marked(row.excerpt)))
        return [hits[key] for key in keys if key in hits]


def search(
    *, actor: Any, text: str, on: date, kind: str = "", among: Collection[Kind] = tuple(Kind)
) -> Found:
    """Find what the actor may see on the day by its words; what has no word that is wanted finds nothing.

    Args:
        kind: only this one (a Kind) is listed; what was found is counted by kind all the same.
        among: the kinds that are looked at; of others nothing is found or counted.
    """
    terms = Terms.of(text)
    seen = {source.kind: source.seen(actor, on) for source in SOURCES}
    seen |= {each: seen[each].none() for each in Kind if each not in among}
    if not terms.wanted:
        return Found(Plain(terms), seen, {each: {} for each in Kind}, kind)
    engine = FullText.of(terms) if connection.vendor == "postgresql" else Plain(terms)
    ranks = {source.kind: engine.ranks(source, seen[source.kind]) for source in SOURCES}
    ranks[Kind.ACTION] |= by_reference(seen[Kind.ACTION], text)
    return Found(engine, seen, ranks, kind)


def _newest(ranks: Ranks) -> Ranks:
    """Leave out what is beyond the limit: of what ranks least, the oldest."""
    best: Iterable[int] = sorted(ranks, key=lambda pk: (-ranks[pk], -pk))[:LIMIT]
    return {pk: ranks[pk] for pk in best}
