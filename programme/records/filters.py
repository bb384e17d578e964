"""Filters of lists of records, made from their tables."""

from functools import cache, partial
from typing import Any

import django_filters
from django.db import models
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from programme.records.resources import Resource
from web.filters import VisibleFilterSet, keep_matching
from web.forms import GovukForm
from web.quick import Question, QuickList, pairs_of, quick_list


class RecordFilterForm(GovukForm):
    mark_optional = False


class RecordFilter(VisibleFilterSet):
    """Filter records of one kind; foreign keys offer what the user may view."""

    resource: Resource
    q = django_filters.CharFilter(label=gettext_lazy("Search"), max_length=100, method="search_words")

    class Meta:
        form = RecordFilterForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.resource.filters:
            model: Any = self.resource.column(name).related_model
            if model is not None:
                rows = model.objects.visible_to(self.user, self.on)
                self.offer(name, ((row.pk, str(row)) for row in rows))

    def search_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        matching: QuerySet[Any] = keep_matching(rows, value, _texts(self.resource.model))
        return matching


@cache
def filter_of(resource: Resource) -> type[RecordFilter]:
    """Return the filter set of a kind of record."""
    parts: dict[str, Any] = {"resource": resource}
    for name in resource.filters:
        column = resource.column(name)
        options = {} if column.is_relation else {"choices": column.choices}
        if name in resource.through:
            options["field_name"] = resource.through[name]
        parts[name] = django_filters.ChoiceFilter(
            label=resource.label(name), empty_label=gettext("Any"), **options
        )
    return type(f"{resource.model.__name__}Filter", (RecordFilter,), parts)


def quick_records(query: QueryDict, resource: Resource, rows: QuerySet[Any], address: str) -> QuickList:
    """Return the list of a kind with its quick filters: the values of the first filter that has a fixed choice."""
    fixed = [name for name in resource.filters if not resource.column(name).is_relation]
    questions = [
        Question(str(label), ((name, str(value)),), Q(**{resource.through.get(name, name): value}))
        for name in fixed[:1]
        for value, label in resource.column(name).choices or ()
    ]
    return quick_list(
        query,
        rows=rows,
        questions=[*questions, Question(gettext("All"), (), Q())],
        asked=partial(pairs_of, filter_of(resource)),
        address=address,
    )


def _texts(model: type[models.Model]) -> list[str]:
    """Return the paths of the texts of a record, and of the names of what it refers to."""
    paths = []
    for column in model._meta.concrete_fields:
        if isinstance(column, models.CharField | models.TextField) and not column.choices:
            paths.append(column.name)
        elif column.is_relation and column.name not in {"partnership", "supersedes"}:
            related: Any = column.related_model
            names = {field.name for field in related._meta.concrete_fields}
            paths += [f"{column.name}__{name}" for name in ("name", "title", "ref") if name in names]
    return paths
