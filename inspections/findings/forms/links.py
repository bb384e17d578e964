from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from actions.core.querysets import ActionQuerySet
from actions.models import Action
from standards.references import plain_reference
from web.forms import GovukForm, LongTextField


class LinkForm(GovukForm):
    """An action that answers a recommendation.

    Args:
        actions: the actions that may answer it.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    action = forms.CharField(
        label=gettext_lazy("Action reference"),
        max_length=24,
        help_text=gettext_lazy("For example, WY20-07. The action must be in the same partnership."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    answers = forms.CharField(
        label=gettext_lazy("Part of the finding it answers"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Leave empty if the action answers all of it."),
    )

    def __init__(self, *args: Any, actions: ActionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = actions

    def clean_action(self) -> Action:
        action = self.actions.filter(ref__iexact=plain_reference(self.cleaned_data["action"])).first()
        if action is None:
            raise ValidationError(gettext("Enter the reference of an action in this partnership"))
        return action


class UnlinkForm(GovukForm):
    """The reason for unlinking an action."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = LongTextField(
        label=gettext_lazy("Why the action does not answer this finding"),
        max_length=2000,
        help_text=gettext_lazy("Your reason is kept on record."),
        error_messages={"required": gettext_lazy("Enter why the action does not answer this finding")},
    )
