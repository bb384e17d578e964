from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from partners.access_reviews.models import AccessReviewLine
from partners.access_reviews.services.deciding import Decision
from partners.memberships.models import Membership
from web.forms import GovukForm
from web.language import lazy_text

Outcome = AccessReviewLine.Outcome
CHOICES = [(Outcome.CONFIRMED, lazy_text("Confirm")), (Outcome.ENDED, lazy_text("End access"))]
SETTLED = gettext_lazy(
    "Somebody has decided on one of these people in the meantime. Check what is left, and save again."
)


class ReviewForm(GovukForm):
    """A decision and a note for each membership. What is left blank stays to be decided.

    Args:
        memberships: those that the reader may decide on.
    """

    mark_optional = False

    def __init__(self, *args: Any, memberships: Sequence[Membership], **kwargs: Any) -> None:
        self.memberships = memberships
        super().__init__(*args, **kwargs)
        for row in memberships:
            about = {"name": row.user.name, "capacity": row.capacity}
            self.fields[f"outcome_{row.pk}"] = forms.ChoiceField(
                label=format_html(
                    gettext('Decision <span class="govuk-visually-hidden">on {name}, {capacity}</span>'),
                    **about,
                ),
                choices=CHOICES,
                widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
                required=False,
            )
            self.fields[f"note_{row.pk}"] = forms.CharField(
                label=format_html(
                    gettext(
                        'Note <span class="govuk-visually-hidden">on {name}, {capacity}</span> (optional)'
                    ),
                    **about,
                ),
                max_length=300,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        offered = {f"outcome_{row.pk}" for row in self.memberships}
        if any(name.startswith("outcome_") and name not in offered for name in self.data):
            raise forms.ValidationError(SETTLED)
        decided = {row.pk: data.get(f"outcome_{row.pk}") for row in self.memberships}
        if not any(decided.values()) and not self.errors:
            raise forms.ValidationError(gettext("Select confirm or end access for at least one person"))
        for pk, outcome in decided.items():
            if data.get(f"note_{pk}") and not outcome:
                self.add_error(f"outcome_{pk}", gettext("Select confirm or end access, or remove the note"))
        return data

    def decisions(self) -> list[Decision]:
        data = self.cleaned_data
        return [
            Decision(row.pk, data[f"outcome_{row.pk}"], data[f"note_{row.pk}"])
            for row in self.memberships
            if data[f"outcome_{row.pk}"]
        ]
