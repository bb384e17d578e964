"""One narrow query before the wide ones: which lists can have any row at all.

Most lists are empty for most people, and a query with visibility, joins and every column takes a hundred times as long to
build as the question whether a row exists. Candidates may include rows that their list leaves out, and never the reverse.
"""

from collections.abc import Hashable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from django.db import connection
from django.db.models import Exists, Q, QuerySet

from partners.models import User
from partners.policies import Rights, Role

Key = TypeVar("Key", bound=Hashable)


class Candidates(Protocol):
    """A function of nothing but its arguments: it reads no row."""

    def __call__(self, *, rights: Rights, on: date) -> "QuerySet[Any]": ...


def with_candidates(*, rights: Rights, on: date, candidates: Mapping[Key, Candidates]) -> set[Key]:
    """Return the keys of the lists that have a candidate."""
    statement, parameters, places = _statement(rights, on, tuple(candidates.values()))
    if not places:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        answers = cursor.fetchone() or ()
    keys = list(candidates)
    return {keys[place] for place, answer in zip(places, answers, strict=False) if answer}


@lru_cache(maxsize=512)
def _statement(
    rights: Rights, on: date, candidates: tuple[Candidates, ...]
) -> tuple[str, tuple[Any, ...], tuple[int, ...]]:
    """Return the query, its parameters, and the place of the list that each of its columns is about.

    Only the text is remembered, and all that it depends on is an argument: the answer is read from the database each time.
    Writing it takes Django twenty times as long as the database needs to answer.
    """
    if rights.user_id is None:
        return "", (), ()
    lists = [rows(rights=rights, on=on) for rows in candidates]
    questions = {place: Exists(rows) for place, rows in enumerate(lists) if not rows.query.is_empty()}
    person = User.objects.filter(pk=rights.user_id).order_by().values_list(*questions.values())
    statement, parameters = person.query.sql_with_params()
    return statement, tuple(parameters), tuple(questions)


def may_lead(rights: Rights) -> Q:
    """Match rows about actions that the user may lead, as owner, alternate or for the lead organisation."""
    own = Q(action__owner=rights.user_id) | Q(action__alternate=rights.user_id)
    return own | Q(action__lead__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))
