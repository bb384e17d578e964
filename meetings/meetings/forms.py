from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, gettext_lazy

from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.states import Subject
from partners.models import Board
from web.forms import GovukDateField, GovukForm, LongTextField
from web.language import lazy_text
from web.markings import HandlingField, MarkingField

TIME = lazy_text("Enter a time like 14:00")
SUBJECTS = [("", Subject.NONE.label), *((value, label) for value, label in Subject.choices if value)]
WIDTH_5 = {"class": "govuk-input--width-5"}


class VersionForm(GovukForm):
    """A form that says which version of the meeting its reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SubjectForm(VersionForm):
    """A form that names what a board decides on, by kind and reference."""

    subject = forms.ChoiceField(label=gettext_lazy("What does it act on?"), choices=SUBJECTS, required=False)
    subject_ref = forms.CharField(
        label=gettext_lazy("Reference of what it acts on"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("For example, WY20-07."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("subject") and not data.get("subject_ref"):
            self.add_error("subject_ref", gettext("Enter the reference of what it acts on"))
        if data.get("subject_ref") and not data.get("subject"):
            self.add_error("subject", gettext("Select what the reference is of"))
        return data


class MeetingForm(VersionForm):
    """The details of a meeting.

    Args:
        boards: the boards to choose from; None on a change.
    """

    board = forms.ModelChoiceField(Board.objects.none(), label=gettext_lazy("Board"))
    day = GovukDateField(label=gettext_lazy("Date of the meeting"))
    precision = forms.ChoiceField(
        label=gettext_lazy("How well is the date known?"),
        choices=Meeting.Precision,
        widget=forms.RadioSelect,
        initial=Meeting.Precision.DAY,
        help_text=gettext_lazy("If only the month is known, enter the first day of it."),
    )
    starts_at = forms.TimeField(
        label=gettext_lazy("Start time"),
        required=False,
        help_text=gettext_lazy("For example, 14:00."),
        widget=forms.TimeInput(format="%H:%M", attrs=WIDTH_5),
        error_messages={"invalid": TIME},
    )
    ends_at = forms.TimeField(
        label=gettext_lazy("End time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs=WIDTH_5),
        error_messages={"invalid": TIME},
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    is_online = forms.BooleanField(label=gettext_lazy("The meeting is online"), required=False)
    chair = forms.CharField(
        label=gettext_lazy("Chair"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Enter the post, not a name."),
    )
    minute_taker = forms.CharField(
        label=gettext_lazy("Minute taker"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Enter the post, not a name."),
    )
    quorum = forms.IntegerField(
        label=gettext_lazy("Quorum"),
        min_value=0,
        max_value=200,
        required=False,
        help_text=gettext_lazy(
            "How many members must be present for a decision. Leave empty to use the board's quorum."
        ),
        widget=forms.NumberInput(attrs=WIDTH_5),
    )
    marking = MarkingField()
    handling_instruction = HandlingField()
    basis = forms.ChoiceField(
        label=gettext_lazy("Where the record comes from"),
        choices=Meeting.Basis,
        widget=forms.RadioSelect,
        initial=Meeting.Basis.RECORDED,
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("The paper and paragraph, if a paper states the meeting."),
    )

    def __init__(self, *args: Any, boards: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if boards is None:
            del self.fields["board"]
        else:
            del self.fields["version"]
            self.fields["board"].queryset = boards

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("quorum") is None:
            data.pop("quorum", None)
        return data


def meeting_initial(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in MeetingForm.base_fields if name != "board"}


class CancelForm(VersionForm):
    """Cancel a planned meeting."""

    reason = LongTextField(label=gettext_lazy("Why is the meeting cancelled?"), max_length=1000)


class HoldForm(VersionForm):
    """Record that a meeting took place."""


class ItemForm(SubjectForm):
    """An item of the agenda."""

    field_order: ClassVar = [
        *("version", "number", "title", "purpose", "subject", "subject_ref", "presenter", "paper"),
        *("is_private", "private_reason", "marking"),
    ]

    number = forms.IntegerField(
        label=gettext_lazy("Item number"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=gettext_lazy("Leave empty to add it at the end."),
        widget=forms.NumberInput(attrs=WIDTH_5),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    purpose = forms.ChoiceField(
        label=gettext_lazy("Purpose"),
        choices=AgendaItem.Purpose,
        widget=forms.RadioSelect,
        initial=AgendaItem.Purpose.INFORMATION,
    )
    presenter = forms.CharField(
        label=gettext_lazy("Presenter"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("Enter the post, not a name."),
    )
    paper = forms.CharField(
        label=gettext_lazy("Paper"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Reference and title of the paper."),
    )
    is_private = forms.BooleanField(label=gettext_lazy("Take this item in private"), required=False)
    private_reason = forms.CharField(
        label=gettext_lazy("Reason for taking it in private"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For example, paragraph 7 of Schedule 12A to the Local Government Act 1972."),
    )
    marking = MarkingField()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("number") is None:
            data.pop("number", None)
        return data


def item_initial(item: AgendaItem) -> dict[str, Any]:
    names = [name for name in ItemForm.base_fields if name != "version"]
    return {name: getattr(item, name) for name in names} | {"version": item.meeting.version}


class RemoveForm(VersionForm):
    """Remove what was put on the agenda or in the minutes by mistake."""

    reason = LongTextField(label=gettext_lazy("Why is it removed?"), max_length=1000)
