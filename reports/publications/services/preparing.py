"""Preparing a public edition: its sections from the paper, their public wording and that of actions."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.models import Action
from audit.actors import Actor, account_of
from audit.models import Tracked
from inspections.models import Inspection, Recommendation
from partners.changing.services import Addition, adding, changing
from reports.figures.public import PUBLIC_KINDS
from reports.papers.models import Paper, Section
from reports.papers.services.drafting import reopen
from reports.publications import policies
from reports.publications.models import EditionSection, PublicEdition, PublicWording
from reports.publications.queries import latest_paper, why_no_edition
from reports.publications.states import OPEN, EditionState

UNFROZEN = {
    "state": EditionState.DRAFT,
    "approved_by": None,
    "approved_at": None,
    "content": None,
    "sha256": "",
    "counts": None,
}


def draft_edition(*, actor: Actor, paper: Paper, at: datetime) -> PublicEdition:
    """Start the public edition of an issued paper. No text of it is published until that is decided.

    Sections of tables alone are published, because these are counted from published rows; those that no edition shows are
    left out.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: code `state` when the paper is not issued, is OFFICIAL-SENSITIVE or has an edition.
    """
    ledger_id = paper.template.board.partnership.ledger_id
    with adding(actor=actor, ledger_id=ledger_id, at=at) as addition:
        addition.forbid(policies.why_not_manage(addition.rights, paper.partnership_id))
        if reason := why_no_edition(paper):
            raise ValidationError(reason, code="state")
        edition = PublicEdition(paper=paper, author=account_of(actor), drafted_at=at)
        addition.add("edition.drafted", edition)
        for section in paper.sections.all():
            _add_section(addition, edition, section)
    return edition


def correct_edition(
    *, actor: Actor, edition: PublicEdition, correction: str, at: datetime, version: int | None = None
) -> PublicEdition:
    """Draft a new version of a published edition, which says what changed, from the newest version of its paper.

    The published one stays until the new one is published.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `correction` without one; code `state` when it is not published, or has a correction;
            code `conflict`.
    """
    if not correction.strip():
        raise ValidationError({"correction": gettext("Enter what the correction changes.")})
    with changing(
        actor=actor, row=edition, at=at, verb="edition.correction_drafted", version=version
    ) as change:
        row = change.row
        change.forbid(policies.why_not_manage(change.rights, row.partnership_id))
        change.require_state(EditionState.PUBLISHED, to="corrected")
        if PublicEdition.objects.filter(corrects=row).exists():
            raise ValidationError(
                gettext("A correction of this edition is being prepared already."), code="state"
            )
        paper = latest_paper(row.paper)
        following = PublicEdition(
            paper=paper,
            number=row.number + 1,
            corrects=row,
            correction=correction.strip(),
            author=account_of(actor),
            drafted_at=at,
        )
        change.add("edition.drafted", following)
        before = {(section.kind, section.heading): section for section in row.sections.all()}
        for section in paper.sections.all():
            _add_section(change, following, section, before.get((section.kind, section.heading)))
    return following


def treat_section(
    *,
    actor: Actor,
    section: EditionSection,
    treatment: str,
    at: datetime,
    text: str = "",
    version: int | None = None,
) -> EditionSection:
    """Publish a section in its public wording, or leave it out. An approved edition is a draft again.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when the edition was published; code `conflict`.
    """
    with changing(actor=actor, row=section.edition, at=at, verb="edition.section_changed") as whole:
        whole.forbid(policies.why_not_manage(whole.rights, whole.row.partnership_id))
        reopen(whole, states=OPEN, values=UNFROZEN)
        with changing(
            actor=actor, row=section, at=at, verb="edition_section.decided", version=version
        ) as change:
            if not treatment:
                raise ValidationError({"treatment": gettext("Choose whether the section is published.")})
            is_published = treatment == EditionSection.Treatment.PUBLISHED
            change.row.treatment, change.row.text = treatment, text.strip() if is_published else ""
    return change.row


def word_row(
    *,
    actor: Actor,
    row: Tracked,
    text: str,
    at: datetime,
    publication: str = Action.Publication.UNDECIDED,
    exemption: str = "",
) -> PublicWording:
    """Say what the public reads of a row instead of its name; of a finding or inspection, also whether it is published.

    An edition that is approved already is not published with another decision or other words: publishing compares.

    Args:
        row: an action, inspection, finding, or the first record of a fact.
        publication: for a finding or inspection only; actions and facts have a decision of their own.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `text`, `publication` or `exemption`.
    """
    owner: Any = row.inspection if isinstance(row, Recommendation) else row
    partnership = owner.partnership
    if publication != Action.Publication.UNDECIDED and not isinstance(row, Recommendation | Inspection):
        raise ValidationError({"publication": gettext("This row has a decision on publication of its own.")})
    key = f"{row._meta.label_lower}:{row.pk}"
    values = {"text": text.strip(), "publication": publication, "exemption": exemption}
    if existing := PublicWording.objects.filter(partnership=partnership, key=key).first():
        with changing(actor=actor, row=existing, at=at, verb="public_wording.changed") as change:
            change.forbid(policies.why_not_manage(change.rights, partnership.pk))
            for name, value in values.items():
                setattr(change.row, name, value)
        return change.row
    with adding(actor=actor, ledger_id=partnership.ledger_id, at=at) as addition:
        addition.forbid(policies.why_not_manage(addition.rights, partnership.pk))
        wording = PublicWording(partnership=partnership, key=key, **values)
        addition.add("public_wording.added", wording)
    return wording


def abandon_edition(
    *, actor: Actor, edition: PublicEdition, reason: str, at: datetime, version: int | None = None
) -> PublicEdition:
    """Abandon an edition that was not published. The ledger keeps it and the reason.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason`; code `state`; code `conflict`.
    """
    if not reason.strip():
        raise ValidationError({"reason": gettext("Enter why the edition is abandoned.")})
    with changing(
        actor=actor, row=edition, at=at, verb="edition.abandoned", version=version, note=reason.strip()
    ) as change:
        change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
        reopen(change, states=OPEN, values=UNFROZEN, to="abandoned")
        change.row.state, change.row.corrects = EditionState.ABANDONED, None
        change.row.correction = ""
    return change.row


def _add_section(
    addition: Addition, edition: PublicEdition, section: Section, before: EditionSection | None = None
) -> None:
    names = ("order", "kind", "heading")
    row = EditionSection(edition=edition, **{name: getattr(section, name) for name in names})
    if not section.text:
        shows = section.kind in PUBLIC_KINDS
        row.treatment = row.Treatment.PUBLISHED if shows else row.Treatment.LEFT_OUT
    if before is not None:
        row.treatment, row.text = before.treatment, before.text
    addition.add("edition_section.added", row)
