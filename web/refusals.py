"""Show the errors of a service next to the form fields that put them right."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import get_language

from web.language import lazy_text


@cache
def _fields_by_message(language: str | None) -> dict[str, set[str]]:
    """Map the message of each constraint over several fields, in the present language, to the field of each model that has it."""
    fields: dict[str, set[str]] = {}
    for model in apps.get_models():
        names = {"class": model._meta.model_name, "app_label": model._meta.app_label}
        chosen = {name % names: field for name, field in getattr(model, "constraint_fields", {}).items()}
        for constraint in model._meta.constraints:
            if constraint.name in chosen:
                message = str(constraint.violation_error_message)
                fields.setdefault(message, set()).add(chosen[constraint.name])
    return fields


def _field_of(error: ValidationError, names: Collection[str]) -> str:
    """Return the field of these that puts a broken constraint right; nothing if none does."""
    fields = _fields_by_message(get_language()).get(error.messages[0], set())
    return next((name for name in sorted(fields) if name in names), "")


def refuse(form: Any, error: ValidationError) -> None:
    """Add the errors of a service to a form: each at its field, the rest above the form."""
    for name, errors in error_lists(error).items():
        for each in errors:
            field = name if name in form.fields else _field_of(each, form.fields)
            form.add_error(field or None, each)


def place_errors(error: ValidationError, names: Collection[str]) -> ValidationError:
    """Return the error with each broken constraint at the field that puts it right.

    Args:
        names: the fields that the sender can set.
    """
    by_field = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
    placed: dict[str, list[ValidationError]] = {}
    for name, errors in by_field.items():
        for each in errors:
            field = _field_of(each, names) if name == NON_FIELD_ERRORS else name
            placed.setdefault(field if field in names else name, []).append(each)
    return error if placed.keys() == by_field.keys() else ValidationError(placed)


def error_lists(error: ValidationError) -> dict[str, list[ValidationError]]:
    return error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}


def is_conflict(error: ValidationError) -> bool:
    """Return whether someone changed the action in the meantime; pages answer 409."""
    return getattr(error, "code", None) == "conflict"


AGAIN = lazy_text("Select the file again")
