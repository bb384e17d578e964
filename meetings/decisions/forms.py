from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from meetings.decisions.models import Decision
from meetings.meetings.forms import SubjectForm
from web.forms import GovukDateField, LongTextField


class DecisionForm(SubjectForm):
    """What a board decided in a minute."""

    effect = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=Decision.Effect, widget=forms.RadioSelect
    )
    wording = LongTextField(label=gettext_lazy("Wording of the decision"), max_length=2000)
    conditions = LongTextField(label=gettext_lazy("Conditions"), max_length=1000, required=False)
    report_back_on = GovukDateField(label=gettext_lazy("Report back by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].help_text = gettext(
            "An action is withdrawn or given a new due date on its own page, which cites this minute."
        )
