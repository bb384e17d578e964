"""Filters and sorting for lists of recommendations, on pages and in the API."""

from collections.abc import Callable
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy

from inspections.core.states import CLOSED, OPEN, State
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation, RecommendationQuerySet
from partners.models import Organisation
from web.forms import GovukForm

NONE = "none"


LONGEST_ID = 19


GROUPS: dict[str, tuple[State, ...]] = {"open": OPEN, "closed": CLOSED}


STATE_CHOICES = [("open", "All open"), ("closed", "All closed"), *State.choices]


SMALL_BOXES = forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


YES = [("yes", "Yes")]


class RecommendationFilterForm(GovukForm):
    mark_optional = False


class RecommendationFilter(django_filters.FilterSet):
    """Filter recommendations. Choices are limited to what the user may view; rows must come from `visible_to`.

    Where any value is wrong there are no rows at all: `is_valid()` and `errors` say what is wrong.

    Args:
        user: whose choices these are.
        on: the day on which something is overdue.
    """

    q = django_filters.CharFilter(
        label="Search",
        help_text="Searches the number, text, addressee and inspection",
        max_length=100,
        method="having_words",
    )
    inspection = django_filters.ChoiceFilter(label="Inspection", empty_label="Any")
    kind = django_filters.ChoiceFilter(label="Kind", choices=Recommendation.Kind, empty_label="Any")
    lead = django_filters.ChoiceFilter(
        label="Lead organisation",
        empty_label="Any",
        null_value=NONE,
        null_label="No lead organisation",
    )
    overdue = django_filters.ChoiceFilter(
        label="Deadline", choices=[("yes", "Passed")], empty_label="Any", method="past_due"
    )
    gap = django_filters.ChoiceFilter(
        label="Gap",
        choices=[("no_live_action", "No live action")],
        empty_label="Any",
        method="with_gap",
    )
    disagree = django_filters.ChoiceFilter(
        label="Force and register disagree",
        choices=YES,
        empty_label="Any",
        method="disagreeing",
    )
    in_question = django_filters.ChoiceFilter(
        label="In question",
        help_text="An action was reopened after closure was proposed or decided",
        choices=YES,
        empty_label="Any",
        method="questioned",
    )
    state = django_filters.MultipleChoiceFilter(
        label="Force status", choices=STATE_CHOICES, widget=SMALL_BOXES, method="in_states"
    )

    class Meta:
        model = Recommendation
        fields: list[str] = []
        form = RecommendationFilterForm

    def __init__(self, data: Any = None, queryset: Any = None, *, user: Any, on: date, **kwargs: Any) -> None:
        self.user, self.on = user, on
        super().__init__(data, queryset, **kwargs)
        self._offer(
            "inspection", lambda: [(str(row.pk), str(row)) for row in Inspection.objects.visible_to(user, on)]
        )
        self._offer(
            "lead", lambda: [(str(row.pk), row.name) for row in Organisation.objects.visible_to(user, on)]
        )

    def _offer(self, field: str, choices: Callable[[], list[tuple[str, str]]]) -> None:
        """Set the choices of a field, read only if the field is used or shown."""
        self.filters[field].extra["choices"] = choices

    def filter_queryset(self, queryset: QuerySet[Recommendation]) -> QuerySet[Recommendation]:
        # If an invalid filter were ignored, the list would have extra rows and nobody would notice.
        return queryset.none() if self.form.errors else super().filter_queryset(queryset)

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


def _in_order(field: str, values: list[str]) -> Case:
    """Rank the values of a column in this order, anything else last."""
    ranks = [When(**{field: value}, then=Value(rank)) for rank, value in enumerate(values)]
    return Case(*ranks, default=Value(len(values)), output_field=IntegerField())


DEFAULT_SORT = "-published"


SORTS: dict[str, tuple[F | Case, ...]] = {
    "published": (F("inspection__published_on"), F("inspection")),
    "kind": (_in_order("kind", Recommendation.Kind.values),),
    "lead": (F("lead__name"),),
    "state": (_in_order("state", State.values),),
    "due": (F("due"),),
}


def sort_recommendations(rows: QuerySet[Recommendation], sort: str) -> QuerySet[Recommendation]:
    """Sort recommendations by a key of SORTS, with a minus sign for descending; ties by id.

    Rows without a value come last both ways.

    Raises:
        ValidationError: keyed by `sort`, for an unknown key.
    """
    key = sort.removeprefix("-")
    if key not in SORTS:
        raise ValidationError({"sort": f"Sort by one of: {', '.join(SORTS)}"})
    descending = sort.startswith("-")
    columns = [OrderBy(column, descending=descending, nulls_last=True) for column in SORTS[key]]
    return rows.order_by(*columns, "pk")
