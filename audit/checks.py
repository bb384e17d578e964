"""Check constraints of a row before it is saved, in one question to the database instead of one for each."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from django.db.models import CheckConstraint, Model, Q, Value


class Check(NamedTuple):
    constraint: CheckConstraint
    fields: frozenset[str]
    """Names of the fields it uses."""


@cache
def checks_of(model: type[Model]) -> tuple[Check, ...]:
    """Return the check constraints of a model."""
    return tuple(
        Check(constraint, frozenset(Q(constraint.condition).referenced_base_fields))
        for constraint in model._meta.constraints
        if isinstance(constraint, CheckConstraint)
    )


def all_hold(row: Model, checks: Sequence[Check]) -> bool:
    """Return whether a row in memory satisfies these constraints of its model.

    As in the database, a constraint that evaluates to NULL is satisfied.
    """
    names = frozenset[str]().union(*(check.fields for check in checks))
    fields = [field for field in row._meta.concrete_fields if field.name in names and not field.generated]
    if len(fields) < len(names):
        return False  # It uses more than plain columns: Django checks it on its own.
    against = {field.name: Value(getattr(row, field.attname), field) for field in fields}
    return not checks or Q(*(check.constraint.condition for check in checks)).check(against)
