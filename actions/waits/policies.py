"""Who may ask a partner for something that an action waits on, and who may answer."""

from typing import Protocol

from django.utils.translation import gettext

from actions.core.policies import REPORTING_ROLES, OwnedAction, leads_or_manages
from partners.policies import Rights


class PartnerRequest(Protocol):
    """A request to a partner, as far as the rule about answering it reads it."""

    @property
    def organisation_id(self) -> int: ...


def why_not_request_from_partner(rights: Rights, action: OwnedAction) -> str:
    """Return why the user may not request something from a partner, or close a request; empty when they may."""
    if leads_or_manages(rights, action):
        return ""
    return gettext(
        "Only the owner, the alternate, the lead organisation or the programme manager "
        "can make or close requests to partners."
    )


def why_not_answer(rights: Rights, dependency: PartnerRequest) -> str:
    """Return why the user may not acknowledge or decline the request; empty when they may."""
    if dependency.organisation_id in rights.organisations(*REPORTING_ROLES):
        return ""
    return gettext("Only the organisation that this was requested from can answer.")
