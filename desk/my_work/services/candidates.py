"""One narrow query before the wide ones: which lists can have any row at all.

Most lists are empty for most people, and a query with visibility, joins and every column takes a hundred times as long to
build as the question whether a row exists. Candidates may include rows that their list leaves out, and never the reverse.
"""

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

from django.db.models import Exists, QuerySet

from partners.models import User
from partners.policies import Rights

Key = TypeVar("Key", bound=Hashable)


def with_candidates(*, rights: Rights, candidates: Mapping[Key, "QuerySet[Any]"]) -> set[Key]:
    """Return the keys of the lists that have a candidate."""
    if rights.user_id is None:
        return set()
    questions = [Exists(rows) for rows in candidates.values()]
    answers = User.objects.filter(pk=rights.user_id).order_by().values_list(*questions).first()
    return {key for key, answer in zip(candidates, answers or (), strict=False) if answer}
