from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, overload

from django.db import connection
from django.utils.safestring import SafeString

from audit.actors import Actor
from desk.search.services.excerpts import as_html
from desk.search.services.plain import Plain
from desk.search.services.postgresql import FullText
from desk.search.services.sources import LIMIT, SOURCE_OF, SOURCES, Kind, Ranks, by_reference
from desk.search.services.terms import Terms

if TYPE_CHECKING:
    from django.db.models import QuerySet

Key = tuple[Kind, int]


@dataclass(frozen=True)
class Hit:
    """One result. `excerpt` is safe HTML with the words in <mark>."""

    kind: Kind
    row: Any
    excerpt: SafeString

    @property
    def title(self) -> str:
        return SOURCE_OF[self.kind].name_of(self.row)

    @property
    def marking(self) -> str:
        return SOURCE_OF[self.kind].marking_of(self.row)


class Results(Sequence[Hit]):
    """The results of a search, best first. Rows are read when a slice is taken.

    Attributes:
        numbers: the number of results of each kind, for all kinds.
        cut: the kinds with more matches than LIMIT, of which only the newest are ranked.
    """

    def __init__(
        self,
        engine: Plain | FullText,
        visible: dict[Kind, "QuerySet[Any]"],
        ranks: dict[Kind, Ranks],
        kind: str,
    ) -> None:
        self.engine, self.visible = engine, visible
        self.cut = [each for each in Kind if len(ranks[each]) > LIMIT]
        best = {each: _newest(ranks[each]) for each in Kind}
        self.numbers = {each: len(best[each]) for each in Kind}
        keys = [(each, pk) for each in Kind if kind in ("", each) for pk in best[each]]
        order = list(Kind)
        self.keys = sorted(keys, key=lambda key: (-best[key[0]][key[1]], order.index(key[0]), -key[1]))

    @property
    def total(self) -> int:
        """The number of results of all kinds."""
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
            rows = self.visible[source.kind].filter(pk__in=pks)
            rows = rows.select_related(*source.joined).annotate(excerpt=self.engine.excerpt(source))
            for row in rows:
                hits[source.kind, row.pk] = Hit(source.kind, row, as_html(self.engine.marked(row.excerpt)))
        return [hits[key] for key in keys if key in hits]


def search(
    *, actor: Actor, text: str, on: date, kind: str = "", among: Collection[Kind] = tuple(Kind)
) -> Results:
    """Search the rows the actor may view on the day; a text with only excluded words has no results.

    Args:
        kind: the Kind to list; results of every kind are counted all the same.
        among: the kinds to search and count.
    """
    terms = Terms.of(text)
    visible = {source.kind: source.visible(actor, on) for source in SOURCES}
    visible |= {each: visible[each].none() for each in Kind if each not in among}
    if not terms.required:
        return Results(Plain(terms), visible, {each: {} for each in Kind}, kind)
    engine = FullText.of(terms) if connection.vendor == "postgresql" else Plain(terms)
    ranks = {source.kind: engine.ranks(source, visible[source.kind]) for source in SOURCES}
    ranks[Kind.ACTION] |= by_reference(visible[Kind.ACTION], text)
    return Results(engine, visible, ranks, kind)


def _newest(ranks: Ranks) -> Ranks:
    """Keep the best LIMIT rows; of equal rank, the newest."""
    best: Iterable[int] = sorted(ranks, key=lambda pk: (-ranks[pk], -pk))[:LIMIT]
    return {pk: ranks[pk] for pk in best}
