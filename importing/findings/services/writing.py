"""Writing an import of findings, inside its transaction."""

from datetime import datetime

from audit.actors import Actor
from audit.models import Ledger
from audit.services import append
from audit.state import state_of
from importing.engine.services.contents import Outcome
from importing.engine.services.flow import naming_row
from importing.findings.services.contents import FindingChange, FindingsPreview
from importing.findings.services.rows import comparable_number
from inspections.findings.services.links import link_action
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import Recommendation

IMPORTED = "inspection.imported"


def write_findings(*, actor: Actor, preview: FindingsPreview, ledger: Ledger, at: datetime) -> None:
    """Save new and changed findings with their links to actions, and record the import.

    Causes of concern go first, because recommendations of the same file refer to them.

    Raises:
        ValidationError: code `rejected`, with the row, when a finding or link is refused.
    """
    kind, inspection = Recommendation.Kind.CAUSE_OF_CONCERN, preview.target
    recorded = Recommendation.objects.filter(inspection=inspection, kind=kind)
    causes = {comparable_number(text=finding.number): finding for finding in recorded}
    rows = [row for row in preview.rows if row.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    for row in sorted(rows, key=lambda each: each.kind != kind):
        with naming_row(preview=preview, row=row):
            finding = _save(actor, preview, row, causes, at)
            for action in row.new_value("actions") or ():
                link_action(actor=actor, recommendation=finding, action=action, at=at)
        if finding.kind == kind:
            causes[comparable_number(text=finding.number)] = finding
    append(
        actor=actor,
        ledger=ledger,
        at=at,
        verb=IMPORTED,
        target=inspection,
        before=state_of(inspection),
        note=preview.summary,
    )


def _save(
    actor: Actor,
    preview: FindingsPreview,
    row: FindingChange,
    causes: dict[str, Recommendation],
    at: datetime,
) -> Recommendation:
    fields = {change.name: change.value for change in row.changes if change.name != "actions"}
    if "cause" in fields:
        fields["cause"] = causes[fields["cause"]]
    finding = row.record or Recommendation(inspection=preview.target)
    if not fields:
        return finding
    return save_recommendation(
        actor=actor, recommendation=finding, at=at, imported_from=preview.place(row), **fields
    )
