from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from partners.accounts.models import User
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership
from partners.policies import Role
from web.forms import GovukDateField, GovukForm

ADMINISTRATOR = gettext_lazy(
    "Manages accounts, roles and partnerships. It gives no access to plans and actions."
)


class PersonForm(GovukForm):
    """A person by email address, with a role in the partnership.

    Args:
        creates: whether the user may open the account of a person who has none.
    """

    email = forms.EmailField(label=gettext_lazy("Email address"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Job title"),
        max_length=120,
        required=False,
        help_text=gettext_lazy(
            "Only for a new account. Enter the post, not the person. For example, Bradford SPOC."
        ),
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_lazy("Organisation"))
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[("", gettext_lazy("Choose a role")), *Role.choices]
    )
    alternate = forms.BooleanField(
        label=gettext_lazy("Alternate of the main SPOC"),
        required=False,
        help_text=gettext_lazy("Only for a district SPOC."),
    )
    starts_on = GovukDateField(label=gettext_lazy("First day"))
    ends_on = GovukDateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("The role still counts on this day."),
    )

    def __init__(self, *args: Any, partnership: Partnership, on: date, creates: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"starts_on": on}, **kwargs)
        organisations: Any = self.fields["organisation"]
        organisations.queryset = Organisation.objects.filter(partnership=partnership).order_by("name")
        if not creates:
            del self.fields["name"]


class EndForm(GovukForm):
    """The last day of a role.

    Args:
        is_planned: whether the role has a last day already, which may be removed again.
    """

    ends_on = GovukDateField(
        label=gettext_lazy("Last day"), help_text=gettext_lazy("The role still counts on this day.")
    )

    def __init__(self, *args: Any, is_planned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_planned:
            field = self.fields["ends_on"]
            field.required = False
            field.help_text = gettext("{help_text} Leave it empty if the role goes on.").format(
                help_text=field.help_text
            )


class NewAccountForm(GovukForm):
    """An account without a role.

    Args:
        is_bound_by_two: whether a second administrator must approve an administrator, so that none is created here.
    """

    email = forms.EmailField(label=gettext_lazy("Email address"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Job title"),
        max_length=120,
        help_text=gettext_lazy("Enter the post, not the person. For example, Bradford SPOC."),
    )
    is_staff = forms.BooleanField(
        label=gettext_lazy("Administrator"), required=False, help_text=ADMINISTRATOR
    )

    def __init__(self, *args: Any, is_bound_by_two: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_bound_by_two:
            del self.fields["is_staff"]


class AccountForm(NewAccountForm):
    """An account, with its version."""

    is_active = forms.BooleanField(
        label=gettext_lazy("Account is open"),
        required=False,
        help_text=gettext_lazy(
            "If you close it, sessions, access tokens and calendar links end at once and for good."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("version", "email", "name", "is_active", "is_staff")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, is_bound_by_two=False, **kwargs)


class SignOutForm(forms.Form):
    """The people whose sessions end."""

    accounts = forms.ModelMultipleChoiceField(
        User.objects.filter(kind=User.Kind.USER), label=gettext_lazy("Accounts")
    )
