"""A row of the file against the action as it is recorded: what would change, and what the app's record keeps."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from actions.core import policies
from actions.core.states import CLOSED, UNALLOCATED, State
from actions.models import Action, Dependency, ProgressUpdate
from audit.models import Entry
from importing.plans.services.contents import FieldChange, Kept, RowChange
from importing.plans.services.directory import Directory
from importing.plans.services.rows import PlanRow
from importing.plans.services.screening import personal_data
from partners.models import Organisation
from standards.marking import Marking
from web.tables import Table

CREATED, CHANGED = "action.imported", "action.reimported"
DATES_AND_OWNER = {
    "owner": "The action is allocated: its owner is changed on its own page.",
    "starts_on": "The action is allocated: its start stays as it was agreed.",
    "due": "The action is allocated: moving its due date is a decision of its own.",
}
MARKINGS = ("marking", "handling_instruction")
MARKING_STAYS = "A marking is changed on the action's own page, by its originator."
EDITED = "Changed in the app since the last import; the file still says what it said then."
REPORTED = "Updates were made in the app since; they are never overwritten."


@dataclass
class Recorded:
    """What is recorded of a plan's actions: by reference, with their last imports and updates, and whom they wait on.

    Five queries.
    """

    actions: dict[str, Action] = field(default_factory=dict)
    imported: dict[int, dict[str, Any]] = field(default_factory=dict)
    narratives: dict[int, str] = field(default_factory=dict)
    reported: set[int] = field(default_factory=set)
    waited_on: dict[int, list[Organisation]] = field(default_factory=dict)

    @classmethod
    def of(cls, actions: Iterable[Action], ledger_id: int) -> "Recorded":
        recorded = cls({action.ref.casefold(): action for action in actions})
        pks = [action.pk for action in recorded.actions.values()]
        entries = Entry.objects.filter(
            ledger=ledger_id,
            target_type=Action._meta.label_lower,
            target_id__in=[str(pk) for pk in pks],
            verb__in=(CREATED, CHANGED),
        )
        for target, changes in entries.order_by("sequence").values_list("target_id", "changes"):
            values = {name: new for name, (_, new) in changes.items()}
            recorded.imported.setdefault(int(target), {}).update(values)
        updates = ProgressUpdate.objects.filter(action__in=pks).order_by("submitted_at", "pk")
        for pk, imported, narrative in updates.values_list("action", "imported", "narrative"):
            if imported:
                recorded.narratives[pk] = narrative
            else:
                recorded.reported.add(pk)
        for wait in Dependency.objects.open().filter(action__in=pks).select_related("organisation"):
            recorded.waited_on.setdefault(wait.action_id, []).append(wait.organisation)
        return recorded


@dataclass
class Comparison:
    """One row under comparison."""

    table: Table
    directory: Directory
    recorded: Recorded
    row: PlanRow

    def result(self) -> RowChange:
        action = self.recorded.actions.get(self.row.ref.casefold())
        title = str(self.row.said.get("title", self.row.row.text("title")))
        change = RowChange(self.row.row.number, self.row.ref, title, action, due_phrase=self.row.due_phrase)
        change.problems += self.row.problems
        for name, value in self._said(action):
            self._compare(change, name, value)
        self._compare_progress(change)
        self._check(change)
        change.personal = personal_data(
            table=self.table, row=self.row.row, changes=change.changes, recorded=action
        )
        return change

    def _said(self, action: Action | None) -> Iterable[tuple[str, Any]]:
        said = {name: value for name, value in self.row.said.items() if name != "progress"}
        if "supporting" in said:
            lead = said.get("lead") or (action.lead if action else None)
            said["supporting"] = [one for one in said["supporting"] if lead is None or one.pk != lead.pk]
        return said.items()

    def _compare(self, change: RowChange, name: str, value: Any) -> None:
        action = change.action
        current = _current(action, name) if action else None
        if value == [] or (current is not None and _as_recorded(current) == _as_recorded(value)):
            return
        label, old, new = _label(name), _words(name, current), _words(name, value)
        reason = self._why_kept(action, name, value) if action else ""
        if reason:
            change.kept.append(Kept(label, old, new, reason))
        else:
            change.changes.append(FieldChange(name, label, old, new, value))

    def _why_kept(self, action: Action, name: str, value: Any) -> str:
        if action.state in (*CLOSED, State.AWAITING_ASSURANCE):
            return f"The action is {action.get_state_display().lower()}, so it stays as it is."
        if name in DATES_AND_OWNER and action.state not in UNALLOCATED:
            return DATES_AND_OWNER[name]
        if name in MARKINGS:
            return MARKING_STAYS
        for partner in self.recorded.waited_on.get(action.pk, ()):
            if (name == "lead" and value == partner) or (name == "supporting" and partner not in value):
                return f"The action waits on {partner}, which supports it until that ended."
        said_before = self.recorded.imported.get(action.pk, {})
        if name in said_before and said_before[name] == _as_recorded(value):
            return EDITED
        return ""

    def _compare_progress(self, change: RowChange) -> None:
        text, action = self.row.said.get("progress"), change.action
        last = self.recorded.narratives.get(action.pk, "") if action else ""
        if text is None or text == last:
            return
        reason = self._why_kept(action, "progress", text) if action else ""
        if action and not reason and action.pk in self.recorded.reported:
            reason = REPORTED
        if reason:
            change.kept.append(Kept("Progress", last, text, reason))
        else:
            change.changes.append(FieldChange("progress", "Progress", last, text, text))

    def _after(self, change: RowChange, name: str) -> Any:
        """A field as it would stand after the import."""
        value = change.new(name)
        if value is None and change.action is not None:
            return _current(change.action, name)
        return value

    def _check(self, change: RowChange) -> None:
        """What holds for an action whoever writes it; the same rules as in its other services and constraints."""
        if not (change.changes or change.action is None):
            return
        action, row = change.action, self.row.row
        starts_on, due, owner = (self._after(change, name) for name in ("starts_on", "due", "owner"))
        problems = change.problems
        if action is None and "pillar" not in self.row.said and not self.row.under_unknown_heading:
            problems.append(
                self.table.problem(row, "pillar", "belongs to no pillar: put it under a pillar's heading")
            )
        begins = self.directory.plan.starts_on
        if change.new("due") and due < begins:
            problems.append(self.table.problem(row, "due", f"is before the plan begins on {_day(begins)}"))
        if starts_on and due and due < starts_on:
            key = "due" if change.new("due") else "starts_on"
            problems.append(self.table.problem(row, key, f"puts the due date {_day(due)} before the start"))
        sensitive = self._after(change, "marking") == Marking.OFFICIAL_SENSITIVE
        if sensitive and not self._after(change, "handling_instruction"):
            problems.append(self.table.problem(row, "marking", "needs a handling instruction"))
        if owner is not None and any(change.new(name) for name in ("owner", "lead", "supporting")):
            self._check_owner(change, owner)
        waiting = action is None or action.state == State.AWAITING_ALLOCATION
        change.allocates = bool(waiting and owner and due and self._after(change, "lead"))

    def _check_owner(self, change: RowChange, owner: Any) -> None:
        rights = self.directory.rights.get(owner.pk)
        key = "owner" if change.new("owner") else "lead"
        lead = self._after(change, "lead")
        marking = self._after(change, "marking") or Marking.OFFICIAL
        partnership = self.directory.partnership
        probe = Action(partnership=partnership, lead=lead, marking=marking)
        supporting = {one.pk for one in self._after(change, "supporting") or []}
        if rights is not None and not policies.may_see(rights, probe, supporting):
            message = f"leaves the action with an owner who could not see it: {owner} has no part in it"
            change.problems.append(self.table.problem(self.row.row, key, message))
        alternate = change.action.alternate_id if change.action else None
        rights = self.directory.rights.get(alternate) if alternate else None
        if rights is not None and not policies.may_see(rights, probe, supporting):
            message = "leaves the action with an alternate who could not see it"
            change.problems.append(self.table.problem(self.row.row, key, message))
        if change.action is not None and change.action.alternate_id == owner.pk:
            message = "is the action's alternate already"
            change.problems.append(self.table.problem(self.row.row, "owner", message))


def _current(action: Action, name: str) -> Any:
    return list(action.supporting.all()) if name == "supporting" else getattr(action, name)


def _as_recorded(value: Any) -> Any:
    """A value in the form the ledger keeps it in, so that file, row and ledger compare."""
    if isinstance(value, list):
        return sorted(one.pk for one in value)
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, date):
        return value.isoformat()
    return value or "" if isinstance(value, str) or value is None else value


def _words(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(sorted(str(one) for one in value))
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, str):
        return str(dict(_field(name).flatchoices).get(value, value))
    return str(value)


def _field(name: str) -> "models.Field[Any, Any]":
    field = Action._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _label(name: str) -> str:
    label = str(_field(name).verbose_name)
    return label[0].upper() + label[1:]


def _day(on: date) -> str:
    return f"{on:%-d %B %Y}"
