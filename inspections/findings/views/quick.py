"""The quick filters above the list of findings."""

from datetime import date

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from audit.actors import Reader
from inspections.core.states import OPEN
from inspections.findings.filters import filter_pairs
from inspections.findings.models.recommendations import Recommendation, overdue_on
from partners.policies import Rights, Role, rights_of
from web.quick import Pairs, Question, QuickList, quick_list

DEFAULT: Pairs = (("state", "open"),)


def listed_findings(user: Reader, query: QueryDict, on: date) -> QuickList:
    """Return the list that a query string asks this user for: open findings where it asks nothing."""
    return quick_list(
        query,
        rows=Recommendation.objects.visible_to(user, on).with_gaps(),
        questions=_questions(rights_of(user, on), on),
        asked=filter_pairs,
        default=DEFAULT,
        address=reverse("inspections:recommendation-list"),
    )


def _questions(rights: Rights, on: date) -> list[Question]:
    is_open = Q(state__in=OPEN)
    own = sorted(rights.organisations(Role.SPOC, Role.PARTNER_CONTACT))
    return [
        Question(gettext("Open"), DEFAULT, is_open),
        *(Question(gettext("Yours"), (("lead", str(pk)), *DEFAULT), is_open & Q(lead=pk)) for pk in own[:1]),
        Question(gettext("Late"), (("overdue", "yes"),), overdue_on(on)),
        Question(gettext("No live action"), (("gap", "no_live_action"),), Q(unanswered=True)),
        Question(gettext("Register disagrees"), (("disagree", "yes"),), Q(disagrees=True)),
        Question(gettext("All"), (), Q()),
    ]
