from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from web.forms import GovukForm, LongTextField

NOT_WITHHELD = gettext_lazy("Choose “None”. Only a withheld action has an exemption")


class PublicationForm(GovukForm):
    """Decide whether an action can be published, or under which exemption it is withheld."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    publication = forms.ChoiceField(
        label=gettext_lazy("Publication decision"),
        choices=Action.Publication,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Decide whether the action can be disclosed under the Freedom of Information Act 2000."
        ),
    )
    exemption = forms.ChoiceField(
        label=gettext_lazy("Exemption"),
        choices=Action.Exemption,
        required=False,
        help_text=gettext_lazy("If you withhold the action."),
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=2000,
        help_text=gettext_lazy("This stays on record with the decision."),
        error_messages={"required": gettext_lazy("Give the reason for the decision")},
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        withheld = cleaned.get("publication") == Action.Publication.WITHHOLD
        if withheld and not cleaned.get("exemption") and not self.has_error("exemption"):
            self.add_error("exemption", gettext("Choose an exemption to withhold the action"))
        if cleaned.get("publication") and not withheld and cleaned.get("exemption"):
            self.add_error("exemption", NOT_WITHHELD)
        return cleaned
