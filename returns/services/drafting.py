"""Saving a draft of a return: each row and text separately, so that an invalid one does not lose the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext, gettext_lazy

from actions.models import ProgressUpdate
from audit.actors import Actor, account_of
from audit.models import Entry
from audit.services import Item, append_many
from audit.state import model_of, state_of
from partners.models import MouArea
from returns.models import Return, ReturnCommentary, ReturnFigure, ReturnRow
from returns.services.contents import REPEATED_FIELDS, SECTIONS, ReturnChange, change_return, lines_of
from returns.services.figures import (
    CHANNEL,
    PROFILE,
    TRAINING,
    FigureDraft,
    FigureLine,
    content_of,
    figure_errors,
    figure_lines,
)
from web.language import lazy_text, moment_text

CONTENT = (*("unchanged", "state", "narrative", "next_steps", "rag", "reason", "path_to_green", "percent"),)
FIGURES = (*TRAINING.fields, *CHANNEL.fields, *PROFILE.fields)
STORED: Mapping[type[Model], tuple[str, ...]] = {
    ReturnRow: (*CONTENT, "saved_at", "saved_by"),
    ReturnCommentary: ("text",),
    ReturnFigure: FIGURES,
}
FieldValues = dict[str, Any]
NOT_IN_RETURN = gettext_lazy(
    "This action is no longer in this return. It was closed, or another organisation leads it now."
)
CHANGED = lazy_text("Someone else changed this after you opened it. Check their text, then save yours again.")
NO_FIGURE = gettext_lazy("This is no longer in this return. Ask the programme manager.")
OTHER_PARTNERSHIP = gettext_lazy("This MOU area belongs to another partnership.")


@dataclass(frozen=True, kw_only=True)
class RowDraft:
    """A draft answer on one action; everything but the action is optional.

    Args:
        action: the action's id.
        unchanged: nothing changed since the last update.
        version: of the row when the sender read it, 0 if there was none; None to skip the check for changes.
    """

    action: int
    unchanged: bool = False
    state: str = ""
    narrative: str = ""
    next_steps: str = ""
    rag: str = ""
    reason: str = ""
    path_to_green: str = ""
    percent: int | None = None
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class CommentaryDraft:
    """A draft text on one MOU area: the area's id, and the version as for a row."""

    mou_area: int
    text: str
    version: int | None = None


@dataclass
class SaveResult:
    """The result of saving a draft.

    Attributes:
        report: the return with its new version.
        rows: ids of the actions whose rows were saved.
        problems: errors of the rows that were not saved, by the action's id: {field: [errors]}. Personal data has
            a code of its own, so that a form can ask about it.
        conflicts: messages for rows that somebody else changed meanwhile, by the action's id. They are not saved.
        text_problems: errors of the other texts, by the section's name or `mou_area_<id>`.
        text_conflicts: messages for the other texts that somebody else changed meanwhile, by the same keys.
        figure_problems: errors of the figures that were not saved, by the key of their line.
        figure_conflicts: messages for the figures that somebody else changed meanwhile, by the same keys.
    """

    report: Return
    rows: list[int] = field(default_factory=list)
    problems: dict[int, dict[str, list[ValidationError]]] = field(default_factory=dict)
    conflicts: dict[int, str] = field(default_factory=dict)
    text_problems: dict[str, list[ValidationError]] = field(default_factory=dict)
    text_conflicts: dict[str, str] = field(default_factory=dict)
    figure_problems: dict[str, ValidationError] = field(default_factory=dict)
    figure_conflicts: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything was saved."""
        texts = self.text_problems or self.text_conflicts
        figures = self.figure_problems or self.figure_conflicts
        return not (self.problems or self.conflicts or texts or figures)


def save_return(
    *,
    actor: Actor,
    report: Return,
    rows: Sequence[RowDraft],
    commentaries: Sequence[CommentaryDraft],
    sections: Mapping[str, str],
    version: int | None,
    at: datetime,
    figures: Sequence[FigureDraft] = (),
) -> SaveResult:
    """Save a draft. Rows and texts with errors, or changed by somebody else meanwhile, are not saved; all others are.

    A text that the sender did not change never overwrites somebody else's change. The number of queries does not
    grow with the rows.

    Args:
        sections: texts by their names in SECTIONS; those left out do not change.
        version: of the return when the sender read its sections; None as for a row.

    Raises:
        PermissionDenied: unless the actor may fill in the return.
        ValidationError: code `state` when the return was submitted, or has closed.
    """
    unknown = sections.keys() - set(SECTIONS)
    if unknown:
        raise TypeError(f"save_return cannot set {', '.join(sorted(unknown))}")
    with change_return(actor=actor, report=report, at=at) as change:
        saver = _DraftSaver(change)
        saver.save_rows(rows)
        saver.save_commentaries(commentaries)
        saver.save_sections(sections, version)
        saver.save_figures(figures)
        saver.write()
    return saver.result


class _DraftSaver:
    """Saves one draft: collects rows and texts without errors, then writes them together."""

    def __init__(self, change: ReturnChange) -> None:
        self.change = change
        self.report = change.report
        self.result = SaveResult(change.report)
        self.before = state_of(change.report)
        self.items: list[Item] = []
        self.new_rows: dict[type[Model], list[Any]] = {}
        self.changed_rows: dict[type[Model], list[Any]] = {}

    def save_rows(self, drafts: Sequence[RowDraft]) -> None:
        lines = {line.action.pk: line for line in lines_of(self.report, self.change.on)}
        stored = {row.action_id: row for row in self.report.rows.select_related("saved_by", "action")}
        contents = {draft.action: _row_content(draft) for draft in drafts}
        stale = {
            row.pk: draft.version
            for draft in drafts
            if (row := stored.get(draft.action)) and draft.version not in (None, 0, row.version)
        }
        bases = self._states_at(ReturnRow, stale)
        for draft in drafts:
            content, row = contents[draft.action], stored.get(draft.action)
            line = lines.get(draft.action)
            blank = _is_blank(content, line.last_update if line else None)
            if (row is not None and content == _content(row)) or (row is None and blank):
                continue
            if line is None or not line.is_editable:
                self.result.problems[draft.action] = {"action": [ValidationError(NOT_IN_RETURN)]}
                continue
            if draft.version is not None and draft.version != (row.version if row else 0):
                base = bases.get((row.pk, draft.version)) if row else None
                is_untouched = (
                    blank if draft.version == 0 else base is not None and content == _state_content(base)
                )
                if not is_untouched:
                    self.result.conflicts[draft.action] = _changed_by(row)
                continue
            self._save_row(line.action, row, content)

    def _save_row(self, action: Any, row: ReturnRow | None, content: Mapping[str, Any]) -> None:
        is_new = row is None
        row = row or ReturnRow(report=self.report, action=action, version=0)
        before = None if is_new else state_of(row)
        for name, value in content.items():
            setattr(row, name, value)
        row.saved_by, row.saved_at = account_of(self.change.actor), self.change.at
        row.version += 1
        try:
            row.clean_fields(exclude=["report", "action", "update", "saved_by"])
        except ValidationError as error:
            self.result.problems[action.pk] = error.update_error_dict({})
            return
        self._add(row, before, "return_row.saved")
        self.result.rows.append(action.pk)

    def save_commentaries(self, drafts: Sequence[CommentaryDraft]) -> None:
        if not drafts:
            return
        stored = {row.mou_area_id: row for row in self.report.commentaries.select_related("mou_area")}
        areas = MouArea.objects.filter(partnership=self.report.plan.partnership_id).in_bulk()
        bases = self._states_at(
            ReturnCommentary,
            {
                row.pk: draft.version
                for draft in drafts
                if (row := stored.get(draft.mou_area)) and draft.version not in (None, 0, row.version)
            },
        )
        for draft in drafts:
            text, row, key = draft.text.strip(), stored.get(draft.mou_area), f"mou_area_{draft.mou_area}"
            if text == (row.text if row else ""):
                continue
            if draft.mou_area not in areas:
                self.result.text_problems[key] = [ValidationError(OTHER_PARTNERSHIP)]
            elif draft.version is not None and draft.version != (row.version if row else 0):
                base = bases.get((row.pk, draft.version)) if row else None
                if text != (base["text"] if base else ""):
                    self.result.text_conflicts[key] = CHANGED
            else:
                self._save_text(
                    key,
                    row or ReturnCommentary(report=self.report, mou_area=areas[draft.mou_area], version=0),
                    text,
                )

    def _save_text(self, key: str, row: ReturnCommentary, text: str) -> None:
        before = None if row.pk is None else state_of(row)
        row.text = text
        row.version += 1
        try:
            row.clean_fields(exclude=["report", "mou_area"])
        except ValidationError as error:
            self.result.text_problems[key] = error.update_error_dict({})["text"]
            return
        self._add(row, before, "return_commentary.saved")

    def save_sections(self, sections: Mapping[str, str], version: int | None) -> None:
        texts = {name: text.strip() for name, text in sections.items()}
        changes = {name: text for name, text in texts.items() if text != getattr(self.report, name)}
        base: FieldValues | None = None
        is_stale = version is not None and version != self.report.version
        if is_stale and changes:
            base = self._states_at(Return, {self.report.pk: version}).get((self.report.pk, version or 0))
        for name, text in changes.items():
            if is_stale and base is not None and text == base[name]:
                continue
            if is_stale and (base is None or getattr(self.report, name) != base[name]):
                self.result.text_conflicts[name] = CHANGED
                continue
            self._save_section(name, text)

    def _save_section(self, name: str, text: str) -> None:
        before = getattr(self.report, name)
        setattr(self.report, name, text)
        try:
            self.report.clean_fields(exclude=self.before.keys() - {name})
        except ValidationError as error:
            setattr(self.report, name, before)
            self.result.text_problems[name] = error.error_dict[name]

    def save_figures(self, drafts: Sequence[FigureDraft]) -> None:
        if not drafts:
            return
        lines = figure_lines(actor=self.change.actor, report=self.report, on=self.change.on)
        by_key = {line.key: line for line in lines}
        stale = {
            line.row.pk: draft.version
            for draft in drafts
            if (line := by_key.get(draft.key))
            and line.row
            and draft.version not in (None, 0, line.row.version)
        }
        bases = self._states_at(ReturnFigure, stale)
        for draft in drafts:
            line = by_key.get(draft.key)
            if line is None:
                self.result.figure_problems[draft.key] = ValidationError(NO_FIGURE)
                continue
            stored = content_of(row=line.row, part=line.part)
            if dict(draft.values) == stored:
                continue
            if draft.version is not None and draft.version != (line.row.version if line.row else 0):
                base = bases.get((line.row.pk, draft.version)) if line.row else None
                if base is None or any(_as_state(draft.values[name]) != base[name] for name in stored):
                    self.result.figure_conflicts[draft.key] = CHANGED
                continue
            self._save_figure(line, draft)

    def _save_figure(self, line: FigureLine, draft: FigureDraft) -> None:
        subject = {line.part.subject: line.subject, "month": line.month}
        row = line.row or ReturnFigure(report=self.report, version=0, **subject)
        before = None if line.row is None else state_of(row)
        error = figure_errors(report=self.report, line=line, values=draft.values, on=self.change.on)
        if error is None:
            for name, value in draft.values.items():
                setattr(row, name, value)
            row.version += 1
            try:
                row.clean_fields(exclude=["report", "programme", "panel", "profile"])
            except ValidationError as refused:
                error = refused
        if error is not None:
            self.result.figure_problems[draft.key] = error
            return
        self._add(row, before, "return_figure.saved")

    def _add(self, row: Any, before: FieldValues | None, verb: str) -> None:
        rows_by_model = self.new_rows if before is None else self.changed_rows
        rows_by_model.setdefault(model_of(row), []).append(row)
        self.items.append(Item(verb=verb, target=row, before=before))

    def write(self) -> None:
        if not self.items and state_of(self.report) == self.before:
            return
        self.report.version += 1
        self.report.save(update_fields=[*SECTIONS, "version"])
        for model, rows in self.new_rows.items():
            model._default_manager.bulk_create(rows)
        for model, rows in self.changed_rows.items():
            model._default_manager.bulk_update(rows, [*STORED[model], "version"])
        return_item = Item(verb="return.saved", target=self.report, before=self.before)
        append_many(
            actor=self.change.actor,
            ledger=self.change.ledger,
            at=self.change.at,
            items=[return_item, *self.items],
        )

    def _states_at(
        self, model: type[Model], versions: Mapping[int, int | None]
    ) -> dict[tuple[int, int], FieldValues]:
        """Return the rows' recorded states at these versions, from the ledger: one query, or none."""
        if not versions:
            return {}
        entries = Entry.objects.filter(
            ledger=self.change.ledger,
            target_type=model._meta.label_lower,
            target_id__in=[str(pk) for pk in versions],
        )
        states = entries.order_by("sequence").values_list("target_id", "state")
        return {(int(pk), state["version"]): state for pk, state in states if state}


def _as_state(value: Any) -> Any:
    """Return a figure as the ledger records it."""
    return value.isoformat() if isinstance(value, date) else value


def _row_content(draft: RowDraft) -> dict[str, Any]:
    content = {name: getattr(draft, name) for name in CONTENT}
    return {name: value.strip() if isinstance(value, str) else value for name, value in content.items()}


def _content(row: ReturnRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CONTENT}


def _state_content(state: FieldValues) -> dict[str, Any]:
    return {name: state[name] for name in CONTENT}


def is_blank(*, draft: RowDraft, last: ProgressUpdate | None) -> bool:
    """Return whether a draft has no answer of its own: a form may start with values of the last update."""
    return _is_blank(_row_content(draft), last)


def _is_blank(content: Mapping[str, Any], last: ProgressUpdate | None) -> bool:
    """Return whether a draft has no answer of its own: a form may start with values of the last update."""
    if content["unchanged"] or content["narrative"]:
        return False
    values = {name: content[name] for name in REPEATED_FIELDS if content[name] not in ("", None)}
    return all(last is not None and getattr(last, name) == value for name, value in values.items())


def _changed_by(row: ReturnRow | None) -> str:
    if row is None:
        return CHANGED
    return gettext(
        "{person} changed this on {moment}, after you opened it. Check their text, then save yours again."
    ).format(person=row.saved_by, moment=moment_text(row.saved_at))
