"""Forms for API clients and their secrets."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from partners.accounts.models import User
from partners.organisations.models import Organisation
from partners.scopes import SCOPES
from web.forms import GovukDateField, GovukForm, LongTextField

AT_ONCE, LATER = "at_once", "later"
OTHER = "other"


class ScopesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_scopes, **kwargs)


def _scopes() -> list[tuple[str, str]]:
    texts = [(name, gettext(text)) for name, text in SCOPES.items()]
    return [(name, f"{name}: {text[:1].lower()}{text[1:]}") for name, text in texts]


class RegisterForm(GovukForm):
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choose an organisation"),
        help_text=gettext_lazy("The system sees only what a partner contact at this organisation sees."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the system"),
        max_length=100,
        help_text=gettext_lazy("Shown next to every change the system makes. For example, Case system."),
    )
    scopes = ScopesField(label=gettext_lazy("Permissions"))

    def __init__(self, data: Any, *, organisations: QuerySet[Organisation]) -> None:
        super().__init__(data)
        self.fields["organisation"].queryset = organisations


class ScopesForm(GovukForm):
    scopes = ScopesField(
        label=gettext_lazy("Permissions"),
        help_text=gettext_lazy(
            "If you remove a permission, the current access tokens of the system stop working."
        ),
    )
    note = LongTextField(label=gettext_lazy("Reason"), required=False, max_length=500)


class SendLinkForm(GovukForm):
    """Choose who gets the link. Read an address, and the last day, only with the choice that needs it."""

    recipient = forms.ChoiceField(
        label=gettext_lazy("Who should get the link?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select who should get the link")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Other email address"),
        max_length=254,
        required=False,
        help_text=gettext_lazy(
            "Nobody can check whose address you type, so you will not be able to decide on what the system requests."
        ),
    )
    ending = forms.ChoiceField(
        label=gettext_lazy("When should the current secret expire?"),
        choices=[
            (LATER, gettext_lazy("On a later date, so that both secrets work until then")),
            (
                AT_ONCE,
                gettext_lazy("Now, because someone else may know it. Current access tokens stop working too"),
            ),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select when the current secret should expire")},
    )
    former_until = GovukDateField(
        label=gettext_lazy("Last day of the current secret"),
        required=False,
        help_text=gettext_lazy("If you chose a later date. It must be within 90 days."),
    )
    note = LongTextField(label=gettext_lazy("Reason"), required=False, max_length=500)

    def __init__(self, data: Any, *, people: Collection[User], replaces: bool) -> None:
        super().__init__(data)
        addresses = {str(person.pk): person.email for person in people}
        if addresses:
            choices = [(str(person.pk), f"{person.name}, {person.email}") for person in people]
            self.fields["recipient"].choices = [*choices, (OTHER, gettext("Another address"))]
        else:
            del self.fields["recipient"]
        self.addresses = addresses
        if not replaces:
            del self.fields["ending"], self.fields["former_until"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        recipient = data.pop("recipient", None if "recipient" in self.fields else OTHER)
        if recipient in self.addresses:
            data["email"] = self.addresses[recipient]
        elif recipient == OTHER and not data.get("email") and "email" not in self.errors:
            self.add_error("email", gettext("Enter the email address"))
        ending = data.pop("ending", None)
        if ending == AT_ONCE:
            data["former_until"] = None
        elif ending == LATER and not data.get("former_until") and "former_until" not in self.errors:
            self.add_error("former_until", gettext("Enter the last day of the current secret"))
        return data


class StopForm(GovukForm):
    note = LongTextField(label=gettext_lazy("Reason"), required=False, max_length=500)
