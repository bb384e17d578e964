from datetime import date
from typing import Any

import django_filters

from actions.core.querysets import ActionQuerySet
from actions.lists.filters import ActionFilter
from inspections.coverage.queries import EARLY, LATE, NO_SOURCE, answering, links_to, with_gap
from inspections.findings.filters import LONGEST_ID
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import ActionLink, Recommendation

GAPS = [
    (NO_SOURCE, "No source and no finding"),
    (EARLY, "Complete, but a finding it answers is open"),
    (LATE, "Open, but a finding it answers is closed"),
]


class CoverageFilter(ActionFilter):
    """Narrow actions to the live ones that answer findings, or to those with a gap; and as any list of actions."""

    inspection = django_filters.ChoiceFilter(label="Inspection", empty_label="Any", method="unchanged")
    recommendation = django_filters.ChoiceFilter(label="Finding", empty_label="Any", method="unchanged")
    gap = django_filters.ChoiceFilter(
        label="Gap",
        choices=GAPS,
        empty_label="None: live actions that answer findings",
        method="unchanged",
    )

    def __init__(self, data: Any = None, queryset: Any = None, *, user: Any, on: date, **kwargs: Any) -> None:
        super().__init__(data, queryset, user=user, on=on, **kwargs)
        self._offer(
            "inspection", lambda: [(row.pk, str(row)) for row in Inspection.objects.visible_to(user, on)]
        )
        # Findings are many, and one is chosen by following a number; so the one chosen is offered.
        asked = str((data or {}).get("recommendation", ""))
        self._offer("recommendation", lambda: self._one(asked))

    def _one(self, asked: str) -> list[tuple[int, str]]:
        if not asked.isdecimal() or len(asked) >= LONGEST_ID:
            return []
        found = Recommendation.objects.visible_to(self.user, self.on).select_related("inspection")
        return [(row.pk, str(row)) for row in found.filter(pk=asked)]

    def unchanged(self, rows: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        """What these three keep depends on all of them: see `filter_queryset`."""
        return rows

    def filter_queryset(self, queryset: Any) -> Any:
        rows: Any = super().filter_queryset(queryset)
        if self.form.errors:
            return rows
        given, links = self.form.cleaned_data, ActionLink.objects.visible_to(self.user, self.on)
        if inspection := given["inspection"]:
            links = links.filter(recommendation__inspection=inspection)
        if finding := given["recommendation"]:
            links = links_to(links=links, finding=int(finding))
        if not given["gap"]:
            return answering(actions=rows, links=links)
        if inspection or finding:
            rows = rows.filter(pk__in=links.order_by().values("action"))
        return with_gap(user=self.user, on=self.on, actions=rows, gap=given["gap"])
