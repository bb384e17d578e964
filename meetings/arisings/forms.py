from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from meetings.arisings.models import Arising
from meetings.meetings.forms import VersionForm
from meetings.meetings.models import Meeting
from partners.models import Organisation, User
from web.forms import GovukDateField, LongTextField


class ArisingForm(VersionForm):
    """An action arising from a minute."""

    text = LongTextField(label=gettext_lazy("What is to be done?"), max_length=1000)
    post = forms.CharField(
        label=gettext_lazy("Post responsible"),
        max_length=160,
        required=False,
        help_text=gettext_lazy("As the minutes say. Not a name."),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation responsible"), required=False
    )
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Owner"),
        required=False,
        help_text=gettext_lazy("The person who gets it as a task in the tracker."),
    )
    due = GovukDateField(
        label=gettext_lazy("Due date"),
        required=False,
        help_text=gettext_lazy("Leave empty if the board did not set one."),
    )

    def __init__(self, *args: Any, people: Any, partnership_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people
        self.fields["organisation"].queryset = Organisation.objects.filter(partnership=partnership_id)


class ReportForm(VersionForm):
    """Report on an action arising."""

    progress = LongTextField(label=gettext_lazy("What was done?"), max_length=2000)
    propose = forms.BooleanField(
        label=gettext_lazy("It is done: propose to close it at the next meeting"), required=False
    )


class CloseForm(VersionForm):
    """Record the meeting that closed an action arising.

    Args:
        meetings: the meetings that can close it.
    """

    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            (Arising.State.CLOSED, gettext_lazy("Closed: it is done")),
            (Arising.State.NOT_REQUIRED, gettext_lazy("No longer required")),
        ],
        widget=forms.RadioSelect,
    )
    meeting = forms.TypedChoiceField(
        label=gettext_lazy("Which meeting closed it?"),
        error_messages={"required": gettext_lazy("Select the meeting that closed it")},
    )

    def __init__(self, *args: Any, meetings: list[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(meeting.pk): meeting for meeting in meetings}
        self.fields["meeting"].choices = [
            ("", gettext("Choose a meeting")),
            *((key, str(meeting)) for key, meeting in by_key.items()),
        ]
        self.fields["meeting"].coerce = by_key.__getitem__
