"""Finding actions, updates and recommendations by what they say: one question, ranked answers, two engines.

PostgreSQL knows word forms and misspelt words; every other database looks for the letters as they are typed.
"""

from desk.services.search.finding import Found, Hit, search
from desk.services.search.sources import LIMIT, Kind
from desk.services.search.words import learn_words

__all__ = ["LIMIT", "Found", "Hit", "Kind", "learn_words", "search"]
