"""The engine for databases without full-text search: every word as typed, in any case, anywhere in a row.

A regular expression is slower than LIKE, and knows accents and hyphens; such databases are small.
"""

from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_
from typing import Any

from django.db.models import Case, FloatField, Q, QuerySet, Value, When

from desk.search.services.excerpts import mark_words
from desk.search.services.kinds import Source
from desk.search.services.sources import Ranks, newest
from desk.search.services.terms import Terms
from standards.characters import pattern_of


@dataclass(frozen=True)
class Plain:
    terms: Terms

    def ranks(self, source: Source, rows: "QuerySet[Any]") -> Ranks:
        """Rank the matching rows; a word in a heading ranks before the same word in a text."""
        required = self.terms.required
        rank = reduce(add, [_weight(word, source.headings) for word in required]) / len(required)
        return dict(newest(self.matches(source, rows).annotate(rank=rank)).values_list("pk", "rank"))

    def matches(self, source: Source, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that match."""
        places = (*source.headings, *source.texts)
        rows = rows.filter(reduce(and_, [_contains(word, places) for word in self.terms.required]))
        if self.terms.excluded:
            rows = rows.exclude(reduce(or_, [_contains(word, places) for word in self.terms.excluded]))
        return rows

    def excerpt(self, source: Source) -> Any:
        """Return the expression whose value `marked` needs."""
        return source.body

    def marked(self, body: str) -> str:
        return mark_words(body, self.terms.required)


def _contains(word: str, places: tuple[str, ...]) -> Q:
    return reduce(or_, [Q(**{f"{place}__iregex": pattern_of(word)}) for place in places])


def _weight(word: str, headings: tuple[str, ...]) -> Any:
    if not headings:
        return Value(0.4, output_field=FloatField())
    there = When(_contains(word, headings), then=Value(1.0))
    return Case(there, default=Value(0.4), output_field=FloatField())
