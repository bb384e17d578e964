"""The engine for databases without full-text search: every word as typed, in any case, anywhere in a row."""

from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_
from typing import Any

from django.db.models import Case, FloatField, Q, QuerySet, Value, When

from desk.search.services.excerpts import mark_words
from desk.search.services.sources import Ranks, Source, newest
from desk.search.services.terms import Terms


@dataclass(frozen=True)
class Plain:
    terms: Terms

    def ranks(self, source: Source, rows: "QuerySet[Any]") -> Ranks:
        """Rank the matching rows; a word in a heading ranks before the same word in a text."""
        required, excluded = self.terms.required, self.terms.excluded
        places = (*source.headings, *source.texts)
        matches = rows.filter(reduce(and_, [_contains(word, places) for word in required]))
        if excluded:
            matches = matches.exclude(reduce(or_, [_contains(word, places) for word in excluded]))
        rank = reduce(add, [_weight(word, source.headings) for word in required]) / len(required)
        return dict(newest(matches.annotate(rank=rank)).values_list("pk", "rank"))

    def excerpt(self, source: Source) -> Any:
        """Return the expression whose value `marked` needs."""
        return source.body

    def marked(self, body: str) -> str:
        return mark_words(body, self.terms.required)


def _contains(word: str, places: tuple[str, ...]) -> Q:
    return reduce(or_, [Q(**{f"{place}__icontains": word}) for place in places])


def _weight(word: str, headings: tuple[str, ...]) -> Any:
    if not headings:
        return Value(0.4, output_field=FloatField())
    there = When(_contains(word, headings), then=Value(1.0))
    return Case(there, default=Value(0.4), output_field=FloatField())
