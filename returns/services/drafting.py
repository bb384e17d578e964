"""A return that is filled in: every row and text on its own, so that one that is wrong never loses the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.timezone import localtime

from actions.models import ProgressUpdate
from audit.models import Entry
from audit.services import Item, append_many
from audit.state import model_of, state_of
from partners.models import MouArea
from returns.models import Return, ReturnCommentary, ReturnRow
from returns.services.contents import CARRIED, SECTIONS, Held, filling, lines

CONTENT = (*("unchanged", "state", "narrative", "next_steps", "rag", "reason", "path_to_green", "percent"),)
Recorded = dict[str, Any]
DROPPED_OUT = "This action is not part of this return: it was closed, or another organisation leads it now."
CHANGED = (
    "Somebody else changed this since you opened it. Look at what it says now, then send your answer again."
)
NOT_HERE = "This MOU area belongs to another partnership."


@dataclass(frozen=True, kw_only=True)
class RowDraft:
    """What is said of one action so far; all of it may be left out.

    Args:
        action: the action's id.
        unchanged: nothing changed since the last update.
        version: of the row as it was seen, 0 where there was none; None where nothing seen can go stale.
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
    """What is said of one MOU area so far; its id, and the version as for a row."""

    mou_area: int
    text: str
    version: int | None = None


@dataclass
class Saved:
    """What saving a return came to.

    Attributes:
        report: the return with its version now.
        rows: ids of the actions whose rows were written.
        problems: what is wrong with the rows that were not, by the action's id: {field: [errors]}, personal data
            among them with the code by which a form asks about it.
        conflicts: rows that somebody else changed meanwhile, by the action's id: who and when. They stay as they are.
        text_problems: the same of the other texts, by the section's name or `mou_area_<id>`.
        text_conflicts: the same.
    """

    report: Return
    rows: list[int] = field(default_factory=list)
    problems: dict[int, dict[str, list[ValidationError]]] = field(default_factory=dict)
    conflicts: dict[int, str] = field(default_factory=dict)
    text_problems: dict[str, list[ValidationError]] = field(default_factory=dict)
    text_conflicts: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was refused."""
        return not (self.problems or self.conflicts or self.text_problems or self.text_conflicts)


def save_return(
    *,
    actor: Any,
    report: Return,
    rows: Sequence[RowDraft],
    commentaries: Sequence[CommentaryDraft],
    sections: Mapping[str, str],
    version: int | None,
    at: datetime,
) -> Saved:
    """Keep what was filled in so far. What is wrong, or was changed by somebody else meanwhile, is named in the
    answer; all the rest is saved. What the sender did not touch never undoes what another wrote.

    The number of queries does not grow with the rows.

    Args:
        sections: texts by their names in SECTIONS; those left out stay as they are.
        version: of the return as it was seen, which the sections are judged by; None as for a row.

    Raises:
        PermissionDenied: unless the actor speaks for the organisation on the day.
        ValidationError: code `state` when the return was submitted, or closed.
    """
    unknown = sections.keys() - set(SECTIONS)
    if unknown:
        raise TypeError(f"save_return cannot set {', '.join(sorted(unknown))}")
    with filling(actor=actor, report=report, at=at) as held:
        saving = _Saving(held)
        saving.take_rows(rows)
        saving.take_commentaries(commentaries)
        saving.take_sections(sections, version)
        saving.write()
    return saving.saved


class _Saving:
    """One saving of a return."""

    def __init__(self, held: Held) -> None:
        self.held = held
        self.report = held.report
        self.saved = Saved(held.report)
        self.before = state_of(held.report)
        self.items: list[Item] = []
        self.made: dict[type[Model], list[Any]] = {}
        self.changed: dict[type[Model], list[Any]] = {}

    def take_rows(self, drafts: Sequence[RowDraft]) -> None:
        found = {line.action.pk: line for line in lines(self.report, self.held.on)}
        stored = {row.action_id: row for row in self.report.rows.select_related("saved_by", "action")}
        given = {draft.action: _row_content(draft) for draft in drafts}
        stale = {
            row.pk: draft.version
            for draft in drafts
            if (row := stored.get(draft.action)) and draft.version not in (None, 0, row.version)
        }
        bases = self._as_seen(ReturnRow, stale)
        for draft in drafts:
            content, row = given[draft.action], stored.get(draft.action)
            line = found.get(draft.action)
            blank = _is_blank(content, line.last if line else None)
            if (row is not None and content == _content(row)) or (row is None and blank):
                continue
            if line is None or not line.takes_answer:
                self.saved.problems[draft.action] = {"action": [ValidationError(DROPPED_OUT)]}
                continue
            if draft.version is not None and draft.version != (row.version if row else 0):
                base = bases.get((row.pk, draft.version)) if row else None
                untouched = blank if draft.version == 0 else base is not None and content == _of_state(base)
                if not untouched:
                    self.saved.conflicts[draft.action] = _changed_by(row)
                continue
            self._keep_row(line.action, row, content)

    def _keep_row(self, action: Any, row: ReturnRow | None, content: Mapping[str, Any]) -> None:
        new = row is None
        row = row or ReturnRow(report=self.report, action=action, version=0)
        before = None if new else state_of(row)
        for name, value in content.items():
            setattr(row, name, value)
        row.saved_by, row.saved_at = self.held.actor, self.held.at
        row.version += 1
        try:
            row.clean_fields(exclude=["report", "action", "update", "saved_by"])
        except ValidationError as error:
            self.saved.problems[action.pk] = error.update_error_dict({})
            return
        self._keep(row, before, "return_row.saved")
        self.saved.rows.append(action.pk)

    def take_commentaries(self, drafts: Sequence[CommentaryDraft]) -> None:
        if not drafts:
            return
        stored = {row.mou_area_id: row for row in self.report.commentaries.select_related("mou_area")}
        areas = MouArea.objects.filter(partnership=self.report.plan.partnership_id).in_bulk()
        bases = self._as_seen(
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
                self.saved.text_problems[key] = [ValidationError(NOT_HERE)]
            elif draft.version is not None and draft.version != (row.version if row else 0):
                base = bases.get((row.pk, draft.version)) if row else None
                if text != (base["text"] if base else ""):
                    self.saved.text_conflicts[key] = CHANGED
            else:
                self._keep_text(
                    key,
                    row or ReturnCommentary(report=self.report, mou_area=areas[draft.mou_area], version=0),
                    text,
                )

    def _keep_text(self, key: str, row: ReturnCommentary, text: str) -> None:
        before = None if row.pk is None else state_of(row)
        row.text = text
        row.version += 1
        try:
            row.clean_fields(exclude=["report", "mou_area"])
        except ValidationError as error:
            self.saved.text_problems[key] = error.update_error_dict({})["text"]
            return
        self._keep(row, before, "return_commentary.saved")

    def take_sections(self, sections: Mapping[str, str], version: int | None) -> None:
        given = {name: text.strip() for name, text in sections.items()}
        differ = {name: text for name, text in given.items() if text != getattr(self.report, name)}
        base: Recorded | None = None
        stale = version is not None and version != self.report.version
        if stale and differ:
            base = self._as_seen(Return, {self.report.pk: version}).get((self.report.pk, version or 0))
        for name, text in differ.items():
            if stale and base is not None and text == base[name]:
                continue
            if stale and (base is None or getattr(self.report, name) != base[name]):
                self.saved.text_conflicts[name] = CHANGED
                continue
            self._keep_section(name, text)

    def _keep_section(self, name: str, text: str) -> None:
        before = getattr(self.report, name)
        setattr(self.report, name, text)
        try:
            self.report.clean_fields(exclude=self.before.keys() - {name})
        except ValidationError as error:
            setattr(self.report, name, before)
            self.saved.text_problems[name] = error.error_dict[name]

    def _keep(self, row: Any, before: Recorded | None, verb: str) -> None:
        into = self.made if before is None else self.changed
        into.setdefault(model_of(row), []).append(row)
        self.items.append(Item(verb=verb, target=row, before=before))

    def write(self) -> None:
        if not self.items and state_of(self.report) == self.before:
            return
        self.report.version += 1
        self.report.save(update_fields=[*SECTIONS, "version"])
        for model, rows in self.made.items():
            model._default_manager.bulk_create(rows)
        for model, rows in self.changed.items():
            names = (*CONTENT, "saved_at", "saved_by") if model is ReturnRow else ("text",)
            model._default_manager.bulk_update(rows, [*names, "version"])
        whole = Item(verb="return.saved", target=self.report, before=self.before)
        append_many(
            actor=self.held.actor, ledger=self.held.ledger, at=self.held.at, items=[whole, *self.items]
        )

    def _as_seen(
        self, model: type[Model], versions: Mapping[int, int | None]
    ) -> dict[tuple[int, int], Recorded]:
        """Return how rows stood at the versions that were seen, as the ledger has them: one query, or none."""
        if not versions:
            return {}
        entries = Entry.objects.filter(
            ledger=self.held.ledger,
            target_type=model._meta.label_lower,
            target_id__in=[str(pk) for pk in versions],
        )
        states = entries.order_by("sequence").values_list("target_id", "state")
        return {(int(pk), state["version"]): state for pk, state in states if state}


def _row_content(draft: RowDraft) -> dict[str, Any]:
    content = {name: getattr(draft, name) for name in CONTENT}
    return {name: value.strip() if isinstance(value, str) else value for name, value in content.items()}


def _content(row: ReturnRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in CONTENT}


def _of_state(state: Recorded) -> dict[str, Any]:
    return {name: state[name] for name in CONTENT}


def _is_blank(content: Mapping[str, Any], last: ProgressUpdate | None) -> bool:
    """Say whether a draft says nothing of its own: a form may begin with what the last update said."""
    if content["unchanged"] or content["narrative"]:
        return False
    said = {name: content[name] for name in CARRIED if content[name] not in ("", None)}
    return all(last is not None and getattr(last, name) == value for name, value in said.items())


def _changed_by(row: ReturnRow | None) -> str:
    if row is None:
        return CHANGED
    when = localtime(row.saved_at)
    return (
        f"{row.saved_by} changed this on {when:%-d %B %Y} at {when:%H:%M}, since you opened it. "
        "Look at what it says now, then send your answer again."
    )
