import django_filters
from django.db.models import F
from django.utils.translation import gettext_lazy

from actions.closing.models import ClosureProposal
from actions.core.states import RequestState
from actions.plans.filters import OfPlan


class ClosureFilter(OfPlan):
    """Filter proposals to withdraw or supersede actions."""

    state = django_filters.ChoiceFilter(label=gettext_lazy("Status"), choices=RequestState.choices)
    kind = django_filters.ChoiceFilter(label=gettext_lazy("Proposal"), choices=ClosureProposal.Kind.choices)
    plan = django_filters.ChoiceFilter(label=gettext_lazy("Plan"), field_name="action__plan")


CLOSURE_SORTS = {"requested": (F("requested_at"),), "action": (F("action__ref"),)}
