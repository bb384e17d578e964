"""Filter building blocks: GOV.UK dates, choices limited to visible rows, and the selected filters as text."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, wraps
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext

from audit.actors import Reader
from web.dates import DateInput, GovukDateField
from web.language import day_text


class GovukDateFilter(django_filters.DateFilter):
    field_class = GovukDateField


class VisibleFilterSet(django_filters.FilterSet):
    """Filters whose choices are limited to what the user can see; rows must already come from `visible_to`.

    Where any value is wrong there are no rows at all: `is_valid()` and `errors` say what is wrong.

    Args:
        user: the user who filters.
        on: the day that decides rights and what is overdue.
        only: names of query parameters; other filters are left out. A page shows them all.
    """

    def __init__(
        self,
        data: Any = None,
        queryset: Any = None,
        *,
        user: Reader,
        on: date,
        only: Collection[str] | None = None,
        **kwargs: Any,
    ) -> None:
        self.user, self.on = user, on
        if only is not None:
            known: dict[str, Any] = type(self).base_filters  # type: ignore[has-type]
            self.base_filters = {name: part for name, part in known.items() if name in only}
        super().__init__(data, queryset, **kwargs)

    def offer(self, name: str, rows: Any) -> None:
        """Set a filter's choices: pairs of value and label, queried once and only if the filter is used.

        Args:
            rows: the pairs, or a function that returns them.
        """
        if name in self.filters:
            self.filters[name].extra["choices"] = cache(
                lambda: list({str(key): label for key, label in (rows() if callable(rows) else rows)}.items())
            )

    def filter_queryset(self, queryset: Any) -> Any:
        # If an invalid filter were ignored, the list would have extra rows and nobody would notice.
        return queryset.none() if self.form.errors else super().filter_queryset(queryset)


def without_empty_parameters(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Redirect an address with empty parameters to the same one without them.

    Browsers send every field of a filter form. What remains is short enough to read, keep and send to others.
    """

    @wraps(view)
    def clean(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if all(value for _, values in request.GET.lists() for value in values):
            return view(request, *args, **kwargs)
        parameters = request.GET.copy()
        for name, values in request.GET.lists():
            parameters.setlist(name, [value for value in values if value])
        query = parameters.urlencode()
        return redirect(f"{request.path}?{query}" if query else request.path)

    return clean


def ids_in(values: Iterable[str]) -> set[int]:
    """Return the ids among query parameters; anything else names no row."""
    longest = len(str(2**63)) - 1
    return {int(text) for text in values if text.isascii() and text.isdigit() and len(text) <= longest}


def keep_matching(rows: Any, search: str, fields: Sequence[str]) -> Any:
    """Keep the rows in which every word of a search occurs, each in one of the fields."""
    for word in search.split():
        matches = Q()
        for name in fields:
            matches |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(matches)
    return rows


def rank_of(field: str, values: Sequence[str]) -> Case:
    """Rank the values of a column as listed; anything else comes last."""
    ranks = [When(**{field: value}, then=Value(rank)) for rank, value in enumerate(values)]
    return Case(*ranks, default=Value(len(values)), output_field=IntegerField())


def sort_rows(rows: Any, sort: str, sorts: Mapping[str, Sequence[Any]], *ties: str) -> Any:
    """Sort rows by a key of `sorts`, with a minus sign for descending, then by the ties.

    Rows without a value come last both ways.

    Raises:
        ValidationError: keyed by `sort`, for an unknown key.
    """
    key, descending = sort.removeprefix("-"), sort.startswith("-")
    if key not in sorts:
        raise ValidationError({"sort": gettext("Sort by one of: {sorts}").format(sorts=", ".join(sorts))})
    columns = [OrderBy(column, descending=descending, nulls_last=True) for column in sorts[key]]
    return rows.order_by(*columns, *ties)


@dataclass(frozen=True)
class Chosen:
    """A selected filter as text, and the address of the list without it."""

    label: str
    text: str
    href: str


def chosen(form: Any, query: QueryDict) -> list[Chosen]:
    """Return the selected filters in the order of the form, without empty and invalid fields."""
    cleaned = getattr(form, "cleaned_data", {})
    selected = []
    for bound in form:
        value = cleaned.get(bound.name)
        if value in forms.Field.empty_values or value is False or bound.is_hidden:
            continue
        if hasattr(value, "exists") and not value:
            continue
        selected.append(Chosen(str(bound.label), _words(bound.field, value), _without(query, bound)))
    return selected


def _words(field: forms.Field, value: Any) -> str:
    if value is True:
        return gettext("Yes")
    if isinstance(value, date):
        return day_text(value)
    if isinstance(field, forms.ModelChoiceField):
        rows: Iterable[Any] = value if hasattr(value, "__iter__") else [value]
        return ", ".join(field.label_from_instance(row) for row in rows)
    if isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in _flat(field.choices)}
        keys = value if isinstance(value, list | tuple) else [value]
        return ", ".join(labels.get(str(key), str(key)) for key in keys)
    return str(value)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _without(query: QueryDict, bound: Any) -> str:
    parameters = query.copy()
    names = [bound.html_name, "page"]
    if isinstance(bound.field.widget, DateInput):
        names += [f"{bound.html_name}{suffix}" for suffix in bound.field.widget.names]
    for name in names:
        parameters.pop(name, None)
    return f"?{parameters.urlencode()}"
