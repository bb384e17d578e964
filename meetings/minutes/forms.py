from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from meetings.meetings.forms import VersionForm
from meetings.meetings.models import AgendaItem, Meeting
from meetings.meetings.states import MeetingState
from meetings.minutes.models import Minute
from web.forms import LongTextField


class MinuteForm(VersionForm):
    """A minute of an agenda item.

    Args:
        meeting: the meeting; its items can be chosen where the minute is new.
        next_reference: the reference that the board's numbering gives.
    """

    item = forms.ModelChoiceField(AgendaItem.objects.none(), label=gettext_lazy("Agenda item"))
    reference = forms.CharField(
        label=gettext_lazy("Minute reference"),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=Minute.Kind,
        widget=forms.RadioSelect,
        initial=Minute.Kind.NOTED,
    )
    text = LongTextField(
        label=gettext_lazy("Minute"),
        max_length=6000,
        help_text=gettext_lazy("Write posts and organisations, not names."),
    )
    corrects = forms.ModelChoiceField(
        Minute.objects.none(),
        label=gettext_lazy("Minute of an earlier meeting that this corrects"),
        required=False,
        help_text=gettext_lazy("Only confirmed minutes are corrected in this way."),
    )

    def __init__(self, *args: Any, meeting: Meeting, next_reference: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if next_reference:
            self.fields["reference"].help_text = gettext(
                "Leave empty to use the next one, {next_reference}."
            ).format(next_reference=next_reference)
            self.fields["item"].queryset = meeting.items.all()
        else:
            del self.fields["item"]
        self.fields["corrects"].queryset = Minute.objects.filter(
            board__in=meeting.board.with_earlier(),
            item__meeting__state=MeetingState.CONFIRMED,
            item__meeting__day__lt=meeting.day,
        ).select_related("item__meeting__board")
        self.fields["corrects"].label_from_instance = lambda minute: minute.citation


class ConfirmForm(VersionForm):
    """Confirm the minutes of a meeting.

    Args:
        meetings: the later meetings that can confirm them.
    """

    confirmed_by = forms.TypedChoiceField(
        label=gettext_lazy("Which meeting confirmed them?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select the meeting that confirmed the minutes")},
    )

    def __init__(self, *args: Any, meetings: list[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(meeting.pk): meeting for meeting in meetings}
        self.fields["confirmed_by"].choices = [(key, str(meeting)) for key, meeting in by_key.items()]
        self.fields["confirmed_by"].coerce = by_key.__getitem__
