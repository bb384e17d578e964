"""Which rows an action has, read before the rows themselves."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models

from actions.assurance.models import Assurance
from actions.board_ratings.models import BoardRating
from actions.closing.models import ClosureProposal
from actions.core.models import Action
from actions.dates.models import DateChange
from actions.evidence.models import Evidence
from actions.milestones.models import Milestone
from actions.progress.models import ProgressUpdate
from actions.questions.models import Question
from actions.update_requests.models import UpdateRequest
from actions.waits.models import Dependency

CHILDREN: tuple[Any, ...] = (
    ProgressUpdate,
    Evidence,
    Assurance,
    BoardRating,
    ClosureProposal,
    Dependency,
    DateChange,
    Milestone,
    Question,
    UpdateRequest,
)
Children = Mapping[type[models.Model], Sequence[int]]


def children_of(action: Action) -> Children:
    """Return the ids of an action's rows by their model, in one narrow query; models without any are left out.

    Most actions have no rows of most kinds, and a page that knows so does not ask for them.
    """
    parts = [
        model.objects.filter(action=action)
        .order_by()
        .values_list(models.Value(place, models.IntegerField()), "pk")
        for place, model in enumerate(CHILDREN)
    ]
    ids: dict[type[models.Model], list[int]] = {}
    for place, pk in parts[0].union(*parts[1:], all=True):
        ids.setdefault(CHILDREN[place], []).append(pk)
    return ids
