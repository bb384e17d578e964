"""Carrying out an import of findings: all of it, in one transaction, or none of it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from audit.services import append, writing
from audit.state import state_of
from importing.findings.services.contents import Preview, RowChange
from importing.findings.services.previewing import compare_file, read_file
from importing.findings.services.rows import as_number
from importing.plans.services.contents import Outcome
from importing.plans.services.screening import require_reason
from inspections.findings.services.links import link_action
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import Inspection, Recommendation

MOVED_ON = "The findings were changed since this preview was made. Look at what the import would do now, then confirm again."


def apply_import(
    *,
    actor: Any,
    inspection: Inspection,
    data: bytes,
    filename: str,
    at: datetime,
    sheet: str = "",
    expected: str = "",
) -> Preview:
    """Import a file into an inspection, as `preview_import` says, and return what was done.

    An import that would change nothing writes nothing, not even to the ledger.

    Args:
        expected: the digest of the preview that was confirmed; empty where none was shown.

    Raises:
        PermissionDenied, ValidationError: as `preview_import`.
        ValidationError: code `rejected` with every problem when any row cannot be applied; code `conflict` when the
            import would no longer do what was confirmed; code `personal_data` for cells kept without a reason.
    """
    file = read_file(actor=actor, inspection=inspection, data=data, filename=filename, sheet=sheet, at=at)
    with writing(inspection.partnership.ledger_id) as ledger:
        preview = compare_file(actor=actor, inspection=inspection, file=file, at=at)
        if not preview.can_be_applied:
            raise ValidationError([ValidationError(str(p), code="rejected") for p in preview.problems])
        if expected and preview.digest != expected:
            raise ValidationError(MOVED_ON, code="conflict")
        require_reason(found=preview.personal)
        if preview.changes_anything:
            _apply(actor, preview, at)
            append(
                actor=actor,
                ledger=ledger,
                at=at,
                verb="inspection.imported",
                target=inspection,
                before=state_of(inspection),
                note=_summary(preview),
            )
    return preview


def _apply(actor: Any, preview: Preview, at: datetime) -> None:
    """Causes of concern go first: recommendations of the same file stand under them."""
    kind = Recommendation.Kind.CAUSE_OF_CONCERN
    known = Recommendation.objects.filter(inspection=preview.inspection, kind=kind)
    causes = {as_number(text=row.number): row for row in known}
    changed = [row for row in preview.rows if row.outcome in (Outcome.CREATED, Outcome.UPDATED)]
    for row in sorted(changed, key=lambda each: each.kind != kind):
        try:
            finding = _saved(actor, preview, row, causes, at)
            for action in row.new("actions") or ():
                link_action(actor=actor, recommendation=finding, action=action, at=at)
        except ValidationError as error:
            where = f"sheet {preview.sheet}, row {row.number}"
            told = [ValidationError(f"{where}: {text}", code="rejected") for text in error.messages]
            raise ValidationError(told) from error
        if finding.kind == kind:
            causes[as_number(text=finding.number)] = finding


def _saved(
    actor: Any, preview: Preview, row: RowChange, causes: dict[str, Recommendation], at: datetime
) -> Recommendation:
    fields = {change.name: change.value for change in row.changes if change.name != "actions"}
    if "cause" in fields:
        fields["cause"] = causes[fields["cause"]]
    finding = row.finding or Recommendation(inspection=preview.inspection)
    if not fields:
        return finding
    where = f"{preview.filename}, sheet {preview.sheet}, row {row.number}"
    return save_recommendation(actor=actor, recommendation=finding, at=at, imported_from=where, **fields)


def _summary(preview: Preview) -> str:
    counts = ", ".join(f"{name} {number}" for name, number in preview.counts.items())
    return f"{preview.filename}, SHA-256 {preview.sha256}, sheet {preview.sheet}: {counts}"
