"""The PostgreSQL engine: English full-text search, and trigrams for misspelt words.

Comparing a misspelt word with whole texts takes milliseconds for each row, so it is compared with the record's words
(SearchWord) instead, and similar words are searched for too. The first migration of the desk creates the indexes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.lookups import TrigramSimilar
from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorExact,
    TrigramSimilarity,
)
from django.db.models import CharField, F, Func, IntegerField, TextField, Value
from django.db.models.lookups import GreaterThan

from desk.search.models import SearchWord
from desk.search.services.excerpts import BEGIN, END
from desk.search.services.kinds import Source
from desk.search.services.sources import LIMIT, Ranks, newest
from desk.search.services.terms import Terms
from standards.characters import TYPED, TYPOGRAPHIC

if TYPE_CHECKING:
    from django.db.models import QuerySet

# English, with every accent left out; the first migration of the desk creates it.
CONFIG = "plain_english"
# How similar two words must be, from 0 to 1: more for a word of the record, which is probably spelt right. Only the
# nearest few similar words are searched for.
ALIKE_KNOWN, ALIKE_UNKNOWN = 0.6, 0.35
NEAREST = 3
SHORTEST = 4
# Ranks are normalised to below 1; exact words rank before similar ones.
BELOW_ONE = 32
EXACT = 1.0


@dataclass(frozen=True)
class FullText:
    """A query, and the same query with similar words added (None without any).

    Attributes:
        excluded: terms a row must not contain.
    """

    exact: Any
    wide: Any
    excluded: tuple[str, ...]

    @classmethod
    def of(cls, terms: Terms) -> "FullText":
        alike = _alike(terms.words)
        exact = reduce(and_, [_query(term) for term in terms.required])
        wide = reduce(and_, [_query(term, *alike.get(term, ())) for term in terms.required])
        return cls(exact, wide if alike else None, terms.excluded)

    def ranks(self, source: Source, rows: "QuerySet[Any]") -> Ranks:
        """Rank the matching rows; a word in a heading ranks before the same word in a text."""
        ranks = self._ranked(source, rows, self.exact, EXACT)
        if self.wide is not None and len(ranks) <= LIMIT:
            ranks = self._ranked(source, rows, self.wide, 0.0) | ranks
        return ranks

    def _ranked(self, source: Source, rows: "QuerySet[Any]", query: Any, above: float) -> Ranks:
        rank = SearchRank(_vector(source), query, normalization=BELOW_ONE)
        matches = newest(self._matching(source, rows, query).annotate(rank=rank))
        return {pk: rank + above for pk, rank in matches.values_list("pk", "rank")}

    def matches(self, source: Source, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Keep the rows that match, with similar words too."""
        return self._matching(source, rows, self.exact if self.wide is None else self.wide)

    def _matching(self, source: Source, rows: "QuerySet[Any]", query: Any) -> "QuerySet[Any]":
        # A query of common words only is empty, and would match everything with an exclusion.
        is_not_empty = GreaterThan(Func(query, function="numnode", output_field=IntegerField()), 0)
        condition = reduce(and_, [query, *(~_query(term) for term in self.excluded)])
        return rows.filter(is_not_empty, SearchVectorExact(_vector(source), condition))

    def excerpt(self, source: Source) -> Any:
        """Return the expression whose value `marked` needs."""
        return SearchHeadline(
            source.body,
            self.exact if self.wide is None else self.wide,
            config=CONFIG,
            start_sel=BEGIN,
            stop_sel=END,
            min_words=15,
            max_words=30,
            max_fragments=2,
            fragment_delimiter=" … ",
        )

    def marked(self, headline: str) -> str:
        return headline


def _vector(source: Source) -> Any:
    parts = ((source.headings, "A"), (source.texts, "B"))
    return reduce(
        add,
        [SearchVector(*map(typed, names), config=CONFIG, weight=weight) for names, weight in parts if names],
    )


def typed(name: str) -> Func:
    """Return a column with the hyphens and spaces that a keyboard has, for it to be split into words."""
    return Func(F(name), Value(TYPOGRAPHIC), Value(TYPED), function="translate", output_field=TextField())


def _alike(words: Iterable[str]) -> dict[str, list[str]]:
    """Return for each word the most similar words of the record, if it has any."""
    searched = [word for word in words if word.isalpha() and len(word) >= SHORTEST]
    if not searched:
        return {}
    first, *others = (_neighbours(word) for word in searched)
    rows = list(first.union(*others, all=True).order_by("-alike", "word"))
    known = {word for word, other, _ in rows if word == other}
    similar: dict[str, list[str]] = defaultdict(list)
    for word, other, alike in rows:
        enough = ALIKE_KNOWN if word in known else ALIKE_UNKNOWN
        if other != word and alike >= enough and len(similar[word]) < NEAREST:
            similar[word].append(other)
    return {word: others for word, others in similar.items() if others}


def _neighbours(word: str) -> "QuerySet[Any, Any]":
    """Return a word with each similar word of the record, and how similar they are."""
    similar = SearchWord.objects.filter(TrigramSimilar(F("word"), Value(word)))
    searched_word = Value(word, output_field=CharField())
    return similar.annotate(searched_word=searched_word, alike=TrigramSimilarity("word", word)).values_list(
        "searched_word", "word", "alike"
    )


def _query(*terms: str) -> Any:
    """Match any of the terms; the parts of each must be together, as in sg-03."""
    return reduce(or_, [SearchQuery(term, config=CONFIG, search_type="phrase") for term in terms])
