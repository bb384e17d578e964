from typing import Any

from actions.core.models import Action


def returned_of(action: Action) -> Any:
    """Return the judgement that sent the action back to its owner, until it is submitted again: one or none."""
    return action.assurances.unanswered().select_related("assessed_by")
