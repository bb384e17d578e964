"""Papers of boards: drafted, written, reconciled, approved and issued."""

from datetime import date
from typing import Any

from actions.models import Plan
from demo.steps.step import Step, Verb
from meetings.models import Meeting
from partners.models import Board
from reports.models import Paper, PublicEdition, Template
from reports.papers.services.drafting import (
    answer_implication,
    change_cover,
    draft_paper,
    explain_appendix,
    treat_passage,
    write_section,
)
from reports.papers.services.issuing import approve_paper, correct_paper, issue_paper, reconcile_paper
from reports.publications.services.preparing import draft_edition, treat_section
from reports.publications.services.publishing import approve_edition
from reports.templates.services import add_template


def _board(step: Step) -> Board:
    return Board.objects.get(partnership=step.partnership, name=step.row["board"])


def _paper(step: Step) -> Paper:
    """Fetch the board's newest paper."""
    return Paper.objects.filter(template__board=_board(step)).order_by("-pk")[0]


def _edition(step: Step) -> PublicEdition:
    """Fetch the public edition of the board's newest paper."""
    return PublicEdition.objects.get(paper=_paper(step))


def _template(step: Step) -> None:
    add_template(actor=step.actor, board=_board(step), layout=step.row["name"], at=step.at)


def _draft(step: Step) -> None:
    row, board = step.row, _board(step)
    draft_paper(
        actor=step.actor,
        template=Template.objects.get(board=board, is_current=True),
        plan=Plan.objects.get(partnership=step.partnership, title=row["plan"]),
        as_at=date.fromisoformat(row["day"]),
        meeting=Meeting.objects.filter(board=board, day=row["meeting"]).first() if row["meeting"] else None,
        title=row["name"],
        at=step.at,
    )


def _cover(step: Step) -> None:
    paper = _paper(step)
    item = paper.meeting.items.first() if paper.meeting else None
    fields: dict[str, Any] = {"item": item, step.row["name"]: step.row["text"]}
    change_cover(actor=step.actor, paper=paper, at=step.at, **fields)


def _write(step: Step) -> None:
    section = _paper(step).sections.get(heading=step.row["name"])
    write_section(actor=step.actor, section=section, text=step.row["text"].replace("|", "\n\n"), at=step.at)


def _imply(step: Step) -> None:
    implication = _paper(step).implications.get(heading=step.row["name"])
    answer_implication(actor=step.actor, implication=implication, text=step.row["text"], at=step.at)


def _append(step: Step) -> None:
    appendix = _paper(step).appendices.get(letter=step.row["name"])
    explain_appendix(actor=step.actor, appendix=appendix, status="attached", at=step.at)


def _dispose(step: Step) -> None:
    """Say what becomes of every escalation."""
    for passage in _paper(step).passages.filter(section__kind="escalations"):
        treat_passage(actor=step.actor, passage=passage, disposition=step.row["name"], at=step.at)


def _reconcile(step: Step) -> None:
    reconcile_paper(actor=step.actor, paper=_paper(step), at=step.at)


def _approve(step: Step) -> None:
    approve_paper(actor=step.actor, paper=_paper(step), voice=step.row["name"], at=step.at)


def _correct(step: Step) -> None:
    correct_paper(actor=step.actor, paper=_paper(step), correction=step.row["text"], at=step.at)


def _issue(step: Step) -> None:
    issue_paper(actor=step.actor, paper=_paper(step), at=step.at)


def _draft_edition(step: Step) -> None:
    draft_edition(actor=step.actor, paper=_paper(step), at=step.at)


def _publish_texts(step: Step) -> None:
    """Publish the paper's texts as they were issued, but those that are named."""
    edition = _edition(step)
    texts = dict(edition.paper.sections.values_list("order", "text"))
    for section in edition.sections.filter(treatment=""):
        treatment = "left_out" if section.heading in step.row["name"].split("|") else "published"
        text = texts[section.order]
        treat_section(actor=step.actor, section=section, treatment=treatment, text=text, at=step.at)


def _approve_edition(step: Step) -> None:
    approve_edition(actor=step.actor, edition=_edition(step), at=step.at)


VERBS: dict[str, Verb] = {
    "add_template": _template,
    "draft_paper": _draft,
    "paper_cover": _cover,
    "write_section": _write,
    "answer_implication": _imply,
    "attach_appendix": _append,
    "dispose_escalations": _dispose,
    "reconcile_paper": _reconcile,
    "approve_paper": _approve,
    "issue_paper": _issue,
    "correct_paper": _correct,
    "draft_edition": _draft_edition,
    "publish_texts": _publish_texts,
    "approve_edition": _approve_edition,
}
