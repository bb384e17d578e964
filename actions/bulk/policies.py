"""Who may change many actions at once."""

from actions.core.policies import may_change_many
from partners.policies import Rights


def why_not_change_many(rights: Rights) -> str:
    """Return why the user may not change many actions at once; empty when they may.

    Each action is also checked by the rule of its own service.
    """
    if may_change_many(rights):
        return ""
    return "Your role does not let you change actions. Ask the programme manager."
