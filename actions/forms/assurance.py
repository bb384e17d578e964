from django import forms

from actions.models import Assurance
from web.forms import GovukForm, LongTextField


class SubmitForm(GovukForm):
    """Ask for assurance of an action that is done."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = LongTextField(
        label="What was achieved",
        max_length=2000,
        help_text="Against the success measure. The auditor reads this first.",
        error_messages={"required": "Say what was achieved, for the auditor"},
    )


class AssuranceForm(GovukForm):
    """An auditor's judgement of an action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    opinion = forms.ChoiceField(
        label="Your decision",
        choices=[
            (Assurance.Opinion.ASSURED.value, "Assure: the evidence shows that the action is done"),
            (Assurance.Opinion.RETURNED.value, "Return: more is needed before it can be complete"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether you assure the action or return it"},
    )
    note = LongTextField(
        label="Reason",
        max_length=2000,
        help_text="The owner reads this: what convinced you, or what is missing.",
        error_messages={"required": "Give the reason for your decision"},
    )


class ReopenForm(GovukForm):
    """Take back the completion of an action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = LongTextField(
        label="Reason",
        max_length=2000,
        help_text="What shows that the action is not done after all.",
        error_messages={"required": "Give the reason for reopening it"},
    )
