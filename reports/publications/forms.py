from typing import Any

from django import forms

from actions.models import Action
from reports.publications.models import EditionSection
from web.forms import GovukForm, LongTextField


class ConfirmForm(GovukForm):
    """Confirm a step; it says which version its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class StartForm(GovukForm):
    """Start a public edition."""


class SectionForm(ConfirmForm):
    """Publish a section in its public wording, or leave it out."""

    treatment = forms.ChoiceField(
        label="Is this section published?",
        choices=EditionSection.Treatment.choices[1:],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether the section is published"},
    )
    text = LongTextField(
        label="Public wording",
        max_length=12000,
        required=False,
        help_text="Anybody can read this. Leave out names, cases and what is OFFICIAL-SENSITIVE.",
    )


class WordingForm(GovukForm):
    """The public wording of a row, and of a finding or inspection whether it is published."""

    publication = forms.ChoiceField(
        label="Is this published?", choices=Action.Publication.choices, widget=forms.RadioSelect
    )
    exemption = forms.ChoiceField(
        choices=Action.Exemption.choices,
        required=False,
        help_text="If you withhold it. Freedom of Information Act 2000.",
    )
    text = forms.CharField(
        label="Public wording",
        max_length=300,
        required=False,
        help_text="The public reads this instead of its name. Leave empty to publish the name.",
    )

    def __init__(self, *args: Any, decides: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not decides:
            del self.fields["publication"], self.fields["exemption"]


class CorrectForm(ConfirmForm):
    """What a correction changes."""

    correction = LongTextField(
        label="What does the correction change?",
        max_length=2000,
        help_text="The public reads this.",
        error_messages={"required": "Enter what the correction changes"},
    )


class ReasonForm(ConfirmForm):
    """Why an edition is withdrawn or abandoned."""

    reason = LongTextField(max_length=1000, error_messages={"required": "Enter the reason"})

    def __init__(self, *args: Any, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text
