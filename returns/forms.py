"""A return as one page: a small form for each action and each MOU area, and one for the other texts.

They are told apart by prefix, so that what is wrong with one never takes the others along.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from actions.core.states import REPORTABLE
from actions.evidence.forms import RowEvidenceForm
from partners.models import MouArea
from returns.models import Return, ReturnCommentary
from returns.services.contents import SECTIONS, Line, begins_with, no_change_since, why_not_unchanged
from returns.services.drafting import CommentaryDraft, RowDraft, Saved
from returns.states import ReturnState
from standards import rag
from web.forms import GovukForm, LongTextField

ROW, AREA = "row", "mou_area"
ROW_KEY = re.compile(r"row-(\d{1,18})-(\w+)")
STATES = [(state.value, state.label) for state in REPORTABLE]
RATINGS = [(rating.value, rating.label) for rating in reversed(rag.KEY)]
INLINE = {"class": "govuk-radios--inline govuk-radios--small"}
GONE = "This action is no longer part of this return: it was closed, or another organisation leads it now."


class RowForm(GovukForm):
    """What the return says of one action. Everything may be left for later."""

    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    unchanged = forms.BooleanField(label="No change", required=False)
    narrative = LongTextField(label="What was done", max_length=4000, required=False)
    next_steps = LongTextField(
        label="What happens next", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    state = forms.ChoiceField(
        label="Status", choices=STATES, required=False, widget=forms.RadioSelect(attrs=INLINE)
    )
    rag = forms.ChoiceField(
        label="RAG", choices=RATINGS, required=False, widget=forms.RadioSelect(attrs=INLINE)
    )
    percent = forms.IntegerField(
        label="Percent done",
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
    )
    reason = LongTextField(
        label="Why it is red or amber",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    path_to_green = LongTextField(
        label="Path to green", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, line: Line, data: QueryDict | None, evidence: RowEvidenceForm) -> None:
        super().__init__(data, prefix=f"{ROW}-{line.action.pk}", initial=_start(line))
        self.line = line
        self.evidence = evidence
        if line.last is not None and not why_not_unchanged(update=line.last):
            self.fields["unchanged"].label = no_change_since(update=line.last)
        elif not (line.row and line.row.unchanged):
            del self.fields["unchanged"]

    def draft(self) -> RowDraft:
        return RowDraft(action=self.line.action.pk, **self.cleaned_data)


class AreaForm(GovukForm):
    """What the return says of one MOU area."""

    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = LongTextField(max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, area: MouArea, written: ReturnCommentary | None, data: QueryDict | None) -> None:
        start = {"version": written.version if written else 0, "text": written.text if written else ""}
        super().__init__(data, prefix=f"{AREA}-{area.pk}", initial=start)
        self.area = area
        self.fields["text"].label = area.name

    def draft(self) -> CommentaryDraft:
        return CommentaryDraft(mou_area=self.area.pk, **self.cleaned_data)


class TextsForm(GovukForm):
    """The texts about the whole district, and the box for the reason to keep what looks like personal data."""

    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    training = LongTextField(label="Training delivered", max_length=4000, required=False)
    attendance = LongTextField(
        label="Attendance",
        max_length=2000,
        required=False,
        help_text="Of meetings, panels and training: how many came, from where.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    risks = LongTextField(label="Risks", max_length=4000, required=False)
    escalations = LongTextField(label="Escalations to Silver", max_length=4000, required=False)
    good_practice = LongTextField(label="Good practice", max_length=4000, required=False)
    decisions_sought = LongTextField(label="Decisions sought", max_length=4000, required=False)

    def __init__(self, report: Return, data: QueryDict | None) -> None:
        start = {"version": report.version} | {name: getattr(report, name) for name in SECTIONS}
        super().__init__(data, initial=start)


@dataclass(frozen=True)
class Dropped:
    """Words about an action that the return no longer asks about: shown again, so that they are not lost."""

    action: int
    words: str


class ReturnForm:
    """All of a return, read like one form by the page's frame."""

    def __init__(
        self,
        report: Return,
        lines: Sequence[Line],
        areas: Iterable[MouArea],
        written: Mapping[int, ReturnCommentary],
        data: QueryDict | None = None,
        *,
        files: Any = None,
    ) -> None:
        self.report = report
        self.data = data
        # Of every line: a file chosen for a row that can be filled in no more is an action's evidence all the same.
        self.evidence = [RowEvidenceForm(line.action, data, files) for line in lines]
        self.rows = [
            RowForm(line, data, given)
            for line, given in zip(lines, self.evidence, strict=True)
            if line.takes_answer
        ]
        self.areas = [AreaForm(area, written.get(area.pk), data) for area in areas]
        self.texts = TextsForm(report, data)
        self.dropped = list(self._dropped())
        self.notices: list[str] = []

    @property
    def forms(self) -> list[GovukForm]:
        return [*self.rows, *self.areas, self.texts]

    @property
    def errors(self) -> bool:
        return any(form.errors for form in (*self.forms, *self.evidence)) or bool(
            self.notices or self.dropped
        )

    @property
    def error_list(self) -> Iterator[dict[str, str]]:
        for notice in self.notices:
            yield {"href": "", "text": notice}
        for row in self.rows:
            yield from (
                {**error, "text": f"{row.line.action.ref}: {error['text']}"}
                for error in (*row.error_list, *row.evidence.error_list)
            )
        in_rows = {row.line.action for row in self.rows}
        for given in self.evidence:
            if given.action not in in_rows:
                yield from (
                    {"href": "", "text": f"{given.action.ref}: {error['text']}"} for error in given.error_list
                )
        for area in self.areas:
            yield from ({**error, "text": f"{area.area}: {error['text']}"} for error in area.error_list)
        yield from self.texts.error_list
        for dropped in self.dropped:
            yield {"href": f"#dropped-{dropped.action}", "text": GONE}

    @property
    def keep_field(self) -> Any:
        """The box for the reason to keep personal data, wherever some was found."""
        if any(form.keep_field for form in (*self.forms, *self.evidence)):
            self.texts.add_reason_field()
        return self.texts.keep_field

    def row_drafts(self) -> list[RowDraft]:
        return [row.draft() for row in self.rows if row.is_valid()]

    def area_drafts(self) -> list[CommentaryDraft]:
        return [area.draft() for area in self.areas if area.is_valid()]

    def sections(self) -> dict[str, str]:
        """The texts that can be kept: those without an error of their own."""
        self.texts.is_valid()
        return {name: self.texts.cleaned_data[name] for name in SECTIONS if name in self.texts.cleaned_data}

    @property
    def version(self) -> int | None:
        return self.texts.cleaned_data.get("version", 0)

    def refuse(self, saved: Saved) -> None:
        """Put what the service refused at the fields that hold it."""
        by_action = {row.line.action.pk: row for row in self.rows}
        for pk, problems in saved.problems.items():
            if pk in by_action:
                for name, errors in problems.items():
                    _add(by_action[pk], name, errors)
        for pk, message in saved.conflicts.items():
            if pk in by_action:
                by_action[pk].add_error("narrative", message)
        texts: dict[str, Any] = {**saved.text_problems, **saved.text_conflicts}
        by_area = {f"{AREA}_{area.area.pk}": area for area in self.areas}
        for key, errors in texts.items():
            if key in by_area:
                _add(by_area[key], "text", errors)
            else:
                _add(self.texts, key, errors)

    def catch_up(self, now: "ReturnForm") -> None:
        """Carry on from how the return stands now: sent again, what was typed applies to that."""
        if self.data is None:
            return
        self.data = self.data.copy()
        for form in now.forms:
            self.data[form.add_prefix("version")] = str(form.initial["version"])
        for form in self.forms:
            form.data = self.data

    def _dropped(self) -> Iterator[Dropped]:
        asked = {row.line.action.pk for row in self.rows}
        words: dict[int, list[str]] = {}
        for key, value in (self.data or {}).items():
            found = ROW_KEY.fullmatch(key)
            if (
                found
                and int(found[1]) not in asked
                and found[2] in ("narrative", "next_steps", "reason", "path_to_green")
            ):
                words.setdefault(int(found[1]), []).append(str(value))
        for pk, texts in words.items():
            if any(text.strip() for text in texts):
                yield Dropped(pk, "\n\n".join(text for text in texts if text.strip()))


def _add(form: GovukForm, name: str, errors: Any) -> None:
    for error in errors if isinstance(errors, list) else [errors]:
        form.add_error(name if name in form.fields else None, error)


def _start(line: Line) -> dict[str, Any]:
    """Start from the draft; without one, from where the action stands."""
    if line.row is not None:
        return {name: getattr(line.row, name) for name in RowForm.base_fields}
    return {"version": 0, **begins_with(line=line)}


class QuestionForm(GovukForm):
    """Why a return, or what it says of some actions, is given back."""

    question = LongTextField(label="About the whole return", max_length=2000, required=False)

    def __init__(self, lines: Sequence[Line], data: QueryDict | None) -> None:
        super().__init__(data)
        self.lines = [line for line in lines if line.row is not None and line.row.update_id is not None]
        for line in self.lines:
            self.fields[f"question_{line.action.pk}"] = LongTextField(
                label=f"About {line.action.ref} {line.action.title}",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        self.word_errors()

    def by_action(self) -> dict[int, str]:
        return {line.action.pk: self.cleaned_data[f"question_{line.action.pk}"] for line in self.lines}


class ReturnListForm(GovukForm):
    """What narrows the list of returns."""

    LATE = "late"
    mark_optional = False

    state = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Any"), *ReturnState.choices, (LATE, "Late")],
    )
