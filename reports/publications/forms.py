from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

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
        label=gettext_lazy("Is this section published?"),
        choices=EditionSection.Treatment.choices[1:],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether the section is published")},
    )
    text = LongTextField(
        label=gettext_lazy("Public wording"),
        max_length=12000,
        required=False,
        help_text=gettext_lazy(
            "Anybody can read this. Leave out names, cases and what is OFFICIAL-SENSITIVE."
        ),
    )


class WordingForm(GovukForm):
    """The public wording of a row, and of a finding or inspection whether it is published."""

    publication = forms.ChoiceField(
        label=gettext_lazy("Is this published?"), choices=Action.Publication.choices, widget=forms.RadioSelect
    )
    exemption = forms.ChoiceField(
        label=gettext_lazy("Exemption"),
        choices=Action.Exemption.choices,
        required=False,
        help_text=gettext_lazy("If you withhold it. Freedom of Information Act 2000."),
    )
    text = forms.CharField(
        label=gettext_lazy("Public wording"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The public reads this instead of its name. Leave empty to publish the name."),
    )

    def __init__(self, *args: Any, decides: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not decides:
            del self.fields["publication"], self.fields["exemption"]


class CorrectForm(ConfirmForm):
    """What a correction changes."""

    correction = LongTextField(
        label=gettext_lazy("What does the correction change?"),
        max_length=2000,
        help_text=gettext_lazy("The public reads this."),
        error_messages={"required": gettext_lazy("Enter what the correction changes")},
    )


class ReasonForm(ConfirmForm):
    """Why an edition is withdrawn or abandoned."""

    reason = LongTextField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        error_messages={"required": gettext_lazy("Enter the reason")},
    )

    def __init__(self, *args: Any, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = help_text
