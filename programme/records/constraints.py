"""Rules that the database keeps for many kinds of record. Their names begin with the model's, such as `grant_unique`."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from standards.quantities import Qualifier

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PERIOD_IN_ORDER = gettext_lazy("The period must not end before it begins.")
LAST_AFTER_FIRST = gettext_lazy("The last day must not be before the first.")


def one_each(*fields: str, message: "StrOrPromise") -> models.UniqueConstraint:
    """Return the constraint that no two records of a register have the same values."""
    return models.UniqueConstraint(fields=fields, name="%(class)s_unique", violation_error_message=message)


def one_current(*fields: str, message: "StrOrPromise") -> models.UniqueConstraint:
    """Return the constraint that one fact holds of these values; those that it corrects stay beside it."""
    return models.UniqueConstraint(
        fields=fields,
        condition=Q(is_current=True),
        name="%(class)s_unique",
        violation_error_message=format_lazy("{} {}", message, gettext_lazy("Correct that record.")),
    )


def in_order(first: str, last: str, *, message: "StrOrPromise" = PERIOD_IN_ORDER) -> models.CheckConstraint:
    """Return the constraint that the last day is not before the first, where both are known."""
    return models.CheckConstraint(
        condition=Q(**{first: None}) | Q(**{last: None}) | Q(**{f"{last}__gte": F(first)}),
        name=f"%(class)s_{last}_in_order",
        violation_error_message=message,
    )


def known_unless_unknown(name: str) -> models.CheckConstraint:
    """Return the constraint that a number is there unless its qualifier says that it is unknown."""
    unknown = Q(**{f"{name}_qualifier": Qualifier.UNKNOWN.value})
    return models.CheckConstraint(
        condition=(unknown & Q(**{f"{name}__isnull": True})) | (~unknown & Q(**{f"{name}__isnull": False})),
        name=f"%(class)s_{name}_or_unknown",
    )
