"""Filters and sort orders for the list of organisations."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from audit.actors import Reader
from partners.organisations.models import Area, Organisation, OrganisationAlias
from web.filters import VisibleFilterSet

NONE = "none"


class OrganisationFilter(VisibleFilterSet):
    """Filter organisations."""

    q = django_filters.CharFilter(label=gettext_lazy("Search"), max_length=100, method="search_names")
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=Organisation.Kind.choices)
    sector = django_filters.ChoiceFilter(
        label=gettext_lazy("Schedule 6 sector"),
        field_name="schedule_6_sector",
        choices=[(value, label) for value, label in Organisation.Schedule6Sector.choices if value],
    )
    area = django_filters.ChoiceFilter(
        label=gettext_lazy("District"), null_value=NONE, null_label=gettext_lazy("No district")
    )

    def __init__(
        self, data: Any = None, queryset: Any = None, *, user: Reader, on: date, **kwargs: Any
    ) -> None:
        super().__init__(data, queryset, user=user, on=on, **kwargs)
        self.offer("area", Area.objects.visible_to(user, on).values_list("pk", "name"))

    def search_names(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        for word in value.split():
            alias = OrganisationAlias.objects.filter(organisation=OuterRef("pk"), name__icontains=word)
            rows = rows.filter(Q(name__icontains=word) | Q(short_name__icontains=word) | Q(Exists(alias)))
        return rows


DEFAULT_SORT = "name"
SORTS = {"name": (F("name"),), "kind": (F("kind"), F("name"))}
