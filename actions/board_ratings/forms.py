from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from actions.core.forms import MinuteField
from meetings.models import Minute
from web.forms import GovukForm, LongTextField
from web.language import lazy_text
from web.wording import RATING_CHOICES

END = ("none", lazy_text("No rating: the board's rating ends"))


class BoardRatingForm(GovukForm):
    """Record the rating that a board gave an action.

    Args:
        rated: whether there is a rating that the board can end.
        minutes: those that can be cited.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    rag = forms.ChoiceField(
        label=gettext_lazy("The board's rating"),
        choices=RATING_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select the rating that the board gave")},
    )
    reason = LongTextField(label=gettext_lazy("The board's reason"), max_length=2000)
    minute = MinuteField(lazy_text("Of a meeting of a board that decides on this action."))
    mark_optional = False

    def __init__(self, *args: Any, rated: bool, minutes: list[Minute], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rated:
            self.fields["rag"].choices = [*RATING_CHOICES, END]  # type: ignore[attr-defined]
        self.fields["minute"].offer(minutes)  # type: ignore[attr-defined]

    def clean_rag(self) -> str:
        rag: str = self.cleaned_data["rag"]
        return "" if rag == END[0] else rag
