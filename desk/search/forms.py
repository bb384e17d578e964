from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from desk.search.services.sources import Kind
from web.forms import GovukForm

SHORTEST, LONGEST = 2, 100


class SearchForm(GovukForm):
    """What to search for, and the kind of result to list."""

    mark_optional = False

    q = forms.CharField(
        label="Search for",
        help_text="A reference such as WY20-SG-03, or words. Put quotation marks around a phrase to match it exactly.",
        widget=forms.SearchInput,
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={
            "required": "Enter what to search for",
            "min_length": f"Enter {SHORTEST} characters or more",
            "max_length": f"Your search must be {LONGEST} characters or fewer",
        },
    )
    kind = forms.ChoiceField(
        label="Kind of result",
        choices=[("", "Everything"), *Kind.choices],
        required=False,
        widget=forms.HiddenInput,
    )

    def clean_q(self) -> str:
        text: Any = self.cleaned_data["q"]
        if not any(letter.isalnum() for letter in text):
            raise ValidationError("Enter a word or a reference")
        return str(text)
