from typing import Any

from django import forms

from actions.models import Plan
from meetings.models import AgendaItem, Meeting
from reports.papers.models import Appendix, Implication, Paper, Passage, Section
from reports.templates.models import Template
from web.forms import GovukDateField, GovukForm, LongTextField


class VersionForm(GovukForm):
    """A form that says which version its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class DraftForm(GovukForm):
    """Start a paper."""

    template = forms.ModelChoiceField(Template.objects.none())
    plan = forms.ModelChoiceField(Plan.objects.none())
    as_at = GovukDateField(
        label="Figures as at", help_text="The record is read as it stood at the end of this day."
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), required=False, help_text="The meeting of the board that the paper is for."
    )
    title = forms.CharField(
        label="Title of the paper",
        max_length=200,
        required=False,
        help_text="Leave empty to use the template's name and the day.",
    )

    def __init__(self, *args: Any, templates: Any, plans: Any, meetings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates
        self.fields["template"].label_from_instance = lambda row: f"{row.board}: {row}"
        self.fields["plan"].queryset = plans
        self.fields["meeting"].queryset = meetings


class CoverForm(VersionForm):
    """What the cover says."""

    title = forms.CharField(max_length=200)
    meeting = forms.ModelChoiceField(Meeting.objects.none(), required=False)
    item = forms.ModelChoiceField(AgendaItem.objects.none(), label="Agenda item", required=False)
    paper_letter = forms.CharField(
        label="Paper mark", max_length=12, required=False, help_text="Its letter in the pack, such as B."
    )
    report_of = forms.CharField(max_length=160, required=False, help_text="The post, not a name.")
    purpose = LongTextField(max_length=2000, required=False)
    recommendation = LongTextField(max_length=2000, required=False)
    contact = forms.CharField(max_length=200, required=False, help_text="A post and an office mailbox.")
    handling_instruction = forms.CharField(
        max_length=300,
        required=False,
        help_text="Needed for OFFICIAL-SENSITIVE. Say who can view it and how to store it.",
    )

    def __init__(self, *args: Any, meetings: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
        self.fields["item"].queryset = items


class SectionForm(VersionForm):
    """The text of a section."""

    text = LongTextField(
        max_length=12000,
        required=False,
        help_text="Leave an empty line between paragraphs. Each is numbered.",
    )
    facts_on = GovukDateField(
        label="The text is right as at",
        required=False,
        help_text="Leave empty if it is right as at the day of the paper.",
    )


class PassageForm(VersionForm):
    """What becomes of a text from a return."""

    treatment = forms.ChoiceField(
        label="What do you want to do with it?", choices=Passage.Treatment, widget=forms.RadioSelect
    )
    text = LongTextField(label="Shortened text", max_length=4000, required=False)
    reason = forms.CharField(
        label="Why it is left out",
        max_length=300,
        required=False,
        help_text="The paper prints that it was left out.",
    )
    disposition = forms.ChoiceField(
        label="What becomes of the escalation?",
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
        label="Implication", max_length=2000, required=False, help_text='Enter "Nil" if there is none.'
    )
    assessed_by = forms.CharField(max_length=160, required=False, help_text="The post, not a name.")


class AppendixForm(VersionForm):
    """Whether an appendix is attached."""

    status = forms.ChoiceField(
        label="Is the appendix attached?",
        choices=[choice for choice in Appendix.Status.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    reason = LongTextField(label="Why it is not attached", max_length=1000, required=False)


class ConfirmForm(VersionForm):
    """A step without further questions."""


class CorrectForm(VersionForm):
    """Draft a correction."""

    correction = LongTextField(
        label="What does the correction change?",
        max_length=2000,
        help_text="The corrected paper prints this.",
    )


class AbandonForm(VersionForm):
    """Abandon a draft."""

    reason = LongTextField(label="Why is the paper abandoned?", max_length=1000)


def initial_of(
    row: Paper | Section | Passage | Implication | Appendix, form: type[GovukForm]
) -> dict[str, Any]:
    """Return what a form about a row starts with."""
    return {name: getattr(row, name) for name in form.base_fields}
