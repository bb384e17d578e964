from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from actions import policies
from actions.models import Action, Evidence, ProgressUpdate
from actions.services.change import changing
from actions.services.progress import NOT_YOURS
from actions.states import REPORTABLE, State
from web.uploads import check_upload


def add_evidence(
    *,
    actor: Any,
    action: Action,
    title: str,
    at: datetime,
    file: UploadedFile | None = None,
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
    with changing(actor=actor, action=action, at=at, verb="action.evidenced", version=version) as change:
        change.require(policies.may_report(change.rights, change.action, change.supporting_ids()), NOT_YOURS)
        change.require_state(*REPORTABLE, State.AWAITING_ASSURANCE, to="given evidence")
        if (file is None) == (not url):
            raise ValidationError({"file": "Choose a file, or enter a link."})
        if effective_on is not None and effective_on > change.on:
            raise ValidationError(
                {"effective_on": "The day the evidence speaks of must not be in the future."}
            )
        if update is not None and update.action_id != change.action.pk:
            raise ValidationError({"update": "That update is of another action."})
        evidence = Evidence(
            action=change.action,
            update=update,
            kind=Evidence.Kind.LINK if file is None else Evidence.Kind.FILE,
            title=title.strip(),
            url=url,
            effective_on=effective_on or change.on,
            added_by=actor,
            added_at=at,
        )
        if file is not None:
            _take_file(evidence, file)
        evidence.full_clean(exclude=["action", "added_by", "update"])
        evidence.save(force_insert=True)
        change.record("evidence.added", evidence)
    return evidence


def _take_file(evidence: Evidence, file: UploadedFile) -> None:
    checked = check_upload(file, max_bytes=settings.EVIDENCE_MAX_BYTES)
    evidence.file = file  # type: ignore[assignment]
    evidence.filename = (file.name or "")[-200:]
    evidence.sha256 = checked.sha256
    evidence.size = checked.size
    evidence.content_type = checked.content_type
