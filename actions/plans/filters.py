from datetime import date
from typing import Any

import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from actions.plans.models import Plan
from audit.actors import Reader
from web.filters import VisibleFilterSet


class OfPlan(VisibleFilterSet):
    """Offers the plans that the user sees, to a filter `plan`."""

    def __init__(
        self, data: Any = None, queryset: Any = None, *, user: Reader, on: date, **kwargs: Any
    ) -> None:
        super().__init__(data, queryset, user=user, on=on, **kwargs)
        self.offer("plan", Plan.objects.visible_to(user, on).values_list("pk", "title"))


class PillarFilter(OfPlan):
    """Narrow the pillars of the plans that the user sees."""

    plan = django_filters.ChoiceFilter(label=gettext_lazy("Plan"))


PILLAR_SORTS = {"plan": (F("plan__starts_on"),), "name": (F("name"),)}
