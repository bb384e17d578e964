"""Approving, publishing and withdrawing public editions."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from audit.actors import Actor, account_of
from partners.changing.services import changing
from reports.papers.queries import digest_of
from reports.papers.states import PaperState
from reports.publications import policies
from reports.publications.models import PublicEdition
from reports.publications.queries import authors_of, compose, full, problems_of, small_as_json
from reports.publications.states import EditionState

CHANGED = gettext_lazy(
    "A decision on publication or a wording changed after the approval, so this is no longer what was approved. "
    "Change the edition back to a draft and approve it again."
)
PAPER_CORRECTED = gettext_lazy(
    "The paper was corrected after this edition was prepared. Abandon the edition and start again."
)


def approve_edition(
    *, actor: Actor, edition: PublicEdition, at: datetime, version: int | None = None
) -> PublicEdition:
    """Approve an edition: its content is frozen with its digest, as the preview shows it.

    Raises:
        PermissionDenied: for whoever prepared it or wrote the paper, and unless the actor decides on editions.
        ValidationError: code `unready` with everything that keeps it from leaving; code `state`; code `conflict`.
    """
    with changing(actor=actor, row=edition, at=at, verb="edition.approved", version=version) as change:
        row, whole = change.row, full(change.row.pk)
        authors = authors_of(whole)
        change.forbid(policies.why_not_approve(change.rights, row.partnership_id, authors=authors))
        change.require_state(EditionState.DRAFT, to="approved")
        row.content, row.counts = _fit(whole)
        row.sha256 = digest_of(row.content)
        row.state, row.approved_by, row.approved_at = EditionState.APPROVED, account_of(actor), at
    return row


def publish_edition(
    *, actor: Actor, edition: PublicEdition, at: datetime, version: int | None = None
) -> PublicEdition:
    """Publish an approved edition, exactly as it was approved.

    Raises:
        PermissionDenied: for its author, its approver and whoever wrote the paper, and unless the actor decides on
            editions.
        ValidationError: code `changed` when decisions changed since the approval; code `unready`; code `state`; code
            `conflict`.
    """
    with changing(actor=actor, row=edition, at=at, verb="edition.published", version=version) as change:
        row, whole = change.row, full(change.row.pk)
        change.forbid(
            policies.why_not_publish(
                change.rights,
                row.partnership_id,
                authors=authors_of(whole),
                approver_id=row.approved_by_id,
            )
        )
        change.require_state(EditionState.APPROVED, to="published")
        if whole.paper.state != PaperState.ISSUED:
            raise ValidationError(PAPER_CORRECTED, code="changed")
        content, row.counts = _fit(whole)
        if digest_of(content) != row.sha256:
            raise ValidationError(CHANGED, code="changed")
        row.state, row.published_by, row.published_at = EditionState.PUBLISHED, account_of(actor), at
        if row.corrects is not None:
            with changing(actor=actor, row=row.corrects, at=at, verb="edition.corrected") as former:
                former.require_state(EditionState.PUBLISHED, to="corrected")
                former.row.state = EditionState.CORRECTED
    return row


def withdraw_edition(
    *, actor: Actor, edition: PublicEdition, reason: str, at: datetime, version: int | None = None
) -> PublicEdition:
    """Take an edition off the public pages. Its address says that and why, and shows no content.

    Raises:
        PermissionDenied: unless the actor decides on editions or runs the partnership's plans.
        ValidationError: keyed by `reason`; code `state`; code `conflict`.
    """
    if not reason.strip():
        raise ValidationError(
            {"reason": gettext("Enter why the edition is withdrawn. The public reads this.")}
        )
    with changing(actor=actor, row=edition, at=at, verb="edition.withdrawn", version=version) as change:
        row = change.row
        change.forbid(policies.why_not_withdraw(change.rights, row.partnership_id))
        change.require_state(EditionState.PUBLISHED, EditionState.CORRECTED, to="withdrawn")
        row.state, row.withdrawn_at, row.withdrawal = EditionState.WITHDRAWN, at, reason.strip()
    return row


def _fit(edition: PublicEdition) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the content of an edition and the counts behind it, or refuse with everything that is wrong with it."""
    made, basis = compose(edition)
    differences, problems = problems_of(edition, made, basis)
    texts = [f"({each.number}) {each.text}." for each in differences] + problems
    if texts:
        raise ValidationError([ValidationError(text, code="unready") for text in texts])
    return made.content, small_as_json(made.small)
