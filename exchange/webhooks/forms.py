from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from partners.models import ApiClient
from web.forms import GovukForm

OVERLAPS = {
    "0": "At once, because somebody else may know it",
    "1": "In 1 day",
    "7": "In 7 days",
    "30": "In 30 days",
}


class AddressForm(GovukForm):
    url = forms.CharField(
        label="Address",
        max_length=500,
        help_text="With https, on the public internet. For example, https://example.org/hooks.",
        widget=forms.URLInput(attrs={"spellcheck": "false"}),
    )


class ClientField(forms.ModelChoiceField):
    """Clients of different organisations may bear the same name."""

    def label_from_instance(self, obj: ApiClient) -> str:
        return f"{obj.name}, {obj.organisation}"


class RegisterForm(AddressForm):
    client = ClientField(
        label="Whose changes are sent",
        queryset=ApiClient.objects.none(),
        help_text="The address is told what this system may see, and nothing else.",
    )
    field_order = ["client", "url"]

    def __init__(self, data: Any, *, clients: QuerySet[ApiClient]) -> None:
        super().__init__(data)
        self.fields["client"].queryset = clients


class SecretForm(GovukForm):
    overlap = forms.ChoiceField(
        label="When does the present secret end?",
        choices=list(OVERLAPS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Select when the present secret ends"},
        help_text="Until then every message bears a signature of each.",
    )

    def clean_overlap(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["overlap"]))


class ReplayForm(GovukForm):
    position = forms.IntegerField(
        label="Last position that the system has",
        min_value=0,
        help_text="Everything after it is sent again, in new messages. 0 is the beginning of the record.",
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class RemoveForm(GovukForm):
    """Nothing is asked but whether it is meant."""
