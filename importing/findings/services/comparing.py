"""Comparison of a row of the file with its finding: what would change, and what is skipped."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext

from actions.core.states import State as ActionState
from actions.models import Action
from audit.actors import Actor
from audit.models import Entry
from importing.engine.services.contents import FieldChange, SkippedChange
from importing.engine.services.screening import personal_data
from importing.engine.services.unchanged import shows_value
from importing.findings.services.contents import FindingChange
from importing.findings.services.rows import FindingRow, comparable_number
from inspections.core.table import FINDING
from inspections.findings.services.links import LINKABLE
from inspections.findings.services.recommendations import IMPORTED, REIMPORTED
from inspections.models import ActionLink, Inspection, Recommendation
from web.language import lazy_text
from web.resources import labels
from web.tables import Table

Kind = Recommendation.Kind
EDITED = lazy_text("It was changed in the app since the last import. The file has not changed.")
UNLINKED = lazy_text("The link was removed in the app, with a reason.")
LABELS = labels(FINDING)
CANNOT_ANSWER = (ActionState.WITHDRAWN, ActionState.SUPERSEDED)
UNDONE = "recommendation.import_undone"


@dataclass
class FindingsRecord:
    """An inspection's findings, their values in earlier imports, their links to actions, and removed links.

    Five queries.
    """

    findings: list[Recommendation]
    imported: dict[int, dict[str, Any]] = field(default_factory=dict)
    linked: dict[int, dict[int, str]] = field(default_factory=dict)
    unlinked: set[tuple[int, int]] = field(default_factory=set)
    actions: dict[str, Action] = field(default_factory=dict)

    @classmethod
    def read(
        cls, *, actor: Actor, inspection: Inspection, references: Iterable[str], on: date
    ) -> "FindingsRecord":
        rows = Recommendation.objects.visible_to(actor, on).filter(inspection=inspection)
        record = cls(list(rows.select_related("cause", "lead", "inspection").order_by("pk")))
        pks = {row.pk for row in record.findings}
        entries = Entry.objects.filter(ledger=inspection.partnership.ledger_id)
        imports = entries.filter(
            target_type=Recommendation._meta.label_lower,
            target_id__in=[str(pk) for pk in pks],
            verb__in=(IMPORTED, REIMPORTED, UNDONE),
        )
        for target, changes in imports.order_by("sequence").values_list("target_id", "changes"):
            values = {name: new for name, (_, new) in changes.items()}
            record.imported.setdefault(int(target), {}).update(values)
        links = (
            ActionLink.objects.visible_to(actor, on).filter(recommendation__in=pks).order_by("action__ref")
        )
        for pk, action, ref in links.values_list("recommendation", "action", "action__ref"):
            record.linked.setdefault(pk, {})[action] = ref
        removed_links = entries.filter(target_type=ActionLink._meta.label_lower, verb="link.removed")
        for changes in removed_links.values_list("changes", flat=True):
            finding, action = changes["recommendation"][0], changes["action"][0]
            if finding in pks:
                record.unlinked.add((finding, action))
        visible_actions = Action.objects.visible_to(actor, on).filter(partnership=inspection.partnership_id)
        named_actions = visible_actions.annotate(key=Upper("ref")).filter(
            key__in={ref.upper() for ref in references}
        )
        record.actions = {action.ref.casefold(): action for action in named_actions}
        return record

    def matching(self, row: FindingRow) -> list[Recommendation]:
        """Return the findings with the row's number; where row or finding has none, those with its text."""
        candidates = [each for each in self.findings if each.kind == row.kind]
        if row.number:
            number = comparable_number(text=row.number)
            if numbered := [each for each in candidates if comparable_number(text=each.number) == number]:
                return numbered
            candidates = [each for each in candidates if not each.number]
        return [each for each in candidates if row.text and _one_line(each.text) == _one_line(row.text)]


@dataclass
class Comparison:
    """One row under comparison.

    Args:
        causes: the numbers of the causes of concern, recorded or in the file.
    """

    table: Table
    record: FindingsRecord
    causes: dict[str, str]
    row: FindingRow

    def result(self) -> FindingChange:
        row = self.row
        matches = self.record.matching(row)
        finding = matches[0] if matches else None
        change = FindingChange(
            number=row.row.number,
            kind=row.kind,
            printed_number=row.number,
            finding_text=row.text or (finding.text if finding else ""),
            record=finding,
            problems=list(row.problems),
        )
        change.problems += [
            problem
            for key, problem in row.value_problems.items()
            if not (finding and self._is_recorded(finding, key))
        ]
        if len(matches) > 1:
            self._problem(change, "text", gettext("is the text of more than one finding: add its number"))
        if finding is None:
            change.changes.append(FieldChange("kind", gettext("Kind"), "", change.name or row.kind, row.kind))
            if not row.row.text("text"):
                self._problem(change, "text", gettext("has no text"))
        for name, value in row.values.items():
            if name == "actions":
                self._compare_actions(change, value)
            elif name != "number" or finding is None or not finding.number:
                self._compare(change, name, value)
        change.personal = personal_data(table=self.table, row=row.row, changes=change.changes, record=finding)
        return change

    def _is_recorded(self, finding: Recommendation, key: str) -> bool:
        """Return whether a cell shows the finding's own value, even if nobody could choose it today."""
        value = None if key in {"number", "actions"} else getattr(finding, key)
        return value is not None and shows_value(
            cell=self.row.row.cells[key], value=value, label=_words(value)
        )

    def _problem(self, change: FindingChange, key: str, message: str) -> None:
        change.problems.append(self.table.problem(self.row.row, key, message))

    def _compare(self, change: FindingChange, name: str, value: Any) -> None:
        finding = change.record
        if name == "cause" and value not in self.causes:
            numbers = ", ".join(self.causes.values()) or "none"
            self._problem(
                change,
                "cause",
                gettext("is not the number of a cause of concern. The numbers are: {numbers}").format(
                    numbers=numbers
                ),
            )
            return
        current = _current(finding, name) if finding else None
        if finding and current == _plain_value(name, value):
            return
        label, old = LABELS[name], _words(getattr(finding, name)) if finding else ""
        new = self.causes[value] if name == "cause" else _words(value)
        reason = self._reason_to_skip(finding, name, value) if finding else ""
        if reason:
            change.skipped.append(SkippedChange(label, old, new, reason))
        else:
            change.changes.append(FieldChange(name, label, old, new, value))

    def _reason_to_skip(self, finding: Recommendation, name: str, value: Any) -> str:
        if reason := _state_reason(finding):
            return reason
        last_import = self.record.imported.get(finding.pk, {})
        recorded = value
        if name == "cause":
            recorded = next((each.pk for each in self.record.findings if _is_cause(each, value)), None)
        elif isinstance(value, models.Model):
            recorded = value.pk
        return str(EDITED) if name in last_import and last_import[name] == recorded else ""

    def _compare_actions(self, change: FindingChange, references: list[str]) -> None:
        finding = change.record
        linked = self.record.linked.get(finding.pk, {}) if finding else {}
        old, new = ", ".join(linked.values()), []
        for reference in references:
            action = self.record.actions.get(reference.casefold())
            if action is None:
                self._problem(
                    change,
                    "actions",
                    gettext("is not an action of this partnership: {reference}").format(reference=reference),
                )
            elif action.pk in linked:
                continue
            elif finding and (reason := _state_reason(finding)):
                change.skipped.append(SkippedChange(LABELS["actions"], old, action.ref, reason))
            elif finding and (finding.pk, action.pk) in self.record.unlinked:
                change.skipped.append(SkippedChange(LABELS["actions"], old, action.ref, str(UNLINKED)))
            elif action.state in CANNOT_ANSWER:
                state = action.get_state_display().lower()
                self._problem(
                    change,
                    "actions",
                    gettext("includes {ref}, which is {state}: remove it from the cell").format(
                        ref=action.ref, state=state
                    ),
                )
            else:
                new.append(action)
        if new:
            words = ", ".join([*linked.values(), *(action.ref for action in new)])
            change.changes.append(FieldChange("actions", LABELS["actions"], old, words, new))


def cause_numbers(*, record: FindingsRecord, rows: Iterable[FindingRow]) -> dict[str, str]:
    """Map the numbers of causes of concern, recorded or in the file, as compared to as printed."""
    printed = [each.number for each in record.findings if each.kind == Kind.CAUSE_OF_CONCERN]
    printed += [row.number for row in rows if row.kind == Kind.CAUSE_OF_CONCERN]
    return {comparable_number(text=number): number for number in reversed(printed) if number}


def _is_cause(finding: Recommendation, number: str) -> bool:
    return finding.kind == Kind.CAUSE_OF_CONCERN and comparable_number(text=finding.number) == number


def _state_reason(finding: Recommendation) -> str:
    if finding.state in LINKABLE:
        return ""
    return gettext("The finding is {get_state_display}, so an import does not change it.").format(
        get_state_display=finding.get_state_display().lower()
    )


def _current(finding: Recommendation, name: str) -> Any:
    value = getattr(finding, name)
    if name == "cause":
        return comparable_number(text=value.number) if value else None
    return _plain_value(name, value)


def _plain_value(name: str, value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return _one_line(value) if isinstance(value, str) and name == "text" else value


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, Recommendation):
        return value.number
    return "" if value is None else str(value)
