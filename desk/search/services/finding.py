from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, overload

from django.db import connection
from django.db.models import Value
from django.utils.safestring import SafeString

from audit.actors import Actor
from desk.search.services.excerpts import as_html
from desk.search.services.kinds import Kind, Source
from desk.search.services.plain import Plain
from desk.search.services.postgresql import FullText
from desk.search.services.records import RECORDS
from desk.search.services.sources import LIMIT, SOURCE_OF, Ranks, by_reference
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
    def source(self) -> Source:
        return SOURCE_OF[self.kind]

    @property
    def title(self) -> str:
        return self.source.name(self.row)

    @property
    def marking(self) -> str:
        return self.source.marking_of(self.row)


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
        kinds: Collection[Kind],
    ) -> None:
        self.engine, self.visible = engine, visible
        self.cut = [each for each in Kind if len(ranks[each]) > LIMIT]
        best = {each: _newest(ranks[each]) for each in Kind}
        self.numbers = {each: len(best[each]) for each in Kind}
        keys = [(each, pk) for each in Kind if not kinds or each in kinds for pk in best[each]]
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
        for each in {kind for kind, _ in keys}:
            source = SOURCE_OF[each]
            rows = self.visible[each].filter(pk__in=[pk for kind, pk in keys if kind == each])
            rows = rows.select_related(*source.joined).annotate(excerpt=self.engine.excerpt(source))
            for row in rows:
                hits[each, row.pk] = Hit(each, row, as_html(self.engine.marked(row.excerpt)))
        return [hits[key] for key in keys if key in hits]


def search(
    *,
    actor: Actor,
    text: str,
    on: date,
    kinds: Collection[Kind] = (),
    among: Collection[Kind] = tuple(Kind),
) -> Results:
    """Search the rows the actor may view on the day; a text with only excluded words has no results.

    Args:
        kinds: the kinds to list, or none for all; results of every kind are counted all the same.
        among: the kinds to search and count.
    """
    terms = Terms.of(text)
    ranks: dict[Kind, Ranks] = {each: {} for each in Kind}
    if not terms.required:
        return Results(Plain(terms), {}, ranks, kinds)
    engine = FullText.of(terms) if connection.vendor == "postgresql" else Plain(terms)
    absent = _records_without_match(engine, among)
    visible = {each: SOURCE_OF[each].visible(actor, on) for each in among if each not in absent}
    for each, rows in visible.items():
        ranks[each] = engine.ranks(SOURCE_OF[each], rows)
    if Kind.ACTION in visible:
        ranks[Kind.ACTION] |= by_reference(visible[Kind.ACTION], text)
    return Results(engine, visible, ranks, kinds)


def _records_without_match(engine: Plain | FullText, among: Collection[Kind]) -> set[Kind]:
    """Return the kinds of record of which none matches, in one query: most searches are about few of the many kinds."""
    matches = {
        source.kind: engine.matches(source, source.model.objects.order_by()).values_list(
            Value(source.kind.value)
        )
        for source in RECORDS
        if source.kind in among
    }
    if not matches:
        return set()
    first, *others = matches.values()
    return matches.keys() - {Kind(kind) for (kind,) in first.union(*others)}


def _newest(ranks: Ranks) -> Ranks:
    """Keep the best LIMIT rows; of equal rank, the newest."""
    best: Iterable[int] = sorted(ranks, key=lambda pk: (-ranks[pk], -pk))[:LIMIT]
    return {pk: ranks[pk] for pk in best}
