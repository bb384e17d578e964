from typing import TYPE_CHECKING

from actions.core.policies import REPORTING_ROLES, may_schedule
from partners.policies import Rights

if TYPE_CHECKING:
    from actions.core.models import Action
    from actions.waits.models import Dependency


# Waiting on a partner -----------------------------------------------------------------------------------------


def may_raise_dependency(rights: Rights, action: "Action") -> bool:
    """Say whether the user may name what the action waits for, and say that it came or is no longer needed."""
    return may_schedule(rights, action)


def may_answer_dependency(rights: Rights, dependency: "Dependency") -> bool:
    """The organisation that is waited on answers for itself."""
    return dependency.organisation_id in rights.organisations(*REPORTING_ROLES)
