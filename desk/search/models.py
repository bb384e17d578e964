from django.db import models


class SearchWord(models.Model):
    """A word of the record's texts, for finding what a misspelt word may have meant. Kept on PostgreSQL alone.

    Words say nothing of where they stand, and nobody is shown them: they widen a question, and its answer is what the
    reader may see.
    """

    word = models.CharField(primary_key=True, max_length=40)

    def __str__(self) -> str:
        return self.word
