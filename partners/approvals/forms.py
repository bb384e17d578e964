from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy

from partners.accounts.four_eyes import FACTOR, SIGN_ON
from web.forms import GovukForm, LongTextField

APPROVE, REJECT = "approve", "reject"


class DecisionForm(GovukForm):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            (APPROVE, gettext_lazy("Approve, and make the change now")),
            (REJECT, gettext_lazy("Reject")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select whether you approve or reject")},
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Needed if you reject. The requester reads it."),
    )


class AccessForm(GovukForm):
    """A request about an account. The link to the provider is offered where there is one."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What should change?"),
        choices=[(FACTOR, gettext_lazy("Reset the second factor of a person who lost it"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select what should change")},
    )
    email = forms.EmailField(label=gettext_lazy("Email address of the person"), max_length=254)
    subject = forms.CharField(
        label=gettext_lazy("The provider's id of the person"),
        required=False,
        max_length=255,
        help_text=gettext_lazy("Only for a link: the subject that the provider sends, not an email address."),
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("How you know that the person asks for it."),
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        if settings.OIDC_ISSUER:
            self.fields["kind"].choices = [
                *self.fields["kind"].choices,
                (
                    SIGN_ON,
                    gettext("Link the account to the person's account at {oidc_name}").format(
                        oidc_name=settings.OIDC_NAME
                    ),
                ),
            ]
        else:
            del self.fields["subject"]
