from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError

from actions import policies
from actions.models import Action, Evidence, ProgressUpdate
from actions.services.change import changing
from actions.services.progress import NOT_YOURS, report_progress
from actions.states import REPORTABLE, State
from audit.services import writing
from web.uploads import check, sha256

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


def add_evidence(
    *,
    actor: Any,
    action: Action,
    title: str,
    at: datetime,
    file: "UploadedFile[Any] | None" = None,
    url: str = "",
    effective_on: date | None = None,
    update: ProgressUpdate | None = None,
    version: int | None = None,
) -> Evidence:
    """Attach a file or a link that shows what was done.

    Args:
        effective_on: the day the evidence speaks of; the day it is added when left out.

    Raises:
        PermissionDenied: unless the actor may report on the action.
        ValidationError: keyed by field: neither or both of file and link, a type that is not allowed, a file that is
            not what its name says or is too large, a day still to come; when the action is not open.
    """
    evidence = Evidence(update=update, title=title.strip(), url=url, added_by=actor, added_at=at)
    with (
        _no_file_left_behind(evidence),
        changing(actor=actor, action=action, at=at, verb="action.evidenced", version=version) as change,
    ):
        change.require(policies.may_report(change.rights, change.action, change.supporting_ids()), NOT_YOURS)
        change.require_state(*REPORTABLE, State.AWAITING_ASSURANCE, to="given evidence")
        if (file is None) == (not url):
            raise ValidationError({"file": "Choose either a file or a link."})
        if effective_on is not None and effective_on > change.on:
            raise ValidationError(
                {"effective_on": "The day the evidence speaks of must not be in the future."}
            )
        if update is not None and update.action_id != change.action.pk:
            raise ValidationError({"update": "That update is of another action."})
        evidence.action = change.action
        evidence.effective_on = effective_on or change.on
        evidence.kind = Evidence.Kind.LINK if file is None else Evidence.Kind.FILE
        if file is not None:
            _take_file(evidence, file)
        evidence.full_clean(exclude=["action", "added_by", "update"])
        evidence.save(force_insert=True)
        change.record("evidence.added", evidence)
    return evidence


def report_progress_with_evidence(
    *,
    actor: Any,
    action: Action,
    at: datetime,
    version: int | None = None,
    title: str = "",
    file: "UploadedFile[Any] | None" = None,
    url: str = "",
    **report: Any,
) -> ProgressUpdate:
    """Say where an action stands and attach what shows it, both or neither; without a file or a link, just the first.

    Args:
        report: as `report_progress` takes it.

    Raises:
        PermissionDenied, ValidationError: as `report_progress` and `add_evidence`.
    """
    with writing(action.partnership.ledger_id):
        update = report_progress(actor=actor, action=action, at=at, version=version, **report)
        if file is not None or url:
            add_evidence(actor=actor, action=action, title=title, at=at, file=file, url=url, update=update)
    return update


def _take_file(evidence: Evidence, file: "UploadedFile[Any]") -> None:
    try:
        evidence.content_type = check(file, limit=settings.EVIDENCE_MAX_BYTES)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    evidence.file = file
    evidence.filename = PurePath((file.name or "").replace("\\", "/")).name
    evidence.sha256 = sha256(file)
    evidence.size = file.size or 0


@contextmanager
def _no_file_left_behind(evidence: Evidence) -> Iterator[None]:
    """Remove the stored file when the change it belongs to is not made: storage knows no transactions."""
    try:
        yield
    except Exception:
        if evidence.file and evidence.file._committed:  # type: ignore[attr-defined] # the stubs leave it out
            evidence.file.storage.delete(str(evidence.file.name))
        raise
