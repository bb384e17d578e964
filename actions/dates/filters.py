import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from actions.core.states import RequestState
from actions.dates.models import DateChange
from actions.plans.filters import OfPlan


class DateRequestFilter(OfPlan):
    """Filter requests for a new due date."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=RequestState.choices)
    level = django_filters.ChoiceFilter(label=gettext_lazy("Decided by"), choices=DateChange.Level.choices)
    plan = django_filters.ChoiceFilter(label=gettext_lazy("Plan"), field_name="action__plan")


DATE_REQUEST_SORTS = {
    "requested": (F("requested_at"),),
    "new_due": (F("new_due"),),
    "action": (F("action__ref"),),
}
