from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import CharField, Func

from audit.actors import Actor
from audit.policies import forbid, why_not_system
from desk.search.models import SearchWord
from desk.search.services.kinds import Source
from desk.search.services.postgresql import typed
from desk.search.services.sources import SOURCES

# Numbers and references are not matched, and words of three letters are too similar to each other.
SHORTEST, LONGEST = 4, 40
BATCH = 5000


def learn_words(*, actor: Actor) -> int:
    """Replace the stored search words with the words of everything that is searched, and return how many there are.

    Misspelt words are matched with them, on PostgreSQL only. They are no part of the record, so the ledger leaves them out.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    if connection.vendor != "postgresql":
        return 0
    words = set().union(*(_words_of(source) for source in SOURCES))
    with transaction.atomic():
        SearchWord.objects.all().delete()
        SearchWord.objects.bulk_create([SearchWord(word) for word in sorted(words)], batch_size=BATCH)
    return len(words)


def _words_of(source: Source) -> set[str]:
    vector = SearchVector(*map(typed, (*source.headings, *source.texts)), config="simple")
    words = Func(Func(vector, function="tsvector_to_array"), function="unnest", output_field=CharField())
    rows = source.model.objects.order_by().values_list(words).distinct()
    return {word for (word,) in rows.iterator() if word.isalpha() and SHORTEST <= len(word) <= LONGEST}
