"""Drafting a paper: its sections from the board's template, its text, and what flows up from the returns."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.models import Plan
from audit.actors import Actor, account_of
from audit.models import Tracked
from meetings.models import Meeting
from partners.changing.services import Addition, Change, adding, changing
from reports.asat.moments import check_began, end_of
from reports.asat.queries import ledger_began
from reports.figures.catalogue import KINDS
from reports.papers import policies
from reports.papers.models import Appendix, Implication, Paper, Passage, Section
from reports.papers.queries import marking_of, previous_of, record_for
from reports.papers.states import OPEN, PaperState
from reports.record.rows import Record
from reports.templates.models import Template
from web.language import day_text

COVER = frozenset(
    {
        *("title", "meeting", "item", "paper_letter", "report_of", "purpose", "recommendation", "contact"),
        "handling_instruction",
    }
)
HANDLING = "Only for members of the board. Store it where only they can open it."
REOPENED = {
    "state": PaperState.DRAFT,
    "reconciled_by": None,
    "reconciled_at": None,
    "chief_approved_by": None,
    "opcc_approved_by": None,
}


def draft_paper(
    *,
    actor: Actor,
    template: Template,
    plan: Plan,
    as_at: date,
    at: datetime,
    title: str = "",
    meeting: Meeting | None = None,
    **cover: Any,
) -> Paper:
    """Start a paper with the sections of a template and the figures of a day.

    Args:
        as_at: the day at whose end the record is read; today reads it as it is now.
        cover: any of COVER.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; `as_at` for a day in the future or before the record began.
    """
    if unknown := cover.keys() - COVER:
        raise TypeError(f"this service cannot set {', '.join(sorted(unknown))}")
    ledger_id = template.board.partnership.ledger_id
    with adding(actor=actor, ledger_id=ledger_id, at=at) as addition:
        addition.forbid(policies.why_not_manage(addition.rights, template.partnership_id))
        if not template.is_current:
            raise ValidationError(
                {"template": gettext("This template was replaced. Choose its newest version.")}
            )
        paper = Paper(
            template=template,
            plan=plan,
            meeting=meeting,
            title=title.strip() or f"{template.name}, {day_text(as_at)}",
            as_at=_moment(as_at, at, ledger_id),
            author=account_of(actor),
            drafted_at=at,
            **{
                name: getattr(template, name)
                for name in ("report_of", "purpose", "recommendation", "contact")
            }
            | cover,
        )
        paper.previous = previous_of(paper, actor, addition.on)
        record = record_for(paper)
        _mark(paper, record)
        addition.add("paper.drafted", paper)
        _add_parts(addition, paper, record)
    return paper


def change_cover(
    *, actor: Actor, paper: Paper, at: datetime, version: int | None = None, **fields: Any
) -> Paper:
    """Change what the cover of a paper says. A reconciled paper is a draft again.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state` when it was issued; code `conflict`.
    """
    if unknown := fields.keys() - COVER:
        raise TypeError(f"this service cannot set {', '.join(sorted(unknown))}")
    with changing(actor=actor, row=paper, at=at, verb="paper.changed", version=version) as change:
        change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
        reopen(change)
        for name, value in fields.items():
            setattr(change.row, name, value.strip() if isinstance(value, str) else value)
    return change.row


def write_section(
    *,
    actor: Actor,
    section: Section,
    text: str,
    at: datetime,
    facts_on: date | None = None,
    version: int | None = None,
) -> Section:
    """Write the text of a section. Its author is whoever wrote it last.

    Args:
        facts_on: the day on which what the text says was so; None for the paper's day.
        version: of the section, as the actor saw it.

    Raises:
        PermissionDenied: unless the actor may write this voice of the paper.
        ValidationError: keyed by field; code `state` when the paper was issued; code `conflict` when somebody wrote
            the section meanwhile.
    """
    with _part(actor=actor, row=section, at=at, verb="section.written", version=version) as change:
        row: Section = change.row
        if facts_on is not None and facts_on > row.paper.on:
            day = day_text(row.paper.on)
            raise ValidationError(
                {
                    "facts_on": gettext("The paper is as at {day}, so its text cannot be later.").format(
                        day=day
                    )
                }
            )
        row.text, row.facts_on = text.strip(), facts_on
        row.author, row.written_at = account_of(actor), at
    return row


def treat_passage(
    *, actor: Actor, passage: Passage, at: datetime, version: int | None = None, **fields: Any
) -> Passage:
    """Print a text of a return, shorten it or leave it out, and say what becomes of an escalation.

    Args:
        fields: treatment, text, reason, disposition.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state`; code `conflict`.
    """
    with _part(actor=actor, row=passage, at=at, verb="passage.decided", version=version) as change:
        row: Passage = change.row
        row.treatment = fields.get("treatment", row.treatment)
        row.reason = fields.get("reason", row.reason).strip()
        row.disposition = fields.get("disposition", row.disposition)
        if row.treatment == Passage.Treatment.USED:
            row.text = row.original
        elif row.treatment == Passage.Treatment.SHORTENED:
            row.text = fields.get("text", row.text).strip()
            if not row.text:
                raise ValidationError({"text": gettext("Enter the shortened text.")})
    return row


def answer_implication(
    *,
    actor: Actor,
    implication: Implication,
    text: str,
    at: datetime,
    assessed_by: str = "",
    version: int | None = None,
) -> Implication:
    """Answer one implication. "Nil" is an answer.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state`; code `conflict`.
    """
    with _part(actor=actor, row=implication, at=at, verb="implication.answered", version=version) as change:
        row: Implication = change.row
        row.text, row.assessed_by = text.strip(), assessed_by.strip()
    return row


def explain_appendix(
    *,
    actor: Actor,
    appendix: Appendix,
    status: str,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> Appendix:
    """Say whether an appendix is attached, and why not.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by field; code `state`; code `conflict`.
    """
    with _part(actor=actor, row=appendix, at=at, verb="appendix.explained", version=version) as change:
        row: Appendix = change.row
        row.status, row.reason = status, reason.strip()
    return row


def abandon_paper(
    *, actor: Actor, paper: Paper, reason: str, at: datetime, version: int | None = None
) -> Paper:
    """Abandon a draft. The ledger keeps it and the reason.

    Raises:
        PermissionDenied: unless the actor runs the partnership's plans.
        ValidationError: keyed by `reason`; code `state`; code `conflict`.
    """
    if not reason.strip():
        raise ValidationError({"reason": gettext("Enter why the paper is abandoned.")})
    with changing(
        actor=actor, row=paper, at=at, verb="paper.abandoned", version=version, note=reason.strip()
    ) as change:
        change.forbid(policies.why_not_manage(change.rights, change.row.partnership_id))
        change.require_state(*OPEN, to="abandoned")
        change.row.state = PaperState.ABANDONED
    return change.row


def reopen(
    change: Change[Any],
    *,
    states: Collection[str] = OPEN,
    values: Mapping[str, Any] = REOPENED,
    to: str = "changed",
) -> None:
    """Make a row a draft again that was confirmed and can still change, and take back its approvals.

    Args:
        states: those in which it can change.
        values: what a draft has.
    """
    change.require_state(*states, to=to)
    for name, value in values.items():
        setattr(change.row, name, value)


def copy_parts(addition: Addition, source: Paper, paper: Paper) -> None:
    """Give a correction the text of the paper that it corrects."""
    sections = {}
    for section in source.sections.all():
        sections[section.pk] = _copy(addition, section, "section.copied", paper=paper)
    for passage in source.passages.all():
        _copy(addition, passage, "passage.copied", paper=paper, section=sections[passage.section_id])
    for row in [*source.implications.all(), *source.appendices.all()]:
        _copy(addition, row, f"{row._meta.model_name}.copied", paper=paper)


def _copy(addition: Addition, row: Tracked, verb: str, **fields: Any) -> Any:
    names = [field.attname for field in row._meta.concrete_fields if field.name not in ("id", "version")]
    copied: Any = row._meta.model(**{name: getattr(row, name) for name in names})
    for name, value in fields.items():
        setattr(copied, name, value)
    addition.add(verb, copied)
    return copied


@contextmanager
def _part(*, actor: Actor, row: Any, at: datetime, verb: str, version: int | None) -> Iterator[Change[Any]]:
    """Open a part of a paper for change, after the paper itself, which becomes a draft again."""
    with changing(actor=actor, row=row.paper, at=at, verb="paper.part_changed") as whole:
        paper = whole.row
        voice = row.voice if isinstance(row, Section) else Template.Voice.CHIEF
        whole.forbid(policies.why_not_write(whole.rights, paper.partnership_id, voice=voice))
        reopen(whole)
        with changing(actor=actor, row=row, at=at, verb=verb, version=version) as change:
            yield change


def _moment(day: date, at: datetime, ledger_id: int) -> datetime:
    """Return the moment that a paper as at a day reads: its end in London, or now where it is today."""
    try:
        moment = end_of(day, now=at)
        check_began(moment, began=ledger_began(ledger_id))
    except ValidationError as error:
        raise ValidationError({"as_at": error.messages}) from error
    return moment


def _mark(paper: Paper, record: Record) -> None:
    kinds = {section["kind"] for section in paper.template.sections}
    paper.marking = marking_of(record, kinds, paper.plan.marking)
    if paper.marking != "OFFICIAL" and not paper.handling_instruction:
        paper.handling_instruction = HANDLING


def _add_parts(addition: Addition, paper: Paper, record: Record) -> None:
    for order, line in enumerate(paper.template.sections, start=1):
        section = Section(
            paper=paper, order=order, kind=line["kind"], heading=line["heading"], voice=line["voice"]
        )
        addition.add("section.added", section)
        name = KINDS[section.kind].text
        for row in record.returns:
            if name and name in row.texts and row.submitted_on is not None:
                passage = Passage(
                    paper=paper,
                    section=section,
                    report_id=row.pk,
                    source=f"{row.organisation}, {row.period}",
                    submitted_on=row.submitted_on,
                    original=row.texts[name],
                    text=row.texts[name],
                )
                addition.add("passage.added", passage)
    for order, heading in enumerate(paper.template.implications, start=1):
        addition.add("implication.added", Implication(paper=paper, order=order, heading=heading))
    for line in paper.template.appendices:
        addition.add("appendix.added", Appendix(paper=paper, **line))
