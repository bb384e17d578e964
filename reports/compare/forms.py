"""The two days to compare."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from actions.models import Plan
from audit.actors import Reader
from meetings.models import Meeting
from partners.models import Board
from reports.asat.moments import check_began, end_of
from reports.asat.queries import record_began
from reports.compare.queries import Comparison, Kind, compare
from web.forms import GovukDateField, GovukForm
from web.language import day_text, lazy_text

TO_THE_END = lazy_text("The record is read at the end of the day.")
DESCRIBED = {
    "start": lazy_text("The first day. Leave it out where `board` is sent."),
    "board": lazy_text("Id of a board: compare since the day of its last meeting before `end`."),
    "end": lazy_text("The second day; today if left out."),
    "plan": lazy_text("Id of a plan: only its actions."),
    "kind": lazy_text("List only this kind of change; `counts` always has all of them."),
}


class CompareForm(GovukForm):
    """Two days, or the days since the last meeting of a board, and the plan.

    Attributes:
        opening, closing: the moments to compare, once the form is valid.
        meeting: the meeting whose day is the first one, if a board was chosen.
    """

    mark_optional = False

    start = GovukDateField(
        label=gettext_lazy("First day"),
        required=False,
        help_text=format_lazy("{} {}", gettext_lazy("For example, 8 10 2019."), TO_THE_END),
    )
    board = forms.ChoiceField(label=gettext_lazy("Or the last meeting of a board"), required=False)
    end = GovukDateField(
        label=gettext_lazy("Second day"),
        required=False,
        help_text=gettext_lazy("Leave it empty to compare with today."),
    )
    plan = forms.ChoiceField(label=gettext_lazy("Plan"), required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of change"),
        choices=[("", gettext_lazy("Any")), *Kind.choices],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: Any, *, user: Reader, now: datetime, on: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.user, self.now, self.on = user, now, on
        self.opening, self.closing = now, now
        self.meeting: Meeting | None = None
        boards = Board.objects.visible_to(user, on).order_by("name").values_list("pk", "name")
        plans = Plan.objects.visible_to(user, on).order_by("-starts_on", "title").values_list("pk", "title")
        self._offer("board", gettext("None"), boards)
        self._offer("plan", gettext("Any"), plans)

    def _offer(self, name: str, none: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", none), *((str(pk), label) for pk, label in rows)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        self.closing = self._moment("end", values["end"] or self.on)
        if values["board"]:
            if values["start"]:
                raise ValidationError({"board": gettext("Enter the first day or choose a board, not both")})
            self.opening = self._moment("board", self._day_of_meeting(values["board"]))
        elif values["start"]:
            self.opening = self._moment("start", values["start"])
        else:
            raise ValidationError({"start": gettext("Enter the first day, or choose a board")})
        if self.opening >= self.closing:
            raise ValidationError({"end": gettext("The second day must be after the first")})
        return values

    def comparison(self) -> Comparison:
        """Compare the moments of a valid form."""
        plan = self.cleaned_data["plan"]
        return compare(
            user=self.user,
            on=self.on,
            opening=self.opening,
            closing=self.closing,
            plan=int(plan) if plan else None,
        )

    def _day_of_meeting(self, board: str) -> date:
        last_day = self.closing.date() if self.closing != self.now else self.on
        held = Meeting.objects.visible_to(self.user, self.on).took_place()
        rows = held.filter(board=int(board), day__lt=last_day, precision=Meeting.Precision.DAY)
        self.meeting = rows.select_related("board").order_by("-day", "-pk").first()
        if self.meeting is None:
            day = day_text(last_day)
            raise ValidationError(
                {"board": gettext("No meeting of this board is recorded before {day}").format(day=day)}
            )
        return self.meeting.day

    def _moment(self, name: str, day: date) -> datetime:
        try:
            at = end_of(day, now=self.now)
            check_began(at, began=record_began(self.user, self.on))
        except ValidationError as error:
            raise ValidationError({name: error.messages}) from error
        return at
