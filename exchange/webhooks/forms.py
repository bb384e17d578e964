from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from partners.models import ApiClient
from web.forms import GovukForm
from web.language import lazy_text

OVERLAPS = {
    "0": lazy_text("Now, because somebody else may know it"),
    "1": lazy_text("In 1 day"),
    "7": lazy_text("In 7 days"),
    "30": lazy_text("In 30 days"),
}


class AddressForm(GovukForm):
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy(
            "An https address on the public internet. For example, https://example.org/hooks."
        ),
        widget=forms.URLInput(attrs={"spellcheck": "false"}),
    )


class ClientField(forms.ModelChoiceField):
    """Clients with their organisation: two may have the same name."""

    def label_from_instance(self, obj: ApiClient) -> str:
        return f"{obj.name}, {obj.organisation}"


class RegisterForm(AddressForm):
    client = ClientField(
        label=gettext_lazy("Client"),
        queryset=ApiClient.objects.none(),
        help_text=gettext_lazy("The webhook sends only changes this client may view."),
    )
    field_order = ["client", "url"]

    def __init__(self, data: Any, *, clients: QuerySet[ApiClient]) -> None:
        super().__init__(data)
        self.fields["client"].queryset = clients


class SecretForm(GovukForm):
    overlap = forms.ChoiceField(
        label=gettext_lazy("When should the current secret expire?"),
        choices=list(OVERLAPS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select when the current secret should expire")},
        help_text=gettext_lazy("Until then every message has a signature for each secret."),
    )

    def clean_overlap(self) -> timedelta:
        return timedelta(days=int(self.cleaned_data["overlap"]))


class ReplayForm(GovukForm):
    position = forms.IntegerField(
        label=gettext_lazy("Last position the system received"),
        min_value=0,
        help_text=gettext_lazy(
            "All changes after it are sent again in new messages. Enter 0 to start from the beginning."
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )


class RemoveForm(GovukForm):
    """Confirms the removal; it has no fields."""
