from datetime import date
from typing import Any

from django import forms

from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership
from partners.policies import Role
from web.forms import GovukDateField, GovukForm


class PersonForm(GovukForm):
    """A person by email address, with a role in the partnership.

    Args:
        creates: whether the user may open the account of a person who has none.
    """

    email = forms.EmailField(label="Email address", max_length=254)
    name = forms.CharField(
        label="Job title",
        max_length=120,
        required=False,
        help_text="Only for a new account. Enter the post, not the person. For example, Bradford SPOC.",
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none())
    role = forms.ChoiceField(choices=[("", "Choose a role"), *Role.choices])
    alternate = forms.BooleanField(
        label="Alternate of the main SPOC", required=False, help_text="Only for a district SPOC."
    )
    starts_on = GovukDateField(label="First day")

    def __init__(self, *args: Any, partnership: Partnership, on: date, creates: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": on}, **kwargs)
        organisations: Any = self.fields["organisation"]
        organisations.queryset = Organisation.objects.filter(partnership=partnership).order_by("name")
        if not creates:
            del self.fields["name"]


class EndForm(GovukForm):
    """The last day of a role."""

    ends_on = GovukDateField(label="Last day", help_text="The role still counts on this day.")
