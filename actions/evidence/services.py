import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.utils.translation import gettext, gettext_lazy

from actions.core.models import Action
from actions.core.services.change import Change, changing
from actions.core.states import REPORTABLE, State
from actions.evidence.models import EXPIRING, Evidence
from actions.evidence.quotas import require_room
from actions.progress import policies
from actions.progress.models import ProgressUpdate
from audit.actors import Actor, account_of
from audit.policies import forbid, why_not_system
from audit.services import append, writing
from audit.state import state_of
from web.language import moment_text
from web.scanner import CHUNK, malware_in
from web.storage import refusing_without_space
from web.uploads import check, sha256

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

logger = logging.getLogger(__name__)
TAKES_EVIDENCE = (*REPORTABLE, State.AWAITING_ASSURANCE)
TITLE = 200
WITH_USER = re.compile(r"\w+://[^/?#]*@")
WITHOUT_USER = gettext_lazy("Remove the user name and password from the link. Links stay on record.")
NEEDS_EVIDENCE = gettext_lazy(
    "This plan requires evidence before assurance. This action has none that is valid today."
)


@dataclass(frozen=True, kw_only=True)
class NewEvidence:
    """A file or a link, before it is recorded."""

    title: str
    file: "UploadedFile[Any] | None" = None
    url: str = ""
    effective_on: date | None = None
    """The date the evidence is about; None for the day it is added."""
    expires_on: date | None = None
    """The last day on which it counts; None if it does not expire."""


@dataclass
class ScanResult:
    """What a scan of the stored files did, in numbers of files."""

    files: int = 0
    quarantined: int = 0
    released: int = 0

    def __str__(self) -> str:
        return gettext("{files} scanned, {quarantined} put into quarantine, {released} released").format(
            files=self.files, quarantined=self.quarantined, released=self.released
        )


def add_evidence(
    *,
    actor: Actor,
    action: Action,
    title: str,
    at: datetime,
    file: "UploadedFile[Any] | None" = None,
    url: str = "",
    effective_on: date | None = None,
    expires_on: date | None = None,
    update: ProgressUpdate | None = None,
    supersedes: Evidence | None = None,
    version: int | None = None,
) -> Evidence:
    """Add a file or a link that shows what was done, or a new version of one. Earlier versions stay on record.

    Args:
        title, file, url, effective_on, expires_on: as in `NewEvidence`.
        supersedes: the evidence that this is a new version of; must be the newest version.

    Raises:
        PermissionDenied: unless the actor may report on the action.
        ValidationError: keyed by field: neither or both of file and link, a link with a password in it, a type that
            is not allowed, a file that is not what its name says or is too large, a date it is about in the future,
            an expiry that has passed or comes before that date; when the action is not open; code `conflict` for a
            version replaced already; code `no_space` when the file cannot be saved for want of space; code `quota`
            when the action, its lead organisation or the actor's day has no room for it.
    """
    evidence = NewEvidence(title=title, file=file, url=url, effective_on=effective_on, expires_on=expires_on)
    verb = "action.evidenced" if supersedes is None else "action.evidence_replaced"
    with changing(actor=actor, action=action, at=at, verb=verb, version=version) as change:
        change.forbid(policies.why_not_report(change.rights, change.action, change.supporting_ids()))
        return attach(change, evidence, update=update, supersedes=supersedes)


def attach(
    change: Change,
    evidence: NewEvidence,
    *,
    update: ProgressUpdate | None = None,
    supersedes: Evidence | None = None,
) -> Evidence:
    """Check, save and record evidence of an action under change by somebody who may report on it.

    Raises:
        ValidationError: as `add_evidence`.
    """
    change.require_state(*TAKES_EVIDENCE, to=gettext("given evidence"))
    if (evidence.file is None) == (not evidence.url):
        raise ValidationError({"file": gettext("Choose either a file or a link.")})
    if WITH_USER.match(evidence.url):
        raise ValidationError({"url": WITHOUT_USER})
    if update is not None and update.action_id != change.action.pk:
        raise ValidationError({"update": gettext("That update belongs to another action.")})
    row = Evidence(
        action=change.action,
        update=update,
        kind=Evidence.Kind.LINK if evidence.file is None else Evidence.Kind.FILE,
        title=evidence.title.strip(),
        url=evidence.url,
        added_by=account_of(change.actor),
        added_at=change.at,
    )
    row.effective_on, row.expires_on = _days(change, evidence.effective_on, evidence.expires_on)
    if supersedes is not None:
        row.supersedes = _newest(change, supersedes)
        row.number = row.supersedes.number + 1
    if evidence.file is not None:
        _take_file(row, evidence.file)
        require_room(change=change, size=row.size)
    row.title = row.title or (row.filename or row.url)[:TITLE]
    row.full_clean(exclude=["action", "added_by", "update", "supersedes"])
    with refusing_without_space("file"):
        row.save(force_insert=True)
    change.record("evidence.added" if supersedes is None else "evidence.replaced", row)
    return row


@dataclass(frozen=True)
class Line:
    """A piece of evidence in its newest version, and those it took the place of, newest first.

    `status` is `quarantine`, `expired`, `expiring` (within 28 days), or nothing.
    """

    newest: Evidence
    earlier: Sequence[Evidence]
    status: str


def evidence_of(*, action: Action, on: date) -> list[Line]:
    """Return an action's evidence, the newest first, in one query. The reader must be one who sees the action."""
    rows = list(action.evidence.select_related("added_by"))
    by_pk = {row.pk: row for row in rows}
    replaced = {row.supersedes_id for row in rows}
    return [
        Line(row, list(_earlier(row, by_pk)), expiry_of(evidence=row, on=on))
        for row in rows
        if row.pk not in replaced
    ]


def expiry_of(*, evidence: Evidence, on: date) -> str:
    """Say whether evidence is in `quarantine`, has `expired` or is `expiring`; nothing when it is none of them."""
    if evidence.is_quarantined:
        return "quarantine"
    if evidence.expires_on is None or evidence.expires_on > on + EXPIRING:
        return ""
    return "expired" if evidence.expires_on < on else "expiring"


def lacks_evidence(*, action: Action, on: date) -> bool:
    """Say whether the plan asks for evidence before assurance and the action has none that counts on the day."""
    return action.plan.evidence_required and not Evidence.objects.current(on).filter(action=action).exists()


def require_evidence(change: Change) -> None:
    """Raise ValidationError (code `state`) where the plan asks for evidence and the action has none that counts."""
    if lacks_evidence(action=change.action, on=change.on):
        raise ValidationError(NEEDS_EVIDENCE, code="state")


def scan_stored_files(*, actor: Actor, at: datetime) -> ScanResult:
    """Scan every stored file, put those with malware into quarantine, and release those that are clean now.

    A file in quarantine stays where it is, is not handed out and does not count as evidence.

    Raises:
        PermissionDenied: unless the actor is the system.
        ScannerUnavailableError: the scanner cannot be used. What was scanned before stays done.
    """
    forbid(why_not_system(actor))
    result = ScanResult()
    rows = Evidence.objects.filter(kind=Evidence.Kind.FILE).select_related("action__partnership")
    for evidence in rows.order_by("pk").iterator(chunk_size=500):
        try:
            with default_storage.open(str(evidence.file.name)) as file:
                malware = malware_in(file.chunks(CHUNK))
        except FileNotFoundError:
            continue  # verify_evidence names it
        result.files += 1
        if bool(malware) != evidence.is_quarantined:
            result.quarantined += bool(malware)
            result.released += not malware
            _set_quarantine(actor, evidence, malware, at)
    return result


def _set_quarantine(actor: Actor, evidence: Evidence, malware: str, at: datetime) -> None:
    with writing(evidence.action.partnership.ledger_id) as ledger:
        row = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
        before = state_of(row)
        row.quarantined_at, row.malware = (at, malware[:200]) if malware else (None, "")
        row.save(update_fields=["quarantined_at", "malware"])
        verb = "evidence.quarantined" if malware else "evidence.released"
        append(actor=actor, ledger=ledger, at=at, verb=verb, target=row, before=before)
        words = gettext("was put into quarantine") if malware else gettext("was released from quarantine")
        logger.warning("The file of evidence %s %s. %s", row.pk, words, malware)


def remove_orphans(*, actor: Actor, names: Iterable[str]) -> int:
    """Remove stored files that no evidence names, and return their number. A row committed meanwhile keeps its file.

    Of a link, only the link is removed. What may not be removed is logged and stays.

    Raises:
        PermissionDenied: unless the actor is the system.
    """
    forbid(why_not_system(actor))
    orphans = [name for name in names if not Evidence.objects.filter(file=name).exists()]
    return sum(_remove_file(Path(default_storage.path(name))) for name in orphans)


def _remove_file(path: Path) -> bool:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("An orphaned file was not removed: %s", error)
        return False
    return True


def _earlier(row: Evidence, by_pk: dict[int, Evidence]) -> Iterator[Evidence]:
    while row.supersedes_id is not None:
        row = by_pk[row.supersedes_id]
        yield row


def _days(change: Change, effective_on: date | None, expires_on: date | None) -> tuple[date, date | None]:
    if effective_on is not None and effective_on > change.on:
        raise ValidationError({"effective_on": gettext("The date it is about must not be in the future.")})
    effective_on = effective_on or change.on
    if expires_on is not None and expires_on < effective_on:
        raise ValidationError(
            {"expires_on": gettext("The expiry date must not be before the date it is about.")}
        )
    if expires_on is not None and expires_on < change.on:
        raise ValidationError({"expires_on": gettext("The expiry date must not be in the past.")})
    return effective_on, expires_on


def _newest(change: Change, supersedes: Evidence) -> Evidence:
    """Return the version to be replaced as it is under the lock."""
    row = Evidence.objects.filter(action=change.action, pk=supersedes.pk).first()
    if row is None:
        raise ValidationError({"supersedes": gettext("That evidence belongs to another action.")})
    later = Evidence.objects.filter(supersedes=row).select_related("added_by").first()
    if later is not None:
        raise ValidationError(replaced_by(later=later), code="conflict")
    return row


def replaced_by(*, later: Evidence) -> str:
    """Say that a version was replaced already, by whom and when."""
    return gettext(
        "That version has already been replaced: {added_by} added version {number} on {moment}."
    ).format(added_by=later.added_by, number=later.number, moment=moment_text(later.added_at))


def _take_file(evidence: Evidence, file: "UploadedFile[Any]") -> None:
    try:
        evidence.content_type = check(file, limit=settings.EVIDENCE_MAX_BYTES)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    evidence.file = file
    evidence.filename = PurePath((file.name or "").replace("\\", "/")).name
    evidence.sha256 = sha256(file)
    evidence.size = file.size or 0
