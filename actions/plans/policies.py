from typing import Any

from django.db.models import Q, QuerySet

from partners.policies import SEES_EVERYTHING, Rights, Role


def visible_plans(rights: Rights, with_visible_actions: "QuerySet[Any]") -> Q:
    """List rule: whole plans for those who see a partnership's work; partners see the plans they have a part in."""
    rule = Q(partnership__in=rights.partnerships(*SEES_EVERYTHING, Role.SPOC))
    if rights.organisations(Role.PARTNER_CONTACT):
        rule |= Q(pk__in=with_visible_actions.values("plan"))
    return rule
