from django.db import models


class SearchWord(models.Model):
    """A word of the record, to match misspelt words with. On PostgreSQL only.

    Words do not say where they are from and nobody is shown them; they only widen a search of what its reader may view.
    """

    word = models.CharField(primary_key=True, max_length=40)

    def __str__(self) -> str:
        return self.word
