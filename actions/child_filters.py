"""How the API's lists of pillars, and of what actions have, are narrowed and put in order."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import F

from actions.filters import WaitFilter
from actions.models import ClosureProposal, DateChange, Plan
from actions.querysets import ActionQuerySet, DependencyQuerySet, EvidenceQuerySet
from actions.states import RequestState
from web.filters import FilterAsSeen


class OfPlan(FilterAsSeen):
    """Offers the plans that the user sees, to a filter `plan`."""

    def __init__(self, data: Any = None, queryset: Any = None, *, user: Any, on: date, **kwargs: Any) -> None:
        super().__init__(data, queryset, user=user, on=on, **kwargs)
        self.offer("plan", Plan.objects.visible_to(user, on).values_list("pk", "title"))


class PillarFilter(OfPlan):
    """Narrow the pillars of the plans that the user sees."""

    plan = django_filters.ChoiceFilter(label="Plan")


class EvidenceFilter(FilterAsSeen):
    """Narrow evidence by whether it was replaced and whether it still counts."""

    standing = django_filters.ChoiceFilter(
        label="How it stands",
        choices=[
            ("newest", "Not replaced"),
            ("current", "Counts"),
            ("expiring", "Expires within 28 days"),
            ("expired", "Expired"),
        ],
        method="standing_so",
    )

    def standing_so(self, rows: EvidenceQuerySet, name: str, value: str) -> EvidenceQuerySet:
        return rows.newest() if value == "newest" else getattr(rows, value)(self.on)


class DateRequestFilter(OfPlan):
    """Narrow requests for another due date."""

    state = django_filters.ChoiceFilter(label="State", choices=RequestState.choices)
    level = django_filters.ChoiceFilter(label="Decided by", choices=DateChange.Level.choices)
    plan = django_filters.ChoiceFilter(label="Plan", field_name="action__plan")


class ClosureFilter(OfPlan):
    """Narrow proposals to withdraw or supersede actions."""

    state = django_filters.ChoiceFilter(label="State", choices=RequestState.choices)
    kind = django_filters.ChoiceFilter(label="What is proposed", choices=ClosureProposal.Kind.choices)
    plan = django_filters.ChoiceFilter(label="Plan", field_name="action__plan")


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
        return found.so(asked["waiting"], self.on) if asked["waiting"] else found


DATE_REQUEST_SORTS = {
    "requested": (F("requested_at"),),
    "new_due": (F("new_due"),),
    "action": (F("action__ref"),),
}
CLOSURE_SORTS = {"requested": (F("requested_at"),), "action": (F("action__ref"),)}
DEPENDENCY_SORTS = {
    "since": (F("since"),),
    "wanted_by": (F("wanted_by"),),
    "organisation": (F("organisation__name"),),
}
EVIDENCE_SORTS = {"added": (F("added_at"),), "title": (F("title"),), "expires": (F("expires_on"),)}
PILLAR_SORTS = {"plan": (F("plan__starts_on"),), "name": (F("name"),)}
