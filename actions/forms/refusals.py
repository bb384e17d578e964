"""What a service refused, put where the reader can mend it."""

from typing import Any

from django.core.exceptions import ValidationError

from actions.models import Action, Pillar, Plan, SavedView

# The field that mends what a constraint over several fields refuses.
MENDED_BY = {
    "action_ref_unique": "ref",
    "action_sensitive_has_handling": "handling_instruction",
    "action_withheld_has_exemption": "exemption",
    "action_alternate_is_another": "alternate",
    "action_due_after_start": "due",
    "action_part_has_area": "area",
    "plan_title_unique": "title",
    "plan_ends_after_start": "ends_on",
    "plan_sensitive_has_handling": "handling_instruction",
    "pillar_name_unique": "name",
    "savedview_name_unique": "name",
}
FIELD_OF = {
    str(constraint.violation_error_message): MENDED_BY[constraint.name]
    for model in (Action, Plan, Pillar, SavedView)
    for constraint in model._meta.constraints
    if constraint.name in MENDED_BY
}


def refuse(form: Any, error: ValidationError) -> None:
    """Add a service's refusal to a form: each message at its field, the rest above the form."""
    for name, errors in error_lists(error).items():
        for each in errors:
            field = name if name in form.fields else FIELD_OF.get(each.messages[0])
            form.add_error(field if field in form.fields else None, each)


def error_lists(error: ValidationError) -> dict[str, list[ValidationError]]:
    return error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}


def is_conflict(error: ValidationError) -> bool:
    """Say whether the service refused because the action was changed meanwhile: pages answer 409."""
    return getattr(error, "code", None) == "conflict"
