import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from actions.core.querysets import ActionQuerySet
from actions.lists.filters import WaitFilter
from actions.waits.models import DependencyQuerySet


class DependencyFilter(WaitFilter):
    """Filter requests to partners: by their actions, their status and the partner."""

    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("Status"),
        choices=[
            ("yes", gettext_lazy("Open")),
            ("unanswered", gettext_lazy("Not acknowledged")),
            ("late", gettext_lazy("Past the needed-by date")),
            ("declined", gettext_lazy("Declined and not followed up")),
        ],
        method="keep_all",
    )

    def keep_all(self, rows: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        return rows

    def waits_of(self, waits: DependencyQuerySet) -> DependencyQuerySet:
        """Return the visible requests that match the filters."""
        waits = waits.filter(action__in=self.qs.order_by())
        values = self.form.cleaned_data
        if values["waiting_on"]:
            waits = waits.filter(organisation=int(values["waiting_on"]))
        return waits.with_status(values["waiting"], self.on) if values["waiting"] else waits


DEPENDENCY_SORTS = {
    "since": (F("since"),),
    "needed_by": (F("needed_by"),),
    "organisation": (F("organisation__name"),),
}
