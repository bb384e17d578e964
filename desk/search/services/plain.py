"""The engine of databases without full-text search: every word as typed, large or small letters, anywhere in a row."""

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
        """Return the rows found, a word in a heading before the same word in a text."""
        wanted, unwanted = self.terms.wanted, self.terms.unwanted
        places = (*source.headings, *source.texts)
        found = rows.filter(reduce(and_, [_stands(word, places) for word in wanted]))
        if unwanted:
            found = found.exclude(reduce(or_, [_stands(word, places) for word in unwanted]))
        rank = reduce(add, [_weight(word, source.headings) for word in wanted]) / len(wanted)
        return dict(newest(found.annotate(rank=rank)).values_list("pk", "rank"))

    def excerpt(self, source: Source) -> Any:
        """Return the expression of what `marked` needs of a row."""
        return source.body

    def marked(self, body: str) -> str:
        return mark_words(body, self.terms.wanted)


def _stands(word: str, places: tuple[str, ...]) -> Q:
    return reduce(or_, [Q(**{f"{place}__icontains": word}) for place in places])


def _weight(word: str, headings: tuple[str, ...]) -> Any:
    if not headings:
        return Value(0.4, output_field=FloatField())
    there = When(_stands(word, headings), then=Value(1.0))
    return Case(there, default=Value(0.4), output_field=FloatField())
