"""The quick filters above the action list."""

from datetime import date

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from actions.core.filters import ME
from actions.core.models import Action
from actions.core.querysets import overdue_on
from actions.core.states import OPEN, State
from actions.lists.filters import LIVE, filter_pairs
from audit.actors import Reader
from partners.models import Area
from partners.policies import CAN_OWN, Rights, Role, rights_of
from standards.rag import Rag
from web.quick import Pairs, Question, QuickList, quick_list

LIVE_PLANS = ("plan", LIVE)
ALL_OPEN = ("state", "open")
DEFAULT: Pairs = (LIVE_PLANS, ALL_OPEN)


def listed_actions(user: Reader, query: QueryDict, on: date) -> QuickList:
    """Return the list that a query string asks this user for: open actions of live plans where it asks nothing."""
    return quick_list(
        query,
        rows=Action.objects.visible_to(user, on),
        questions=_questions(rights_of(user, on), on),
        asked=_asked,
        default=DEFAULT,
        address=reverse("actions:action-list"),
    )


def _asked(query: QueryDict) -> Pairs:
    return [pair for pair in filter_pairs(query) if pair[0] != "sort"]


def _questions(rights: Rights, on: date) -> list[Question]:
    live, is_open = Q(plan__state=LIVE), Q(state__in=OPEN)
    questions = [Question(gettext("Open"), DEFAULT, live & is_open)]
    if rights.partnerships(*CAN_OWN):
        mine = Q(owner=rights.user_id) | Q(alternate=rights.user_id)
        questions.append(Question(gettext("Mine"), (*DEFAULT, ("owner", ME)), live & is_open & mine))
    if own := rights.organisations(Role.SPOC):
        for area in Area.objects.filter(organisations__in=own).distinct():
            pairs = (*DEFAULT, ("area", str(area.pk)))
            questions.append(Question(area.name, pairs, live & is_open & Q(area=area)))
    behind = [Rag.RED.value, Rag.AMBER.value]
    rated = tuple(("rag", value) for value in behind)
    questions += [
        Question(gettext("Late"), (LIVE_PLANS, ("overdue", "yes")), live & overdue_on(on)),
        Question(gettext("Red and amber"), (*DEFAULT, *rated), live & is_open & Q(rag__in=behind)),
        Question(gettext("Waiting"), (LIVE_PLANS, ("waiting", "yes")), live & Q(waiting_since__isnull=False)),
    ]
    if rights.partnerships(Role.PROGRAMME_MANAGER):
        state = State.AWAITING_ALLOCATION
        pairs = (LIVE_PLANS, ("state", state.value))
        questions.append(Question(gettext("Not allocated"), pairs, live & Q(state=state)))
    return [*questions, Question(gettext("All"), (), Q())]
