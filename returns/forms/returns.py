"""The form page of a return: a small form for each action and each MOU area, and one for the other texts.

Each has its own prefix, so that an error in one never loses the others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from actions.core.states import REPORTABLE
from actions.evidence.forms import RowEvidenceForm
from partners.models import MouArea
from returns.forms.figures import FigureForm
from returns.models import Return, ReturnCommentary
from returns.services.contents import SECTIONS, Line, no_change_text, starting_values, unchanged_refusal
from returns.services.drafting import NOT_IN_RETURN, CommentaryDraft, RowDraft, SaveResult, is_blank
from returns.services.figures import FigureDraft, FigureLine
from returns.services.submitting import AnswerStatus, answer_status
from web.forms import GovukForm, LongTextField, PercentField
from web.language import english_html
from web.refusals import refuse
from web.wording import GREEN_FIRST

ROW, AREA = "row", "mou_area"
ROW_KEY = re.compile(r"row-(\d{1,18})-(\w+)")
STATES = [(state.value, state.label) for state in REPORTABLE]
INLINE = {"class": "govuk-radios--inline govuk-radios--small"}


class RowForm(GovukForm):
    """The answer on one action. Every field is optional until the return is submitted."""

    mark_optional = False
    # Whether its errors are only what the saved answer lacks.
    is_saved = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    unchanged = forms.BooleanField(label=gettext_lazy("No change"), required=False)
    narrative = LongTextField(label=gettext_lazy("What was done"), max_length=4000, required=False)
    next_steps = LongTextField(
        label=gettext_lazy("What happens next"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Status"), choices=STATES, required=False, widget=forms.RadioSelect(attrs=INLINE)
    )
    rag = forms.ChoiceField(
        label=gettext_lazy("RAG"), choices=GREEN_FIRST, required=False, widget=forms.RadioSelect(attrs=INLINE)
    )
    percent = PercentField(label=gettext_lazy("Percent done"), required=False)
    reason = LongTextField(
        label=gettext_lazy("Why it is red or amber"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    path_to_green = LongTextField(
        label=gettext_lazy("Path to green"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, line: Line, data: QueryDict | None, evidence: RowEvidenceForm) -> None:
        super().__init__(data, prefix=f"{ROW}-{line.action.pk}", initial=_initial(line))
        self.line = line
        self.evidence = evidence
        if line.last_update is not None and not unchanged_refusal(update=line.last_update):
            self.fields["unchanged"].label = english_html(no_change_text(update=line.last_update))
        elif not (line.row and line.row.unchanged):
            del self.fields["unchanged"]

    def draft(self, *, no_change: bool = False) -> RowDraft:
        """Return the answer as typed.

        Args:
            no_change: whether an action without an answer has not changed since its last update.
        """
        draft = RowDraft(action=self.line.action.pk, **self.cleaned_data)
        if no_change and "unchanged" in self.fields and is_blank(draft=draft, last=self.line.last_update):
            return replace(draft, unchanged=True)
        return draft

    @property
    def status(self) -> AnswerStatus:
        """How far the answer is, as it was last saved."""
        return answer_status(line=self.line)

    @property
    def missing(self) -> Sequence[str]:
        """What the saved answer lacks, in words; nothing before it is begun."""
        return list(self.status.errors.values()) if self.status.is_begun else []

    @property
    def is_open(self) -> bool:
        """Whether the page shows the fields at once: there is something to put right or to answer."""
        question = self.line.row is not None and bool(self.line.row.question)
        return bool(self.errors or self.evidence.errors or question or self.missing)


class AreaForm(GovukForm):
    """The text on one MOU area."""

    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    text = LongTextField(
        label=gettext_lazy("Text"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, area: MouArea, commentary: ReturnCommentary | None, data: QueryDict | None) -> None:
        initial = {
            "version": commentary.version if commentary else 0,
            "text": commentary.text if commentary else "",
        }
        super().__init__(data, prefix=f"{AREA}-{area.pk}", initial=initial)
        self.area = area
        self.fields["text"].label = area.name

    def draft(self) -> CommentaryDraft:
        return CommentaryDraft(mou_area=self.area.pk, **self.cleaned_data)


class TextsForm(GovukForm):
    """The texts about the whole district, and the reason for keeping personal data."""

    mark_optional = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    training = LongTextField(label=gettext_lazy("Training delivered"), max_length=4000, required=False)
    attendance = LongTextField(
        label=gettext_lazy("Attendance"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy(
            "How many people came to meetings, panels and training, and where they came from"
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    risks = LongTextField(label=gettext_lazy("Risks"), max_length=4000, required=False)
    escalations = LongTextField(label=gettext_lazy("Escalations to Silver"), max_length=4000, required=False)
    good_practice = LongTextField(label=gettext_lazy("Good practice"), max_length=4000, required=False)
    decisions_sought = LongTextField(label=gettext_lazy("Decisions sought"), max_length=4000, required=False)

    def __init__(self, report: Return, data: QueryDict | None) -> None:
        initial = {"version": report.version} | {name: getattr(report, name) for name in SECTIONS}
        super().__init__(data, initial=initial)


@dataclass(frozen=True)
class RemovedAction:
    """The text typed for an action that is no longer in the return: shown again, so that it is not lost."""

    action: int
    text: str


class ReturnForm:
    """A whole return, used by its page like one form."""

    def __init__(
        self,
        report: Return,
        lines: Sequence[Line],
        areas: Iterable[MouArea],
        commentaries: Mapping[int, ReturnCommentary],
        data: QueryDict | None = None,
        *,
        files: Any = None,
        figures: Sequence[FigureLine] = (),
    ) -> None:
        self.report = report
        self.figures = [FigureForm(line, data) for line in figures]
        self.data = data
        # For every line: a file for a row that can no longer be changed is still evidence for its action.
        self.evidence = [RowEvidenceForm(line.action, data, files) for line in lines]
        self.rows = [
            RowForm(line, data, evidence)
            for line, evidence in zip(lines, self.evidence, strict=True)
            if line.is_editable
        ]
        self.areas = [AreaForm(area, commentaries.get(area.pk), data) for area in areas]
        self.texts = TextsForm(report, data)
        self.removed_actions = list(self._removed_actions())
        self.notices: list[str] = []

    @property
    def forms(self) -> list[GovukForm]:
        return [*self.rows, *self.areas, self.texts, *self.figures]

    @property
    def errors(self) -> bool:
        return any(form.errors for form in (*self.forms, *self.evidence)) or bool(
            self.notices or self.removed_actions
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
        row_actions = {row.line.action for row in self.rows}
        for evidence in self.evidence:
            if evidence.action not in row_actions:
                yield from (
                    {"href": "", "text": f"{evidence.action.ref}: {error['text']}"}
                    for error in evidence.error_list
                )
        for area in self.areas:
            yield from ({**error, "text": f"{area.area}: {error['text']}"} for error in area.error_list)
        yield from self.texts.error_list
        for figure in self.figures:
            yield from (
                {**error, "text": f"{figure.line.title}: {error['text']}"} for error in figure.error_list
            )
        for removed in self.removed_actions:
            yield {"href": f"#removed-{removed.action}", "text": str(NOT_IN_RETURN)}

    @property
    def keep_field(self) -> Any:
        """The field for the reason to keep personal data, when any of the forms has some."""
        if any(form.keep_field for form in (*self.forms, *self.evidence)):
            self.texts.add_reason_field()
        return self.texts.keep_field

    def row_drafts(self, *, rest_unchanged: bool = False) -> list[RowDraft]:
        """Return the answers that can be saved.

        Args:
            rest_unchanged: whether all actions without an answer have not changed.
        """
        return [row.draft(no_change=rest_unchanged) for row in self.rows if row.is_valid()]

    @property
    def reported(self) -> int:
        """How many actions have a complete answer."""
        return sum(row.status.is_done for row in self.rows)

    @property
    def left(self) -> int:
        return len(self.rows) - self.reported

    @property
    def without_answer(self) -> int:
        """How many actions have no answer yet and may be marked as not changed."""
        return sum(
            not row.status.is_done and not row.status.is_begun and "unchanged" in row.fields
            for row in self.rows
        )

    @property
    def texts_filled_in(self) -> int:
        texts = [area.initial["text"] for area in self.areas]
        return sum(bool(text) for text in (*texts, *(self.texts.initial[name] for name in SECTIONS)))

    @property
    def texts_count(self) -> int:
        return len(self.areas) + len(SECTIONS)

    @property
    def texts_open(self) -> bool:
        """Whether the texts about the organisation are shown at once."""
        return not self.rows or any(form.errors for form in (*self.areas, self.texts))

    @property
    def figures_filled_in(self) -> int:
        return sum(figure.line.is_filled_in for figure in self.figures)

    @property
    def figures_open(self) -> bool:
        """Whether the figures are shown at once: there is something to put right."""
        return any(figure.errors for figure in self.figures)

    def figure_drafts(self) -> list[FigureDraft]:
        return [figure.draft() for figure in self.figures if figure.was_sent and figure.is_valid()]

    def area_drafts(self) -> list[CommentaryDraft]:
        return [area.draft() for area in self.areas if area.is_valid()]

    def sections(self) -> dict[str, str]:
        """Return the texts that can be saved: those without errors."""
        self.texts.is_valid()
        return {name: self.texts.cleaned_data[name] for name in SECTIONS if name in self.texts.cleaned_data}

    @property
    def version(self) -> int | None:
        return self.texts.cleaned_data.get("version", 0)

    def refuse(self, result: SaveResult) -> None:
        """Show the service's refusals at their fields."""
        by_action = {row.line.action.pk: row for row in self.rows}
        for pk, problems in result.problems.items():
            if pk in by_action:
                for name, errors in problems.items():
                    _add(by_action[pk], name, errors)
        for pk, message in result.conflicts.items():
            if pk in by_action:
                by_action[pk].add_error("narrative", message)
        texts: dict[str, Any] = {**result.text_problems, **result.text_conflicts}
        by_area = {f"{AREA}_{area.area.pk}": area for area in self.areas}
        for key, errors in texts.items():
            if key in by_area:
                _add(by_area[key], "text", errors)
            else:
                _add(self.texts, key, errors)

        by_key = {figure.line.key: figure for figure in self.figures}
        conflicts = {key: ValidationError(text) for key, text in result.figure_conflicts.items()}
        for key, error in {**result.figure_problems, **conflicts}.items():
            if key in by_key:
                by_key[key].refuse(error)
            else:
                self.notices.extend(error.messages)

    def show_missing(self, missing: Mapping[int, ValidationError]) -> None:
        """Show at its fields what each saved answer lacks before the return can be submitted, by the action's id."""
        for row in self.rows:
            if (error := missing.get(row.line.action.pk)) is not None:
                row.is_bound, row.data, row.is_saved = True, _as_posted(row), True
                refuse(row, error)

    def update_versions(self, current: "ReturnForm") -> None:
        """Take the versions of the current return, so that the same answers can be saved over it."""
        if self.data is None:
            return
        self.data = self.data.copy()
        for form in current.forms:
            self.data[form.add_prefix("version")] = str(form.initial["version"])
        for form in self.forms:
            form.data = self.data

    def stored_versions(self, current: "ReturnForm") -> dict[str, int]:
        """Return the versions of the answers and texts that are stored as they were typed, by the name of their field.

        What somebody else changed meanwhile is left out, so that the next save still tells of it.
        """
        stored = {form.prefix: form.initial for form in current.forms}
        versions = {}
        for form in self.forms:
            values, initial = getattr(form, "cleaned_data", {}), stored.get(form.prefix)
            if initial and all(
                values.get(name, "") == value for name, value in initial.items() if name != "version"
            ):
                versions[form.add_prefix("version")] = initial["version"]
        return versions

    def _removed_actions(self) -> Iterator[RemovedAction]:
        row_actions = {row.line.action.pk for row in self.rows}
        texts_by_action: dict[int, list[str]] = {}
        for key, value in (self.data or {}).items():
            match = ROW_KEY.fullmatch(key)
            if (
                match
                and int(match[1]) not in row_actions
                and match[2] in ("narrative", "next_steps", "reason", "path_to_green")
                and str(value).strip()
            ):
                texts_by_action.setdefault(int(match[1]), []).append(str(value))
        for pk, texts in texts_by_action.items():
            yield RemovedAction(pk, "\n\n".join(texts))


def _add(form: GovukForm, name: str, errors: Any) -> None:
    for error in errors if isinstance(errors, list) else [errors]:
        form.add_error(name if name in form.fields else None, error)


def _initial(line: Line) -> dict[str, Any]:
    """Start from the draft; without one, from the action's status and percent."""
    if line.row is not None:
        return {name: getattr(line.row, name) for name in RowForm.base_fields}
    return {"version": 0, **starting_values(line=line)}


def _as_posted(row: RowForm) -> Any:
    """Return the draft as a browser would send it, so that its errors are shown at its fields.

    A browser sends nothing for an empty checkbox or field, but it does send 0: version 0 is a draft never saved.
    """
    return {
        row.add_prefix(name): value
        for name, value in row.initial.items()
        if value is not False and value not in (None, "")
    }
