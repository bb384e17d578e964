from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from desk.search.services.kinds import Kind
from desk.search.services.records import KINDS_BY_ROOM
from web.forms import GovukForm

SHORTEST, LONGEST = 2, 100
ROOMS = {room.slug: kinds for room, kinds in KINDS_BY_ROOM.items()}


class SearchForm(GovukForm):
    """What to search for, and the kind of result to list: one kind, or the records of one room of the programme."""

    mark_optional = False

    q = forms.CharField(
        label=gettext_lazy("Search for"),
        help_text=gettext_lazy(
            "A reference such as WY20-SG-03, or words. Put quotation marks around a phrase to match it exactly."
        ),
        widget=forms.SearchInput,
        min_length=SHORTEST,
        max_length=LONGEST,
        error_messages={
            "required": gettext_lazy("Enter what to search for"),
            "min_length": gettext("Enter {shortest} characters or more").format(shortest=SHORTEST),
            "max_length": gettext("Your search must be {longest} characters or fewer").format(
                longest=LONGEST
            ),
        },
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of result"),
        choices=[
            ("", gettext_lazy("Everything")),
            *Kind.choices,
            *((room.slug, room.title) for room in KINDS_BY_ROOM),
        ],
        required=False,
        widget=forms.HiddenInput,
    )

    def clean_q(self) -> str:
        text: Any = self.cleaned_data["q"]
        if not any(letter.isalnum() for letter in text):
            raise ValidationError(gettext("Enter a word or a reference"))
        return str(text)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds to list; none for everything."""
        kind: str = self.cleaned_data["kind"]
        return ROOMS.get(kind) or ((Kind(kind),) if kind else ())
