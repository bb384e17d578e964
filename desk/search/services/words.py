from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import CharField, Func

from desk.search.models import SearchWord
from desk.search.services.sources import SOURCES, Source

# Figures and references are not misspelt words; nobody misspells a word of three letters into another's.
SHORTEST, LONGEST = 4, 40
BATCH = 5000


def learn_words(*, actor: Any) -> int:
    """Keep the words of everything that is searched, and no others; return how many they are.

    A misspelt word finds what is like it among them. Only PostgreSQL does; elsewhere nothing is kept. They are no part
    of the record, so its ledger says nothing of them.
    """
    if connection.vendor != "postgresql":
        return 0
    words = set().union(*(_words_of(source) for source in SOURCES))
    with transaction.atomic():
        SearchWord.objects.all().delete()
        SearchWord.objects.bulk_create([SearchWord(word) for word in sorted(words)], batch_size=BATCH)
    return len(words)


def _words_of(source: Source) -> set[str]:
    vector = SearchVector(*source.headings, *source.texts, config="simple")
    words = Func(Func(vector, function="tsvector_to_array"), function="unnest", output_field=CharField())
    found = source.model.objects.order_by().values_list(words).distinct()
    return {word for (word,) in found.iterator() if word.isalpha() and SHORTEST <= len(word) <= LONGEST}
