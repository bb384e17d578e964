"""Reconciling, approving, issuing and correcting papers."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from audit.actors import Actor, account_of
from partners.changing.services import adding, changing
from reports.papers import policies
from reports.papers.models import Paper
from reports.papers.queries import (
    APPROVERS,
    content_of,
    differences_of,
    digest_of,
    full,
    missing_voices,
    previous_of,
    why_not_ready,
    writers_of,
)
from reports.papers.services.drafting import copy_parts
from reports.papers.states import OPEN, PaperState
from reports.templates.models import Template


def reconcile_paper(*, actor: Actor, paper: Paper, at: datetime, version: int | None = None) -> Paper:
    """Confirm that a paper adds up.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: code `unreconciled` with every difference in words; code `state`; code `conflict`.
    """
    with changing(actor=actor, row=paper, at=at, verb="paper.reconciled", version=version) as change:
        change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
        change.require_state(*OPEN, to="reconciled")
        whole = full(change.row.pk)
        # The last paper may have been corrected since: its correction is what this one opens from.
        whole.previous = change.row.previous = previous_of(whole, actor, change.on)
        content = content_of(whole)
        _require_no_difference(whole, content)
        change.row.state = PaperState.RECONCILED
        change.row.reconciled_by, change.row.reconciled_at = account_of(actor), at
    return change.row


def approve_paper(
    *, actor: Actor, paper: Paper, voice: str, at: datetime, version: int | None = None
) -> Paper:
    """Approve one voice of a reconciled paper.

    Raises:
        PermissionDenied: for whoever wrote part of it, or does not speak for that voice.
        ValidationError: code `state` when it is not reconciled or needs no approval; code `conflict`.
    """
    with changing(actor=actor, row=paper, at=at, verb="paper.approved", version=version) as change:
        row = change.row
        whole = full(row.pk)
        change.forbid(
            policies.why_not_approve(
                change.rights,
                row.partnership_id,
                voice=voice,
                writers=writers_of(whole, voice),
            )
        )
        change.require_state(PaperState.RECONCILED, to="approved")
        if not whole.template.two_voices:
            raise ValidationError(
                gettext("This paper has one voice, so it is issued without approvals."), code="state"
            )
        change.note = gettext("{label}'s part").format(label=Template.Voice(voice).label)
        setattr(row, APPROVERS[Template.Voice(voice)], account_of(actor))
    return change.row


def issue_paper(*, actor: Actor, paper: Paper, at: datetime, version: int | None = None) -> Paper:
    """Issue a reconciled paper: its content is frozen with its digest and the ledger's head.

    Raises:
        PermissionDenied: unless the actor is a board member who wrote no part of it.
        ValidationError: code `state` when it is not reconciled; code `unready` with everything that is missing; code
            `unreconciled`; code `conflict`.
    """
    with changing(actor=actor, row=paper, at=at, verb="paper.issued", version=version) as change:
        row = change.row
        whole = full(row.pk)
        change.forbid(policies.why_not_issue(change.rights, row.partnership_id, writers_of(whole)))
        change.require_state(PaperState.RECONCILED, to="issued")
        missing = why_not_ready(whole) + _missing_approvals(whole)
        if missing:
            raise ValidationError([ValidationError(text, code="unready") for text in missing])
        content = content_of(whole)
        _require_no_difference(whole, content)
        row.content, row.sha256 = content, digest_of(content)
        row.ledger_sequence, row.ledger_digest = content["ledger"]["sequence"], content["ledger"]["digest"]
        row.state, row.issued_by, row.issued_at = PaperState.ISSUED, account_of(actor), at
        row.marking = content["marking"]
        if row.corrects is not None:
            with changing(actor=actor, row=row.corrects, at=at, verb="paper.corrected") as earlier:
                earlier.row.state = PaperState.CORRECTED
    return change.row


def correct_paper(
    *, actor: Actor, paper: Paper, correction: str, at: datetime, version: int | None = None
) -> Paper:
    """Draft a correction of an issued paper: a new version that says what changed.

    The figures are read again at the same moment, and the text is copied to be changed. The issued paper keeps its
    content, and is marked as corrected once the correction is issued.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `correction` without one; code `state` when it was not issued, or has a correction;
            code `conflict`.
    """
    if not correction.strip():
        raise ValidationError({"correction": gettext("Enter what the correction changes.")})
    with changing(actor=actor, row=paper, at=at, verb="paper.correction_drafted", version=version) as change:
        row = change.row
        change.forbid(policies.why_not_manage(change.rights, row.partnership_id))
        change.require_state(PaperState.ISSUED, to="corrected")
        if Paper.objects.filter(corrects=row).exists():
            raise ValidationError(
                gettext("A correction of this paper is being drafted already."), code="state"
            )
        source = full(row.pk)
        with adding(actor=actor, ledger_id=source.template.board.partnership.ledger_id, at=at) as addition:
            following = Paper(
                **{
                    name: getattr(source, name)
                    for name in (
                        *(
                            "template",
                            "plan",
                            "meeting",
                            "item",
                            "title",
                            "paper_letter",
                            "report_of",
                            "purpose",
                        ),
                        *(
                            "recommendation",
                            "contact",
                            "as_at",
                            "previous",
                            "marking",
                            "handling_instruction",
                        ),
                    )
                },
                number=source.number + 1,
                corrects=source,
                correction=correction.strip(),
                author=account_of(actor),
                drafted_at=at,
            )
            addition.add("paper.drafted", following)
            copy_parts(addition, source, following)
    return following


def _require_no_difference(paper: Paper, content: dict[str, Any]) -> None:
    if differences := differences_of(paper, content):
        raise ValidationError(
            [ValidationError(f"({each.number}) {each.text}.", code="unreconciled") for each in differences]
        )


def _missing_approvals(paper: Paper) -> list[str]:
    return [
        gettext("{label}: the part of this voice is not approved yet.").format(label=voice.label)
        for voice in missing_voices(paper)
    ]
