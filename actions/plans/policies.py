"""Who may see, create and change plans and their pillars."""

from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from actions.core.policies import why_not_manage
from partners.policies import SEES_EVERYTHING, Rights, Role


class PlanRow(Protocol):
    """A plan, as far as the rule about changing it reads it."""

    @property
    def partnership_id(self) -> int: ...


def visible_plans(rights: Rights, with_visible_actions: "QuerySet[Any]") -> Q:
    """List rule: whole plans for those who see a partnership's work; partners see the plans they have a part in."""
    rule = Q(partnership__in=rights.partnerships(*SEES_EVERYTHING, Role.SPOC))
    if rights.organisations(Role.PARTNER_CONTACT):
        rule |= Q(pk__in=with_visible_actions.values("plan"))
    return rule


def why_not_create_plan(rights: Rights, partnership_id: int | None = None) -> str:
    """Return why the user may not create a plan of the partnership, or of any; empty when they may."""
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if managed if partnership_id is None else partnership_id in managed:
        return ""
    return gettext("Only the programme manager can create a plan.")


def why_not_change_plan(rights: Rights, plan: PlanRow) -> str:
    """Return why the user may not change the plan, its pillars, or add actions to it; empty when they may."""
    return why_not_manage(rights, plan.partnership_id, "plan")
