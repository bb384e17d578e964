from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from actions.models import Plan
from meetings.models import AgendaItem, Meeting
from reports.papers.models import Appendix, Implication, Paper, Passage, Section
from reports.templates.models import Template
from web.forms import GovukDateField, GovukForm, LongTextField
from web.markings import HandlingField


class VersionForm(GovukForm):
    """A form that says which version its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DraftForm(GovukForm):
    """Start a paper."""

    template = forms.ModelChoiceField(Template.objects.none(), label=gettext_lazy("Template"))
    plan = forms.ModelChoiceField(Plan.objects.none(), label=gettext_lazy("Plan"))
    as_at = GovukDateField(
        label=gettext_lazy("Figures as at"),
        help_text=gettext_lazy("The record is read as it stood at the end of this day."),
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(),
        label=gettext_lazy("Meeting"),
        required=False,
        help_text=gettext_lazy("The meeting of the board that the paper is for."),
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the paper"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Leave empty to use the template's name and the day."),
    )

    def __init__(self, *args: Any, templates: Any, plans: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates
        self.fields["template"].label_from_instance = lambda row: f"{row.board}: {row}"
        self.fields["plan"].queryset = plans
        self.fields["meeting"].queryset = meetings


class CoverForm(VersionForm):
    """What the cover says."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    meeting = forms.ModelChoiceField(Meeting.objects.none(), label=gettext_lazy("Meeting"), required=False)
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=gettext_lazy("Agenda item"), required=False
    )
    paper_letter = forms.CharField(
        label=gettext_lazy("Paper mark"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("Its letter in the pack, such as B."),
    )
    report_of = forms.CharField(
        label=gettext_lazy("Report of"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("The post, not a name."),
    )
    purpose = LongTextField(label=gettext_lazy("Purpose"), max_length=2000, required=False)
    recommendation = LongTextField(label=gettext_lazy("Recommendation"), max_length=2000, required=False)
    contact = forms.CharField(
        label=gettext_lazy("Contact"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("A post and an office mailbox."),
    )
    handling_instruction = HandlingField()

    def __init__(self, *args: Any, meetings: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
        self.fields["item"].queryset = items


class SectionForm(VersionForm):
    """The text of a section."""

    text = LongTextField(
        label=gettext_lazy("Text"),
        max_length=12000,
        required=False,
        help_text=gettext_lazy("Leave an empty line between paragraphs. Each is numbered."),
    )
    facts_on = GovukDateField(
        label=gettext_lazy("The text is right as at"),
        required=False,
        help_text=gettext_lazy("Leave empty if it is right as at the day of the paper."),
    )


class PassageForm(VersionForm):
    """What becomes of a text from a return."""

    treatment = forms.ChoiceField(
        label=gettext_lazy("What do you want to do with it?"),
        choices=Passage.Treatment,
        widget=forms.RadioSelect,
    )
    text = LongTextField(label=gettext_lazy("Shortened text"), max_length=4000, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why it is left out"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The paper prints that it was left out."),
    )
    disposition = forms.ChoiceField(
        label=gettext_lazy("What becomes of the escalation?"),
        choices=Passage.Disposition,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, escalates: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not escalates:
            del self.fields["disposition"]


class ImplicationForm(VersionForm):
    """One row of the table of implications."""

    text = LongTextField(
        label=gettext_lazy("Implication"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy('Enter "Nil" if there is none.'),
    )
    assessed_by = forms.CharField(
        label=gettext_lazy("Assessed by"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("The post, not a name."),
    )


class AppendixForm(VersionForm):
    """Whether an appendix is attached."""

    status = forms.ChoiceField(
        label=gettext_lazy("Is the appendix attached?"),
        choices=[choice for choice in Appendix.Status.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    reason = LongTextField(label=gettext_lazy("Why it is not attached"), max_length=1000, required=False)


class ConfirmForm(VersionForm):
    """A step without further questions."""


class CorrectForm(VersionForm):
    """Draft a correction."""

    correction = LongTextField(
        label=gettext_lazy("What does the correction change?"),
        max_length=2000,
        help_text=gettext_lazy("The corrected paper prints this."),
    )


class AbandonForm(VersionForm):
    """Abandon a draft."""

    reason = LongTextField(label=gettext_lazy("Why is the paper abandoned?"), max_length=1000)


def initial_of(
    row: Paper | Section | Passage | Implication | Appendix, form: type[GovukForm]
) -> dict[str, Any]:
    """Return what a form about a row starts with."""
    return {name: getattr(row, name) for name in form.base_fields}
