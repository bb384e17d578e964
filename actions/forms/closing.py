from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from actions.models import Action
from actions.querysets import ActionQuerySet
from web.forms import GovukForm, LongTextField


class WithdrawForm(GovukForm):
    """A board's decision that an action is not to be done."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reference = forms.CharField(
        label="Minute reference",
        max_length=120,
        help_text="Of the board's decision, like “Gold 12 May 2020, item 4”.",
    )
    reason = LongTextField(label="The board's reason", max_length=2000)


class SupersedeForm(WithdrawForm):
    """A board's decision that another action takes this one's place.

    Args:
        actions: those that may take its place.
    """

    superseded_by = forms.CharField(
        label="Reference of the action that takes its place",
        max_length=24,
        help_text="Like WY20-07. Of the same partnership.",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    field_order: ClassVar = ["version", "superseded_by", "reference", "reason"]

    def __init__(self, *args: Any, actions: ActionQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actions = actions

    def clean_superseded_by(self) -> Action:
        action = self.actions.filter(ref__iexact=self.cleaned_data["superseded_by"]).first()
        if action is None:
            raise ValidationError("Enter the reference of another action of this partnership")
        return action
