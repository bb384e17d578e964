"""Who may ask about an action, and who may answer: the list rule and the object rule side by side."""

from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext

from actions.core.policies import REPORTING_ROLES, OwnedAction
from partners.policies import SEES_THE_WORK, Rights, Role


class AskedQuestion(Protocol):
    """A question, as far as the rule about answering it reads it."""

    addressee: str

    @property
    def organisation_id(self) -> int | None: ...
    @property
    def asked_by_id(self) -> int: ...


def why_not_ask(rights: Rights, action: OwnedAction) -> str:
    """Return why the user may not ask about the action; empty for everybody who sees the work of the partnership."""
    if action.partnership_id in rights.partnerships(*SEES_THE_WORK):
        return ""
    return gettext("You do not have access to this action.")


def answerable(rights: Rights) -> Q:
    """List rule: which questions are put to the user."""
    own = Q(action__owner=rights.user_id) | Q(action__alternate=rights.user_id)
    return (
        Q(addressee="owner") & own
        | Q(addressee="manager", action__partnership__in=rights.partnerships(Role.PROGRAMME_MANAGER))
        | Q(addressee="auditor", action__partnership__in=rights.partnerships(Role.AUDITOR))
        | Q(addressee="organisation", organisation__in=rights.organisations(*REPORTING_ROLES))
    )


def why_not_answer(rights: Rights, question: AskedQuestion, action: OwnedAction) -> str:
    """Return why the user may not answer the question; empty for whom it is put to, and for who asked it."""
    is_asked = {
        "owner": rights.user_id in (action.owner_id, action.alternate_id),
        "manager": rights.has(Role.PROGRAMME_MANAGER, action.partnership_id),
        "auditor": rights.has(Role.AUDITOR, action.partnership_id),
        "organisation": question.organisation_id in rights.organisations(*REPORTING_ROLES),
    }
    if reason := why_not_ask(rights, action):
        return reason
    if is_asked[question.addressee] or question.asked_by_id == rights.user_id:
        return ""
    return gettext(
        "Only the person or organisation that was asked, or the one who asked, can answer this question."
    )
