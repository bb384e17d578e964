"""Who may submit an action for assurance, and who may assure it."""

from collections.abc import Collection

from django.utils.translation import gettext

from actions.core.policies import OwnedAction, leads
from partners.policies import Rights, Role


def why_not_submit(rights: Rights, action: OwnedAction) -> str:
    """Return why the user may not submit the action for assurance; empty when they may."""
    if leads(rights, action):
        return ""
    return gettext("Only the owner, the alternate or the lead organisation can submit this action.")


def why_not_open_queue(rights: Rights) -> str:
    """Return why the user may not list the actions that await assurance; empty for an auditor."""
    if rights.partnerships(Role.AUDITOR):
        return ""
    return gettext("You do not have access to this page. Only auditors can see actions awaiting assurance.")


def why_not_assure(rights: Rights, action: OwnedAction, author_ids: Collection[int]) -> str:
    """Return why the user may not assure, return, re-test or reopen the action; empty when they may.

    An auditor may, unless they own the action, are its alternate, wrote an update, or work for its lead organisation.

    Args:
        author_ids: the users who wrote updates of the action.
    """
    if not rights.has(Role.AUDITOR, action.partnership_id):
        return gettext("Only an auditor can give assurance.")
    if rights.user_id in (action.owner_id, action.alternate_id):
        return gettext("You own this action, so another auditor must assure it.")
    if rights.user_id in author_ids:
        return gettext("You wrote an update on this action, so another auditor must assure it.")
    if action.lead_id in rights.organisations():
        return gettext(
            "Your organisation leads this action, so an auditor from another organisation must assure it."
        )
    return ""
