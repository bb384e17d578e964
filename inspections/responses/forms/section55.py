from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from inspections.findings.models.inspections import Inspection, InspectionQuerySet
from web.forms import GovukDateField, GovukForm, LongTextField

OWED, NOT_SUBJECT, THROUGH = "owed", "not_subject", "through"


class DutyForm(GovukForm):
    """Whether a report needs a response under section 55.

    Args:
        others: the reports through whose response this one may be answered.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    duty = forms.ChoiceField(
        label=gettext_lazy("Response to this report"),
        choices=[
            (OWED, gettext_lazy("A response is needed")),
            (NOT_SUBJECT, gettext_lazy("No response is needed: the report is not about this force")),
            (THROUGH, gettext_lazy("The response to another report with the same findings covers this one")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select whether a response is needed")},
    )
    other = forms.ModelChoiceField(
        label=gettext_lazy("The other report"),
        queryset=Inspection.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose a report"),
        help_text=gettext_lazy("Only if the response to another report covers this one."),
    )
    reason = LongTextField(
        label=gettext_lazy("Why"),
        max_length=1000,
        help_text=gettext_lazy("Your reason is kept on record."),
        error_messages={"required": gettext_lazy("Enter the reason for your decision")},
    )
    field_order: ClassVar = ["version", "duty", "other", "reason"]

    def __init__(self, *args: Any, others: InspectionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("duty") == THROUGH and not cleaned.get("other") and not self.has_error("other"):
            self.add_error("other", gettext("Select the report whose response covers this one"))
        return cleaned


class InviteForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    invited_on = GovukDateField(
        label=gettext_lazy("Invited on"), help_text=gettext_lazy("For example, 19 6 2020.")
    )
    due_on = GovukDateField(
        label=gettext_lazy("Comments due by"),
        help_text=gettext_lazy("Leave time to publish the letter before the last day to respond."),
    )


class CommentsForm(GovukForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    received_on = GovukDateField(
        label=gettext_lazy("Received on"), help_text=gettext_lazy("For example, 19 6 2020.")
    )
    comments = LongTextField(label=gettext_lazy("The chief officer's comments"), max_length=8000)


def duty_initial(inspection: Inspection) -> dict[str, Any]:
    """Return the present decision, without its reason."""
    if inspection.answered_through_id:
        return {"duty": THROUGH, "other": inspection.answered_through_id, "version": inspection.version}
    return {
        "duty": OWED if inspection.force_is_subject else NOT_SUBJECT,
        "version": inspection.version,
    }
