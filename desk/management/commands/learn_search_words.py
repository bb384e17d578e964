from typing import Any

from django.core.management.base import BaseCommand

from audit.actors import SYSTEM
from desk.search.services.words import learn_words


class Command(BaseCommand):
    help = "Store the words of the record, so that searches match misspelt words. On PostgreSQL only."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"{learn_words(actor=SYSTEM)} words")
