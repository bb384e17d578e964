"""Filters and sorting for lists of recommendations, on pages and in the API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from inspections.core.states import CLOSED, OPEN, State
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation, RecommendationQuerySet
from partners.models import Organisation
from web.filters import VisibleFilterSet, rank_of, sort_rows
from web.forms import GovukForm
from web.language import lazy_text

NONE = "none"
LONGEST_ID = 19
GROUPS: dict[str, tuple[State, ...]] = {"open": OPEN, "closed": CLOSED}
STATE_CHOICES = [("open", lazy_text("All open")), ("closed", lazy_text("All closed")), *State.choices]
SMALL_BOXES = forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})
YES = [("yes", lazy_text("Yes"))]


class RecommendationFilterForm(GovukForm):
    mark_optional = False


class RecommendationFilter(VisibleFilterSet):
    q = django_filters.CharFilter(
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("Searches the number, text, addressee and inspection"),
        max_length=100,
        method="having_words",
    )
    inspection = django_filters.ChoiceFilter(
        label=gettext_lazy("Inspection"), empty_label=gettext_lazy("Any")
    )
    kind = django_filters.ChoiceFilter(
        label=gettext_lazy("Kind"), choices=Recommendation.Kind, empty_label=gettext_lazy("Any")
    )
    lead = django_filters.ChoiceFilter(
        label=gettext_lazy("Lead organisation"),
        empty_label=gettext_lazy("Any"),
        null_value=NONE,
        null_label=gettext_lazy("No lead organisation"),
    )
    overdue = django_filters.ChoiceFilter(
        label=gettext_lazy("Deadline"),
        choices=[("yes", gettext_lazy("Passed"))],
        empty_label=gettext_lazy("Any"),
        method="past_due",
    )
    gap = django_filters.ChoiceFilter(
        label=gettext_lazy("Gap"),
        choices=[("no_live_action", gettext_lazy("No live action"))],
        empty_label=gettext_lazy("Any"),
        method="with_gap",
    )
    disagree = django_filters.ChoiceFilter(
        label=gettext_lazy("Force and register disagree"),
        choices=YES,
        empty_label=gettext_lazy("Any"),
        method="disagreeing",
    )
    in_question = django_filters.ChoiceFilter(
        label=gettext_lazy("In question"),
        help_text=gettext_lazy("An action was reopened after closure was proposed or decided"),
        choices=YES,
        empty_label=gettext_lazy("Any"),
        method="questioned",
    )
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Force status"), choices=STATE_CHOICES, widget=SMALL_BOXES, method="in_states"
    )

    class Meta:
        model = Recommendation
        fields: list[str] = []
        form = RecommendationFilterForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = (self.user, self.on)
        self.offer("inspection", lambda: [(row.pk, str(row)) for row in Inspection.objects.visible_to(*here)])
        self.offer("lead", Organisation.objects.visible_to(*here).values_list("pk", "name"))

    def having_words(self, rows: QuerySet[Recommendation], name: str, value: str) -> QuerySet[Recommendation]:
        for word in value.split():
            rows = rows.filter(
                Q(number__iexact=word)
                | Q(text__icontains=word)
                | Q(addressee__icontains=word)
                | Q(inspection__title__icontains=word)
                | Q(inspection__short_title__icontains=word)
            )
        return rows

    def in_states(
        self, rows: QuerySet[Recommendation], name: str, value: list[str]
    ) -> QuerySet[Recommendation]:
        states = {state for chosen in value for state in GROUPS.get(chosen, (chosen,))}
        return rows.filter(state__in=sorted(states)) if states else rows

    def past_due(self, rows: RecommendationQuerySet, name: str, value: str) -> QuerySet[Recommendation]:
        return rows.overdue(self.on)

    def with_gap(self, rows: RecommendationQuerySet, name: str, value: str) -> QuerySet[Recommendation]:
        return rows.without_live_action()

    def disagreeing(self, rows: RecommendationQuerySet, name: str, value: str) -> QuerySet[Recommendation]:
        return rows.in_disagreement()

    def questioned(self, rows: RecommendationQuerySet, name: str, value: str) -> QuerySet[Recommendation]:
        return rows.in_question()


def filter_pairs(query: QueryDict) -> list[tuple[str, str]]:
    """Return the pairs of a query string that filter the list, in the order of the filters."""
    names = RecommendationFilter.base_filters
    return [(name, value) for name in names for value in dict.fromkeys(query.getlist(name)) if value.strip()]


DEFAULT_SORT = "-published"


SORTS: dict[str, tuple[Combinable, ...]] = {
    "published": (F("inspection__published_on"), F("inspection")),
    "kind": (rank_of("kind", Recommendation.Kind.values),),
    "lead": (F("lead__name"),),
    "state": (rank_of("state", State.values),),
    "due": (F("due"),),
}


def sort_recommendations(rows: QuerySet[Recommendation], sort: str) -> QuerySet[Recommendation]:
    """Sort recommendations by a key of SORTS, ties by id: as `web.filters.sort_rows`."""
    findings: QuerySet[Recommendation] = sort_rows(rows, sort, SORTS, "pk")
    return findings
