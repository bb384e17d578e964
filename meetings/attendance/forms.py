from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from meetings.attendance.models import Attendance
from meetings.attendance.queries import seats_of
from meetings.attendance.services import Attendee
from meetings.meetings.forms import VersionForm
from meetings.meetings.models import Meeting
from partners.models import Organisation
from web.language import lazy_text

NOT_RECORDED = [("", lazy_text("Not recorded"))]


class AttendanceForm(VersionForm):
    """Who came to a meeting: a choice for each seat of the board on that day, and room for one more post."""

    more_organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=gettext_lazy("Organisation of somebody else"), required=False
    )
    more_post = forms.CharField(
        label=gettext_lazy("Post of somebody else"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Enter the post, not a name."),
    )
    more_kind = forms.ChoiceField(
        label=gettext_lazy("Attendance of somebody else"),
        choices=[*NOT_RECORDED, *Attendance.Kind.choices],
        required=False,
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = _posts(meeting)
        recorded = {(row.organisation_id, row.post): row for row in meeting.attendances.all()}
        for index, (organisation, post) in enumerate(self.posts):
            row = recorded.get((organisation.pk, post))
            self.fields[f"kind_{index}"] = forms.ChoiceField(
                label=f"{post}, {organisation}",
                choices=[*NOT_RECORDED, *Attendance.Kind.choices],
                required=False,
                initial=row.kind if row else "",
            )
            self.fields[f"substitute_{index}"] = forms.CharField(
                label=gettext("Post of the substitute for {post}, {organisation}").format(
                    post=post, organisation=organisation
                ),
                max_length=120,
                required=False,
                initial=row.substitute if row else "",
            )
        self.fields["more_organisation"].queryset = Organisation.objects.filter(
            partnership=meeting.partnership_id
        )
        more = [name for name in self.fields if name.startswith("more_")]
        self.order_fields([name for name in self.fields if name not in more] + more)
        self.word_errors()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for index in range(len(self.posts)):
            if data.get(f"substitute_{index}") and data.get(f"kind_{index}") != Attendance.Kind.SUBSTITUTE:
                self.add_error(f"substitute_{index}", gettext("Leave this empty unless a substitute came"))
        more = [data.get(f"more_{name}") for name in ("organisation", "post", "kind")]
        if any(more) and not all(more):
            self.add_error(
                "more_post", gettext("Enter the organisation, the post and the attendance together")
            )
        return data

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        attendees = [
            Attendee(organisation, post, data[f"kind_{index}"], data[f"substitute_{index}"])
            for index, (organisation, post) in enumerate(self.posts)
        ]
        if data["more_organisation"]:
            attendees.append(Attendee(data["more_organisation"], data["more_post"], data["more_kind"]))
        return {"attendees": attendees, "version": data["version"]}


def _posts(meeting: Meeting) -> list[tuple[Organisation, str]]:
    """Return the board's seats on the day of the meeting, and whoever else is recorded already."""
    posts = [(seat.organisation, seat.post) for seat in seats_of(meeting).values()]
    rows = meeting.attendances.select_related("organisation")
    return posts + [(row.organisation, row.post) for row in rows if (row.organisation, row.post) not in posts]
