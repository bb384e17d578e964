import django_filters
from django.db.models import F

from actions.core.querysets import ActionQuerySet
from actions.lists.filters import WaitFilter
from actions.waits.models import DependencyQuerySet


class DependencyFilter(WaitFilter):
    """Narrow what actions wait for: by the actions that wait, and by how and on whom they do."""

    waiting = django_filters.ChoiceFilter(
        label="How it waits",
        choices=[
            ("yes", "Still waited for"),
            ("unanswered", "Not acknowledged"),
            ("late", "Past the day it was wanted by"),
            ("declined", "Declined, and nothing said since"),
        ],
        method="waiting_so",
    )

    def waiting_so(self, rows: ActionQuerySet, name: str, value: str) -> ActionQuerySet:
        return rows

    def waits_of(self, waits: DependencyQuerySet) -> DependencyQuerySet:
        """Keep what is asked for of the waits that the user sees."""
        found = waits.filter(action__in=self.qs.order_by())
        asked = self.form.cleaned_data
        if asked["waiting_on"]:
            found = found.filter(organisation=int(asked["waiting_on"]))
        return found.with_status(asked["waiting"], self.on) if asked["waiting"] else found


DEPENDENCY_SORTS = {
    "since": (F("since"),),
    "wanted_by": (F("wanted_by"),),
    "organisation": (F("organisation__name"),),
}
