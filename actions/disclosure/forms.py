from typing import Any

from django import forms

from actions.core.models import Action
from web.forms import GovukForm, LongTextField

NOT_WITHHELD = "Choose “None”: an exemption is for an action that is withheld"


class PublicationForm(GovukForm):
    """Whether an action can be disclosed, under which exemption it is withheld, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    publication = forms.ChoiceField(
        label="Publication decision",
        choices=Action.Publication,
        widget=forms.RadioSelect,
        help_text="Whether the action can be disclosed under the Freedom of Information Act 2000.",
    )
    exemption = forms.ChoiceField(
        choices=Action.Exemption, required=False, help_text="Needed where the action is withheld."
    )
    reason = LongTextField(
        label="Reason",
        max_length=2000,
        help_text="It stays with the decision and is read when the question comes back.",
        error_messages={"required": "Give the reason for the decision"},
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        withheld = given.get("publication") == Action.Publication.WITHHOLD
        if withheld and not given.get("exemption") and not self.has_error("exemption"):
            self.add_error("exemption", "Choose the exemption under which the action is withheld")
        if given.get("publication") and not withheld and given.get("exemption"):
            self.add_error("exemption", NOT_WITHHELD)
        return given
