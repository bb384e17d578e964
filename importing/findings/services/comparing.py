"""A row of the file against the finding as it is recorded: what would change, and what the app's record keeps."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import Upper

from actions.core.states import State as ActionState
from actions.models import Action
from audit.models import Entry
from importing.findings.services.contents import RowChange
from importing.findings.services.rows import FindingRow, as_number
from importing.plans.services.contents import FieldChange, Kept
from importing.plans.services.screening import personal_data
from importing.plans.services.unchanged import reads_as
from inspections.findings.services.links import LINKABLE
from inspections.findings.services.recommendations import IMPORTED, REIMPORTED
from inspections.models import ActionLink, Inspection, Recommendation
from web.tables import Table

Kind = Recommendation.Kind
EDITED = "Changed in the app since the last import; the file still says what it said then."
UNLINKED = "The link was taken away in the app, with a reason."
LABELS = {
    "deadline_phrase": "Deadline",
    "cause": "Cause of concern",
    "lead": "Lead organisation",
    "actions": "Actions",
}
ANSWERS_NOTHING = (ActionState.WITHDRAWN, ActionState.SUPERSEDED)


@dataclass
class Recorded:
    """What is recorded of an inspection: its findings, what imports said of them, their links, and those taken away.

    Five queries.
    """

    findings: list[Recommendation]
    imported: dict[int, dict[str, Any]] = field(default_factory=dict)
    linked: dict[int, dict[int, str]] = field(default_factory=dict)
    unlinked: set[tuple[int, int]] = field(default_factory=set)
    actions: dict[str, Action] = field(default_factory=dict)

    @classmethod
    def of(cls, *, actor: Any, inspection: Inspection, references: Iterable[str], on: date) -> "Recorded":
        rows = Recommendation.objects.visible_to(actor, on).filter(inspection=inspection)
        found = cls(list(rows.select_related("cause", "lead", "inspection").order_by("pk")))
        pks = {row.pk for row in found.findings}
        entries = Entry.objects.filter(ledger=inspection.partnership.ledger_id)
        imports = entries.filter(
            target_type=Recommendation._meta.label_lower,
            target_id__in=[str(pk) for pk in pks],
            verb__in=(IMPORTED, REIMPORTED),
        )
        for target, changes in imports.order_by("sequence").values_list("target_id", "changes"):
            values = {name: new for name, (_, new) in changes.items()}
            found.imported.setdefault(int(target), {}).update(values)
        links = (
            ActionLink.objects.visible_to(actor, on).filter(recommendation__in=pks).order_by("action__ref")
        )
        for pk, action, ref in links.values_list("recommendation", "action", "action__ref"):
            found.linked.setdefault(pk, {})[action] = ref
        gone = entries.filter(target_type=ActionLink._meta.label_lower, verb="link.removed")
        for changes in gone.values_list("changes", flat=True):
            finding, action = changes["recommendation"][0], changes["action"][0]
            if finding in pks:
                found.unlinked.add((finding, action))
        seen = Action.objects.visible_to(actor, on).filter(partnership=inspection.partnership_id)
        named = seen.annotate(key=Upper("ref")).filter(key__in={ref.upper() for ref in references})
        found.actions = {action.ref.casefold(): action for action in named}
        return found

    def matching(self, row: FindingRow) -> list[Recommendation]:
        """Return the findings that a row is about: by its number, or where it or they have none, by its text."""
        alike = [each for each in self.findings if each.kind == row.kind]
        if row.number:
            wanted = as_number(text=row.number)
            if numbered := [each for each in alike if as_number(text=each.number) == wanted]:
                return numbered
            alike = [each for each in alike if not each.number]
        return [each for each in alike if row.text and _one_line(each.text) == _one_line(row.text)]


@dataclass
class Comparison:
    """One row under comparison.

    Args:
        causes: the numbers of the causes of concern, recorded or in the file.
    """

    table: Table
    recorded: Recorded
    causes: dict[str, str]
    row: FindingRow

    def result(self) -> RowChange:
        row = self.row
        found = self.recorded.matching(row)
        finding = found[0] if found else None
        text = row.text or (finding.text if finding else "")
        change = RowChange(row.row.number, row.kind, row.number, text, finding, problems=list(row.problems))
        change.problems += [
            problem
            for key, problem in row.refused.items()
            if not (finding and self._is_recorded(finding, key))
        ]
        if len(found) > 1:
            self._problem(change, "text", "stands for more than one finding: give its number")
        if finding is None:
            change.changes.append(FieldChange("kind", "Kind", "", change.name or row.kind, row.kind))
            if not row.row.text("text"):
                self._problem(change, "text", "has no text")
        for name, value in row.said.items():
            if name == "actions":
                self._compare_actions(change, value)
            elif name != "number" or finding is None or not finding.number:
                self._compare(change, name, value)
        change.personal = personal_data(
            table=self.table, row=row.row, changes=change.changes, recorded=finding
        )
        return change

    def _is_recorded(self, finding: Recommendation, key: str) -> bool:
        """Say whether a cell shows the finding's own value, though nobody could choose it today."""
        value = None if key in {"number", "actions"} else getattr(finding, key)
        return value is not None and reads_as(cell=self.row.row.cells[key], value=value, label=_words(value))

    def _problem(self, change: RowChange, key: str, message: str) -> None:
        change.problems.append(self.table.problem(self.row.row, key, message))

    def _compare(self, change: RowChange, name: str, value: Any) -> None:
        finding = change.finding
        if name == "cause" and value not in self.causes:
            numbers = ", ".join(self.causes.values()) or "none"
            self._problem(change, "cause", f"is the number of no cause of concern. There are: {numbers}")
            return
        current = _current(finding, name) if finding else None
        if finding and current == _plain_value(name, value):
            return
        label, old = _label(name), _words(getattr(finding, name)) if finding else ""
        new = self.causes[value] if name == "cause" else _words(value)
        reason = self._why_kept(finding, name, value) if finding else ""
        if reason:
            change.kept.append(Kept(label, old, new, reason))
        else:
            change.changes.append(FieldChange(name, label, old, new, value))

    def _why_kept(self, finding: Recommendation, name: str, value: Any) -> str:
        if reason := _why_stays(finding):
            return reason
        said_before = self.recorded.imported.get(finding.pk, {})
        recorded = value
        if name == "cause":
            recorded = next((each.pk for each in self.recorded.findings if _is_cause(each, value)), None)
        elif isinstance(value, models.Model):
            recorded = value.pk
        return EDITED if name in said_before and said_before[name] == recorded else ""

    def _compare_actions(self, change: RowChange, references: list[str]) -> None:
        finding = change.finding
        linked = self.recorded.linked.get(finding.pk, {}) if finding else {}
        old, new = ", ".join(linked.values()), []
        for reference in references:
            action = self.recorded.actions.get(reference.casefold())
            if action is None:
                self._problem(change, "actions", f"names no action of this partnership: {reference}")
            elif action.pk in linked:
                continue
            elif finding and (reason := _why_stays(finding)):
                change.kept.append(Kept(LABELS["actions"], old, action.ref, reason))
            elif finding and (finding.pk, action.pk) in self.recorded.unlinked:
                change.kept.append(Kept(LABELS["actions"], old, action.ref, UNLINKED))
            elif action.state in ANSWERS_NOTHING:
                state = action.get_state_display().lower()
                self._problem(change, "actions", f"names {action.ref}, which is {state} and answers nothing")
            else:
                new.append(action)
        if new:
            words = ", ".join([*linked.values(), *(action.ref for action in new)])
            change.changes.append(FieldChange("actions", LABELS["actions"], old, words, new))


def cause_numbers(*, recorded: Recorded, rows: Iterable[FindingRow]) -> dict[str, str]:
    """Return the numbers of causes of concern, as compared and as printed: the recorded ones and those of the file."""
    printed = [each.number for each in recorded.findings if each.kind == Kind.CAUSE_OF_CONCERN]
    printed += [row.number for row in rows if row.kind == Kind.CAUSE_OF_CONCERN]
    return {as_number(text=number): number for number in reversed(printed) if number}


def _is_cause(finding: Recommendation, number: str) -> bool:
    return finding.kind == Kind.CAUSE_OF_CONCERN and as_number(text=finding.number) == number


def _why_stays(finding: Recommendation) -> str:
    if finding.state in LINKABLE:
        return ""
    return f"The finding is {finding.get_state_display().lower()}, so it stays as it is."


def _current(finding: Recommendation, name: str) -> Any:
    value = getattr(finding, name)
    if name == "cause":
        return as_number(text=value.number) if value else None
    return _plain_value(name, value)


def _plain_value(name: str, value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return _one_line(value) if isinstance(value, str) and name == "text" else value


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _label(name: str) -> str:
    words = str(Recommendation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return LABELS.get(name) or words[:1].upper() + words[1:]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Recommendation):
        return value.number
    return "" if value is None else str(value)
