from datetime import date
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy

from actions.core.querysets import ActionQuerySet
from actions.lists.filters import ActionFilter
from audit.actors import Reader
from inspections.coverage.queries import EARLY, LATE, NO_SOURCE, answering, links_to, with_gap
from inspections.findings.filters import LONGEST_ID
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import ActionLink, Recommendation
from web.language import lazy_text

GAPS = [
    (NO_SOURCE, lazy_text("No source and no finding")),
    (EARLY, lazy_text("Complete, but a finding it answers is open")),
    (LATE, lazy_text("Open, but a finding it answers is closed")),
]


class CoverageFilter(ActionFilter):
    """Filter live actions that answer findings, or actions with a gap, besides the filters of any action list."""

    inspection = django_filters.ChoiceFilter(
        label=gettext_lazy("Inspection"), empty_label=gettext_lazy("Any"), method="unchanged"
    )
    recommendation = django_filters.ChoiceFilter(
        label=gettext_lazy("Finding"), empty_label=gettext_lazy("Any"), method="unchanged"
    )
    gap = django_filters.ChoiceFilter(
        label=gettext_lazy("Gap"),
        choices=GAPS,
        empty_label=gettext_lazy("None: live actions that answer findings"),
        method="unchanged",
    )

    def __init__(
        self, data: Any = None, queryset: Any = None, *, user: Reader, on: date, **kwargs: Any
    ) -> None:
        super().__init__(data, queryset, user=user, on=on, **kwargs)
        self.offer(
            "inspection", lambda: [(row.pk, str(row)) for row in Inspection.objects.visible_to(user, on)]
        )
        # Findings are many, and one is chosen by following a number; so the one chosen is offered.
        recommendation_id = str((data or {}).get("recommendation", ""))
        self.offer("recommendation", lambda: self._one(recommendation_id))

    def _one(self, recommendation_id: str) -> list[tuple[int, str]]:
        if not recommendation_id.isdecimal() or len(recommendation_id) >= LONGEST_ID:
            return []
        visible = Recommendation.objects.visible_to(self.user, self.on).select_related("inspection")
        return [(row.pk, str(row)) for row in visible.filter(pk=recommendation_id)]

    def unchanged(self, rows: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        """Leave the rows alone: these three filters work together in `filter_queryset`."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows: Any = super().filter_queryset(queryset)
        if self.form.errors:
            return rows
        values, links = self.form.cleaned_data, ActionLink.objects.visible_to(self.user, self.on)
        if inspection := values["inspection"]:
            links = links.filter(recommendation__inspection=inspection)
        if finding := values["recommendation"]:
            links = links_to(links=links, finding=int(finding))
        if not values["gap"]:
            return answering(actions=rows, links=links)
        if inspection or finding:
            rows = rows.filter(pk__in=links.order_by().values("action"))
        return with_gap(user=self.user, on=self.on, actions=rows, gap=values["gap"])
