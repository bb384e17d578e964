"""A row's state as JSON values: the same right after it was saved and after it was read back."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import models
from django.db.models.expressions import BaseExpression
from django.utils import timezone
from django.utils.duration import duration_iso_string

from audit.verify import instant

IDS_PER_QUERY = 5000
RowT = TypeVar("RowT", bound=models.Model)


def model_of(row: RowT) -> type[RowT]:
    """Return a row's model. Never ask type(): `request.user` is a lazy object around its row."""
    return cast("type[RowT]", row._meta.model)


def state_of(instance: models.Model) -> dict[str, Any]:
    """Return every recorded field of a row by name: foreign keys as ids, many-to-many as sorted lists of ids.

    Dates are ISO 8601, moments ISO 8601 in UTC with microseconds, decimals strings, files their stored names.
    Fields in the model's `ledger_exclude` are left out.

    Raises:
        TypeError: when a field's value has no exact JSON form, such as an unresolved expression.
    """
    return states_of([instance])[0]


def states_of(instances: Sequence[models.Model]) -> list[dict[str, Any]]:
    """Return `state_of` each row, with one query for each many-to-many field of each model.

    Raises:
        TypeError: as `state_of`.
    """
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for instance in instances:
        by_model.setdefault(model_of(instance), []).append(instance)
    related = {model: _related_ids(model, [row.pk for row in rows]) for model, rows in by_model.items()}
    return [_plain_fields(row) | _lists_for(row, related[model_of(row)]) for row in instances]


def recorded_fields(model: type[models.Model]) -> "Iterable[models.Field[Any, Any]]":
    """Yield the columns that are recorded. Generated ones only restate others."""
    for field in model._meta.concrete_fields:
        if field.name not in _excluded(model) and not field.generated:
            yield field


def recorded_lists(model: type[models.Model]) -> "Iterable[models.ManyToManyField[Any, Any]]":
    return (field for field in model._meta.many_to_many if field.name not in _excluded(model))


def _excluded(model: type[models.Model]) -> frozenset[str]:
    names: frozenset[str] = getattr(model, "ledger_exclude", frozenset())
    return names


def _plain_fields(instance: models.Model) -> dict[str, Any]:
    return {
        field.name: as_json(field, getattr(instance, field.attname))
        for field in recorded_fields(model_of(instance))
    }


def _related_ids(model: type[models.Model], pks: Sequence[Any]) -> dict[str, dict[Any, list[Any]]]:
    """Read the many-to-many ids straight from the join tables, so no prefetch can be stale and no manager filters."""
    related: dict[str, dict[Any, list[Any]]] = {}
    saved = [pk for pk in pks if pk is not None]
    for field in recorded_lists(model):
        ids = related[field.name] = {}
        here, there = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        for start in range(0, len(saved), IDS_PER_QUERY):
            chunk = saved[start : start + IDS_PER_QUERY]
            through = field.remote_field.through
            assert through is not None
            for one, other in through._base_manager.filter(**{f"{here}__in": chunk}).values_list(here, there):
                ids.setdefault(one, []).append(other)
    return related


def _lists_for(instance: models.Model, related: dict[str, dict[Any, list[Any]]]) -> dict[str, Any]:
    return {
        name: [_scalar(pk, name) for pk in sorted(by_row.get(instance.pk, []))]
        for name, by_row in related.items()
    }


def as_json(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Return a field's value as the ledger stores it, in whatever form it was assigned.

    Raises:
        TypeError: when the value has no exact JSON form.
    """
    if value is None:
        return None
    if isinstance(value, BaseExpression | models.F):
        raise TypeError(f"{field} is an expression; refresh the row from the database before recording it.")
    if isinstance(field, models.ForeignKey):
        return as_json(field.target_field, value)
    if isinstance(field, models.FileField):
        return str(value.name or "") if hasattr(value, "name") else str(value)
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value, cls=field.encoder), cls=field.decoder)
    value = field.to_python(value)
    if isinstance(field, models.DecimalField):
        value = value.quantize(Decimal(1).scaleb(-field.decimal_places))
    return _scalar(value, str(field))


def _scalar(value: Any, where: str) -> Any:
    for kinds, form in FORMS:
        if isinstance(value, kinds):
            return form(value)
    raise TypeError(f"{where}: the ledger has no exact form for {type(value).__name__}.")


def _aware(value: datetime) -> datetime:
    if timezone.is_naive(value):
        value = timezone.make_aware(value, timezone.get_default_timezone())
    return value.astimezone(UTC)


# In this order, for a bool is an int and a datetime a date.
FORMS: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (bool, bool),
    (int, int),
    (datetime, lambda value: instant(_aware(value))),
    ((date, time), lambda value: value.isoformat()),
    (timedelta, duration_iso_string),
    ((bytes, memoryview), lambda value: bytes(value).hex()),
    ((str, Decimal, UUID), str),
)
