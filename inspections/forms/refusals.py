"""What a service of this app refused, put where the reader can mend it."""

from typing import Any

from django.core.exceptions import ValidationError

from actions.forms.refusals import error_lists
from inspections.models import ActionLink, Inspection, PublishedResponse, Recommendation

# The field that mends what a constraint over several fields refuses.
MENDED_BY = {
    "inspection_title_unique": "title",
    "inspection_fieldwork_in_order": "fieldwork_to",
    "inspection_sensitive_has_handling": "handling_instruction",
    "inspection_not_subject_has_reason": "not_subject_reason",
    "inspection_answered_through_has_reason": "answered_through_reason",
    "inspection_comments_are_kept": "comments",
    "recommendation_number_unique": "number",
    "recommendation_only_under_a_cause": "cause",
    "actionlink_once": "action",
    "letter_correction_has_reason": "correction_reason",
}
FIELD_OF = {
    str(constraint.violation_error_message): MENDED_BY[constraint.name]
    for model in (Inspection, Recommendation, ActionLink, PublishedResponse)
    for constraint in model._meta.constraints
    if constraint.name in MENDED_BY
}


def refuse(form: Any, error: ValidationError) -> None:
    """Add a service's refusal to a form: each message at its field, the rest above the form."""
    for name, errors in error_lists(error).items():
        for each in errors:
            field = name if name in form.fields else FIELD_OF.get(each.messages[0])
            form.add_error(field if field in form.fields else None, each)
