"""The findings that a query string selects, for the list and for its file."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext

from audit.actors import Reader
from inspections.findings.filters import DEFAULT_SORT, RecommendationFilter, sort_recommendations
from inspections.findings.models.recommendations import Recommendation, RecommendationQuerySet
from inspections.findings.views.quick import listed_findings
from web.language import lazy_text
from web.quick import QuickList, query_text

WORDS = {
    "published": lazy_text("publication of the inspection"),
    "kind": lazy_text("kind"),
    "lead": lazy_text("lead organisation"),
    "state": lazy_text("force status"),
    "due": lazy_text("deadline"),
}


@dataclass(frozen=True)
class FindingListing:
    """Findings, narrowed and in order.

    Attributes:
        rows: annotated by `RecommendationQuerySet.for_list`; none where the order is wrong.
        form: the filters, checked.
        sort: the key of the order, with a minus sign for last first.
        sort_error: what is wrong with the order that was asked for.
    """

    rows: RecommendationQuerySet
    quick: QuickList
    form: Any
    sort: str
    sort_error: str = ""

    @property
    def is_wrong(self) -> bool:
        return bool(self.form.errors or self.sort_error)

    @property
    def query(self) -> str:
        """The query string of these rows, without a page."""
        return query_text(self.quick.query)

    @property
    def order(self) -> str:
        """The order in words."""
        words = WORDS[self.sort.removeprefix("-")]
        return gettext("{words}, last first").format(words=words) if self.sort.startswith("-") else words


def list_findings(user: Reader, query: QueryDict, on: date) -> FindingListing:
    """Return the findings that a query string selects among those that the user can see: open ones where it asks nothing."""
    visible = Recommendation.objects.visible_to(user, on)
    quick = listed_findings(user, query, on)
    narrowed = RecommendationFilter(quick.query, visible, user=user, on=on)
    sort = quick.query.get("sort") or DEFAULT_SORT
    narrowed.form.is_valid()
    try:
        rows: Any = sort_recommendations(narrowed.qs, sort)
    except ValidationError as error:
        return FindingListing(visible.none(), quick, narrowed.form, DEFAULT_SORT, error.messages[0])
    return FindingListing(rows.for_list(user, on), quick, narrowed.form, sort)
