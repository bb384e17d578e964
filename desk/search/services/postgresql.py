"""PostgreSQL's engine: word forms by its English full-text search, misspelt words by the trigrams they share.

Comparing a misspelt word with whole texts takes milliseconds for each row, so it is compared with the record's words
(SearchWord) instead, and what is like it is looked for as well. desk/migrations/0003_search.py makes the indexes.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add, and_, or_
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import (
    SearchHeadline,
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorExact,
)
from django.db import connection
from django.db.models import Func, IntegerField
from django.db.models.lookups import GreaterThan

from desk.search.models import SearchWord
from desk.search.services.excerpts import BEGIN, END
from desk.search.services.sources import LIMIT, Ranks, Source, newest
from desk.search.services.terms import Terms

if TYPE_CHECKING:
    from django.db.models import QuerySet

CONFIG = "english"
# How alike two words must be, from 0 to 1: a word that stands in the record is meant, most likely, and one that does
# not is misspelt. Of words like it the nearest few are looked for.
ALIKE_KNOWN, ALIKE_UNKNOWN = 0.6, 0.35
NEAREST = 3
SHORTEST = 4
# Ranks are brought below one; what was asked for stands before what is like it.
BELOW_ONE = 32
AS_ASKED = 1.0


@dataclass(frozen=True)
class FullText:
    """A question as it was asked, and widened by words like its own (None where there are none).

    Attributes:
        unwanted: what a row must not say.
    """

    asked: Any
    wide: Any
    unwanted: tuple[str, ...]

    @classmethod
    def of(cls, terms: Terms) -> "FullText":
        alike = _alike(terms.words)
        asked = reduce(and_, [_query(term) for term in terms.wanted])
        wide = reduce(and_, [_query(term, *alike.get(term, ())) for term in terms.wanted])
        return cls(asked, wide if alike else None, terms.unwanted)

    def ranks(self, source: Source, rows: "QuerySet[Any]") -> Ranks:
        """Return the rows found, a word in a heading before the same word in a text."""
        found = self._ranked(source, rows, self.asked, AS_ASKED)
        if self.wide is not None and len(found) <= LIMIT:
            found = self._ranked(source, rows, self.wide, 0.0) | found
        return found

    def _ranked(self, source: Source, rows: "QuerySet[Any]", query: Any, above: float) -> Ranks:
        vector = _vector(source)
        # Of common words alone nothing is left to look for, and what is merely without a word is everything.
        says_something = GreaterThan(Func(query, function="numnode", output_field=IntegerField()), 0)
        wanted = reduce(and_, [query, *(~_query(term) for term in self.unwanted)])
        rank = SearchRank(vector, query, normalization=BELOW_ONE)
        found = newest(rows.filter(says_something, SearchVectorExact(vector, wanted)).annotate(rank=rank))
        return {pk: rank + above for pk, rank in found.values_list("pk", "rank")}

    def excerpt(self, source: Source) -> Any:
        """Return the expression of what `marked` needs of a row."""
        return SearchHeadline(
            source.body,
            self.asked if self.wide is None else self.wide,
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
        add, [SearchVector(*names, config=CONFIG, weight=weight) for names, weight in parts if names]
    )


def _alike(words: Iterable[str]) -> dict[str, list[str]]:
    """Return, for each word that has any, the words of the record most like it."""
    asked = [word for word in words if word.isalpha() and len(word) >= SHORTEST]
    table = connection.ops.quote_name(SearchWord._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT asked.word, known.word, similarity(known.word, asked.word) AS alike"  # noqa: S608 (a table's name)
            f" FROM unnest(%s::text[]) AS asked (word) JOIN {table} AS known ON known.word %% asked.word"
            " ORDER BY alike DESC, known.word",
            [asked],
        )
        rows = cursor.fetchall()
    known = {word for word, other, _ in rows if word == other}
    found: dict[str, list[str]] = defaultdict(list)
    for word, other, alike in rows:
        enough = ALIKE_KNOWN if word in known else ALIKE_UNKNOWN
        if other != word and alike >= enough and len(found[word]) < NEAREST:
            found[word].append(other)
    return {word: others for word, others in found.items() if others}


def _query(*terms: str) -> Any:
    """Ask for any of the terms; the parts of each stand together, like those of sg-03."""
    return reduce(or_, [SearchQuery(term, config=CONFIG, search_type="phrase") for term in terms])
