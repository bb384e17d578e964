"""Comparison of a row of the file with its action: what would change, and what is skipped."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext

from actions.core import policies
from actions.core.states import CLOSED, UNALLOCATED, State
from actions.core.table import ACTION
from actions.models import Action, Dependency, ProgressUpdate
from audit.models import Entry
from importing.engine.services.contents import FieldChange, SkippedChange
from importing.engine.services.screening import personal_data
from importing.plans.services.contents import ActionChange
from importing.plans.services.directory import Directory
from importing.plans.services.rows import PlanRow
from partners.models import Organisation
from standards.marking import Marking
from web.language import day_text, lazy_text
from web.resources import labels
from web.tables import Table

LABELS = labels(ACTION)
CREATED, CHANGED, UNDONE = "action.imported", "action.reimported", "action.import_undone"
DATES_AND_OWNER = {
    "owner": lazy_text("The action is allocated: change its owner on the action's page."),
    "starts_on": lazy_text("The action is allocated: its start date is agreed."),
    "due": lazy_text("The action is allocated: request a new due date on the action's page."),
}
MARKINGS = ("marking", "handling_instruction")
MARKING_STAYS = lazy_text("Only its originator can change the marking, on the action's page.")
EDITED = lazy_text("It was changed in the app since the last import. The file has not changed.")
REPORTED = lazy_text("An update was submitted in the app since. An import does not overwrite updates.")


@dataclass
class PlanRecord:
    """A plan's actions by reference, with their last imports and updates, and the partners they wait on.

    Five queries.
    """

    actions: dict[str, Action] = field(default_factory=dict)
    imported: dict[int, dict[str, Any]] = field(default_factory=dict)
    narratives: dict[int, str] = field(default_factory=dict)
    reported: set[int] = field(default_factory=set)
    waited_on: dict[int, list[Organisation]] = field(default_factory=dict)

    @classmethod
    def read(cls, actions: Iterable[Action], ledger_id: int) -> "PlanRecord":
        record = cls({action.ref.casefold(): action for action in actions})
        pks = [action.pk for action in record.actions.values()]
        entries = Entry.objects.filter(
            ledger=ledger_id,
            target_type=Action._meta.label_lower,
            target_id__in=[str(pk) for pk in pks],
            verb__in=(CREATED, CHANGED, UNDONE),
        )
        for target, changes in entries.order_by("sequence").values_list("target_id", "changes"):
            values = {name: new for name, (_, new) in changes.items()}
            record.imported.setdefault(int(target), {}).update(values)
        updates = ProgressUpdate.objects.filter(action__in=pks).order_by("submitted_at", "pk")
        for pk, imported, narrative in updates.values_list("action", "imported", "narrative"):
            if imported:
                record.narratives[pk] = narrative
            else:
                record.reported.add(pk)
        for wait in Dependency.objects.open().filter(action__in=pks).select_related("organisation"):
            record.waited_on.setdefault(wait.action_id, []).append(wait.organisation)
        return record


@dataclass
class Comparison:
    """One row under comparison."""

    table: Table
    directory: Directory
    record: PlanRecord
    row: PlanRow

    def result(self) -> ActionChange:
        action = self.record.actions.get(self.row.ref.casefold())
        title = str(self.row.values.get("title", self.row.row.text("title")))
        change = ActionChange(
            number=self.row.row.number,
            ref=self.row.ref,
            title=title,
            record=action,
            due_phrase=self.row.due_phrase,
            original_due=self.row.original_due,
        )
        change.problems += self.row.problems
        for name, value in self._values(action).items():
            self._compare(change, name, value)
        self._compare_progress(change)
        self._check(change)
        change.personal = personal_data(
            table=self.table, row=self.row.row, changes=change.changes, record=action
        )
        return change

    def _values(self, action: Action | None) -> dict[str, Any]:
        """Return the row's values without progress, and without the lead among the supporting organisations."""
        values = {name: value for name, value in self.row.values.items() if name != "progress"}
        if "supporting" in values:
            lead = values.get("lead") or (action.lead if action else None)
            values["supporting"] = [one for one in values["supporting"] if lead is None or one.pk != lead.pk]
        return values

    def _compare(self, change: ActionChange, name: str, value: Any) -> None:
        action = change.record
        current = _current(action, name) if action else None
        if value == [] or (current is not None and _as_recorded(current) == _as_recorded(value)):
            return
        label, old, new = LABELS[name], _words(name, current), _words(name, value)
        reason = self._reason_to_skip(action, name, value) if action else ""
        if reason:
            change.skipped.append(SkippedChange(label, old, new, reason))
        else:
            change.changes.append(FieldChange(name, label, old, new, value))

    def _reason_to_skip(self, action: Action, name: str, value: Any) -> str:
        if action.state in (*CLOSED, State.AWAITING_ASSURANCE):
            return gettext("The action is {get_state_display}, so an import does not change it.").format(
                get_state_display=action.get_state_display().lower()
            )
        if name in DATES_AND_OWNER and action.state not in UNALLOCATED:
            return DATES_AND_OWNER[name]
        if name in MARKINGS:
            return MARKING_STAYS
        for partner in self.record.waited_on.get(action.pk, ()):
            if (name == "lead" and value == partner) or (name == "supporting" and partner not in value):
                return gettext(
                    "The action is waiting on {partner}, so {partner} remains a supporting organisation."
                ).format(partner=partner)
        last_import = self.record.imported.get(action.pk, {})
        if name in last_import and last_import[name] == _as_recorded(value):
            return EDITED
        return ""

    def _compare_progress(self, change: ActionChange) -> None:
        text, action = self.row.values.get("progress"), change.record
        last = self.record.narratives.get(action.pk, "") if action else ""
        if text is None or text == last:
            return
        reason = self._reason_to_skip(action, "progress", text) if action else ""
        if action and not reason and action.pk in self.record.reported:
            reason = REPORTED
        if reason:
            change.skipped.append(SkippedChange(gettext("Progress"), last, text, reason))
        else:
            change.changes.append(FieldChange("progress", gettext("Progress"), last, text, text))

    def _after(self, change: ActionChange, name: str) -> Any:
        """Return a field's value after the import."""
        value = change.new_value(name)
        if value is None and change.record is not None:
            return _current(change.record, name)
        return value

    def _check(self, change: ActionChange) -> None:
        """Check the rules of every action, as its other services and constraints do."""
        if not (change.changes or change.record is None):
            return
        action, row = change.record, self.row.row
        starts_on, due, owner = (self._after(change, name) for name in ("starts_on", "due", "owner"))
        problems = change.problems
        if action is None and "pillar" not in self.row.values and not self.row.has_unknown_heading:
            problems.append(
                self.table.problem(
                    row, "pillar", gettext("has no pillar: put the action under a pillar's heading")
                )
            )
        begins = self.directory.plan.starts_on
        if change.new_value("due") and due < begins:
            problems.append(
                self.table.problem(
                    row, "due", gettext("is before the plan starts on {begins}").format(begins=_day(begins))
                )
            )
        if starts_on and due and due < starts_on:
            key = "due" if change.new_value("due") else "starts_on"
            problems.append(
                self.table.problem(
                    row, key, gettext("puts the due date {due} before the start").format(due=_day(due))
                )
            )
        sensitive = self._after(change, "marking") == Marking.OFFICIAL_SENSITIVE
        if sensitive and not self._after(change, "handling_instruction"):
            problems.append(self.table.problem(row, "marking", gettext("needs a handling instruction")))
        if owner is not None and any(change.new_value(name) for name in ("owner", "lead", "supporting")):
            self._check_owner(change, owner)
        waiting = action is None or action.state == State.AWAITING_ALLOCATION
        change.allocates = bool(waiting and owner and due and self._after(change, "lead"))

    def _check_owner(self, change: ActionChange, owner: Any) -> None:
        rights = self.directory.rights.get(owner.pk)
        key = "owner" if change.new_value("owner") else "lead"
        lead = self._after(change, "lead")
        marking = self._after(change, "marking") or Marking.OFFICIAL
        partnership = self.directory.partnership
        probe = Action(partnership=partnership, lead=lead, marking=marking)
        supporting = {one.pk for one in self._after(change, "supporting") or []}
        if rights is not None and not policies.may_see(rights, probe, supporting):
            message = gettext(
                "gives the action an owner who cannot see it: {owner} is not in a lead or supporting "
                "organisation"
            ).format(owner=owner)
            change.problems.append(self.table.problem(self.row.row, key, message))
        alternate = change.record.alternate_id if change.record else None
        rights = self.directory.rights.get(alternate) if alternate else None
        if rights is not None and not policies.may_see(rights, probe, supporting):
            message = gettext("leaves the action with an alternate who cannot see it")
            change.problems.append(self.table.problem(self.row.row, key, message))
        if change.record is not None and change.record.alternate_id == owner.pk:
            message = gettext("is already the action's alternate")
            change.problems.append(self.table.problem(self.row.row, "owner", message))


def _current(action: Action, name: str) -> Any:
    return list(action.supporting.all()) if name == "supporting" else getattr(action, name)


def _as_recorded(value: Any) -> Any:
    """Return a value as the ledger stores it, so that file, row and ledger compare."""
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


def _day(on: date) -> str:
    return day_text(on)
