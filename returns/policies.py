"""Who may see, open, fill in and question an organisation's return."""

from datetime import date
from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext

from actions.core.policies import why_not_manage
from audit.actors import Actor
from partners.policies import SEES_EVERYTHING, Rights, Role, rights_of


class PlanRow(Protocol):
    """A plan, as far as the rules about its returns read it."""

    @property
    def partnership_id(self) -> int: ...


class ReturnRow(Protocol):
    """A return, as far as the rules about who works on it read it."""

    @property
    def organisation(self) -> object: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def plan(self) -> PlanRow: ...


def visible_returns(rights: Rights) -> Q:
    """List rule: returns of the user's own organisations, and all returns of partnerships they see in full."""
    return Q(plan__partnership__in=rights.partnerships(*SEES_EVERYTHING)) | Q(
        organisation__in=rights.organisations(Role.SPOC, Role.PARTNER_CONTACT)
    )


def why_not_fill(rights: Rights, report: ReturnRow) -> str:
    """Return why the user may not fill in the return; empty for a SPOC or partner contact of its organisation."""
    if report.organisation_id in rights.organisations(Role.SPOC, Role.PARTNER_CONTACT):
        return ""
    return gettext("Only a SPOC or partner contact of {organisation} can fill in this return.").format(
        organisation=report.organisation
    )


def why_not_question(rights: Rights, report: ReturnRow) -> str:
    """Return why the user may not return a submitted return with a question; empty for the programme manager."""
    if rights.has(Role.PROGRAMME_MANAGER, report.plan.partnership_id):
        return ""
    return gettext("Only the programme manager can return it with a question.")


def why_not_open(actor: Actor, plan: PlanRow, on: date) -> str:
    """Return why the actor may not open and close the plan's returns; empty for the system and the manager."""
    if actor.actor_type == "system":
        return ""
    return why_not_manage(rights_of(actor, on), plan.partnership_id, "plan")
