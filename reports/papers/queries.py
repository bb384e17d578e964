"""What a paper says at this point: its figures, its text and what keeps it from being issued."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import rfc8785
from django.utils.translation import gettext

from audit.actors import Reader
from audit.models import Entry
from partners.models import Board
from reports.figures.catalogue import DEFINITIONS, DEFINITIONS_VERSION, KINDS, Last
from reports.figures.identities import Difference, differences
from reports.papers.models import Appendix, Paper, Passage, Section
from reports.papers.states import PaperState
from reports.record.queries import head_at, record_of
from reports.record.rows import Record, as_json, finding_as_json, inspection_as_json
from reports.record.wider import wider_lines
from reports.templates.models import Template
from standards import marking as markings

FORMAT = 1
# Who approves each voice of a paper of two voices.
APPROVERS = {Template.Voice.CHIEF: "chief_approved_by", Template.Voice.OPCC: "opcc_approved_by"}
# What the ledger calls writing a part of a paper.
WRITING = (
    *("paper.changed", "section.written", "passage.decided", "implication.answered", "appendix.explained"),
)
# How far back a picture of papers reaches.
PAPERS_SHOWN = 11


@dataclass(frozen=True)
class BoardPapers:
    """The issued papers of a board, the latest first, and the periods of its cadence without one."""

    board: Board
    papers: Sequence[Paper]
    without: Sequence[str]


def papers_by_board(user: Reader, on: date) -> list[BoardPapers]:
    """Return which papers each board was sent, of those the user may view, by the name of the board.

    A paper counts on the day of its meeting; without one, on the day that it is as at. Corrected versions count once.
    """
    papers = Paper.objects.visible_to(user, on).issued().filter(corrects=None)
    rows = papers.select_related("template__board", "meeting").defer("content").order_by("-as_at", "-pk")
    by_board: dict[Board, list[Paper]] = {}
    for paper in rows:
        by_board.setdefault(paper.template.board, []).append(paper)
    return [
        BoardPapers(
            board,
            sent,
            board.periods_without([paper.meeting.day if paper.meeting else paper.on for paper in sent], on),
        )
        for board, sent in sorted(by_board.items(), key=lambda each: each[0].name)
    ]


def previous_of(paper: Paper, user: Reader, on: date) -> Paper | None:
    """Return the issued paper that a paper opens from: the last one of the board on the same plan."""
    earlier = Paper.objects.visible_to(user, on).filter(
        state=PaperState.ISSUED,
        template__board=paper.template.board_id,
        template__name=paper.template.name,
        plan=paper.plan_id,
        as_at__lt=paper.as_at,
    )
    return earlier.order_by("-as_at", "-number").first()


def record_for(paper: Paper) -> Record:
    """Read the record as a paper counts it."""
    board = paper.template.board
    record = record_of(
        plan=paper.plan,
        at=paper.as_at,
        area=board.area,
        sensitive=paper.template.includes_sensitive,
    )
    wider = wider_lines(
        partnership_id=board.partnership_id,
        on=record.on,
        kinds=_kinds(paper),
        sensitive=paper.template.includes_sensitive,
    )
    return replace(record, wider=wider)


def content_of(paper: Paper, record: Record | None = None) -> dict[str, Any]:
    """Return everything a paper says as JSON: what is frozen when it is issued."""
    record = record or record_for(paper)
    previous = paper.previous
    last = None
    if previous is not None and previous.content:
        last = Last.of(previous.content)
    passages = list(paper.passages.all())
    sections = [
        _section(section, record, last, [row for row in passages if row.section_id == section.pk])
        for section in paper.sections.all()
    ]
    _flag_unchanged(sections, previous)
    _number_paragraphs(sections)
    rows = [as_json(action, record.on) for action in record.actions]
    ledger_id = paper.template.board.partnership.ledger_id
    shows_findings = "recommendations" in _kinds(paper)
    sequence, digest = head_at(ledger_id=ledger_id, at=paper.as_at)
    return {
        "format": FORMAT,
        "definitions": {"version": DEFINITIONS_VERSION, "words": [list(each) for each in DEFINITIONS]},
        "paper": _cover(paper),
        "marking": marking_of(record, _kinds(paper), paper.plan.marking),
        "on": record.on.isoformat(),
        "as_at": paper.as_at.isoformat(),
        "previous": _previous(previous),
        "sections": sections,
        "implications": [
            {"heading": row.heading, "text": row.text, "assessed_by": row.assessed_by}
            for row in paper.implications.all()
        ],
        "appendices": [_appendix(row) for row in paper.appendices.all()],
        "rows": rows,
        "findings": [finding_as_json(row) for row in record.findings] if shows_findings else [],
        "inspections": [inspection_as_json(row) for row in record.inspections] if shows_findings else [],
        "joint": sorted(record.joint),
        "left_out": record.left_out,
        "returns": [
            {"organisation": row.organisation, "period": row.period, "state": row.state}
            for row in record.returns
        ],
        "ledger": {"sequence": sequence, "digest": digest},
    }


def marking_of(record: Record, kinds: Collection[str], plan: str) -> str:
    """Return the marking of a paper: the highest of the rows that it prints, and of the plan that it names.

    Args:
        kinds: of its sections.
        plan: the marking of the plan.
    """
    rows = [plan, *(action.marking for action in record.actions)]
    if "recommendations" in kinds:
        rows += [inspection.marking for inspection in record.inspections]
    rows += [line.marking for lines in record.wider.values() for line in lines]
    return markings.highest(rows).value


def differences_of(paper: Paper, content: dict[str, Any]) -> list[Difference]:
    """Return what does not add up in a paper."""
    previous = paper.previous
    problems = differences(content, previous.content if previous else None)
    if previous is not None and previous.state == PaperState.CORRECTED:
        text = gettext(
            "{title} was corrected since. Reconcile this paper again, to open from the correction"
        ).format(title=previous.title)
        problems.append(Difference(1, text, (str(previous),), (str(previous.corrected_by),)))
    return problems


def why_not_ready(paper: Paper) -> list[str]:
    """Return what is missing before a paper can be issued, in words."""
    problems = [
        gettext("{heading}: write the text, or take the section out of the template.").format(
            heading=section.heading
        )
        for section in paper.sections.all()
        if section.kind in KINDS and KINDS[section.kind].needs_text and not section.text.strip()
    ]
    problems += [
        gettext('{heading}: enter the implication. "Nil" is an answer.').format(heading=row.heading)
        for row in paper.implications.all()
        if not row.text.strip()
    ]
    problems += [
        gettext("Appendix {letter}: say whether it is attached, or why not.").format(letter=row.letter)
        for row in paper.appendices.all()
        if not row.status
    ]
    kinds = {section.kind for section in paper.sections.all()}
    problems += [
        gettext("Appendix {letter}: the paper has no such section, so it is not attached.").format(
            letter=row.letter
        )
        for row in paper.appendices.all()
        if row.status == Appendix.Status.ATTACHED and row.holds and row.holds not in kinds
    ]
    problems += [
        gettext("{source}: say what becomes of the escalation.").format(source=row.source)
        for row in paper.passages.all()
        if row.section.kind == "escalations" and not row.disposition
    ]
    return problems


@dataclass
class Writers:
    """Who wrote each voice of a paper, all together; the author of the paper wrote some of it."""

    author_id: int
    by_voice: dict[str, set[int]]

    def of(self, voice: str = "") -> set[int]:
        """Return who wrote one voice, or any part of the paper."""
        if voice:
            return self.by_voice.get(voice, set())
        return {self.author_id}.union(*self.by_voice.values())


def writers_of(paper: Paper, voice: str = "") -> set[int]:
    """Return who wrote a paper, or one voice of it."""
    return writers_of_each([paper])[paper.pk].of(voice)


def writers_of_each(papers: Collection[Paper]) -> dict[int, Writers]:
    """Return the writers of several papers by the id of the paper, in one query.

    The ledger knows everybody who changed a cover, text, passage, implication or appendix; who wrote a text that a
    correction copied is with the text.
    """
    writers = {paper.pk: Writers(paper.author_id, {}) for paper in papers}
    parts: dict[tuple[str, str], tuple[int, str]] = {}
    for paper in papers:
        parts[Paper._meta.label_lower, str(paper.pk)] = (paper.pk, Template.Voice.CHIEF)
        for section in paper.sections.all():
            parts[section._meta.label_lower, str(section.pk)] = (paper.pk, section.voice)
            if section.author_id is not None:
                writers[paper.pk].by_voice.setdefault(section.voice, set()).add(section.author_id)
        for part in (*paper.passages.all(), *paper.implications.all(), *paper.appendices.all()):
            parts[part._meta.label_lower, str(part.pk)] = (paper.pk, Template.Voice.CHIEF)
    wrote = Entry.objects.filter(
        verb__in=WRITING,
        target_type__in={kind for kind, _ in parts},
        target_id__in={target for _, target in parts},
    )
    for kind, target, actor in wrote.values_list("target_type", "target_id", "actor_id").distinct():
        if (kind, target) in parts and actor.isdigit():
            pk, voice = parts[kind, target]
            writers[pk].by_voice.setdefault(voice, set()).add(int(actor))
    return writers


def missing_voices(paper: Paper) -> list[Template.Voice]:
    """Return the voices of a paper that are not approved yet; a paper of one voice needs no approval."""
    if not paper.template.two_voices:
        return []
    return [voice for voice, name in APPROVERS.items() if getattr(paper, f"{name}_id") is None]


def read(paper: Paper) -> dict[str, Any]:
    """Return the content of a paper: as it was frozen, or as it is now."""
    if paper.is_frozen:
        frozen: dict[str, Any] = paper.content or {}
        return frozen
    return content_of(paper)


def digest_of(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a paper's content as canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def is_intact(paper: Paper) -> bool:
    """Return whether the content of an issued paper still matches its recorded hash; always true for a draft."""
    if not paper.is_frozen:
        return True
    try:
        return digest_of(paper.content or {}) == paper.sha256
    except (rfc8785.CanonicalizationError, TypeError, ValueError):
        return False


def contents_before(paper: Paper) -> list[dict[str, Any]]:
    """Return the contents of the papers that a paper follows and that have the same definitions, the oldest first."""
    definitions = (paper.content or {}).get("definitions", {}).get("version", DEFINITIONS_VERSION)
    contents: list[dict[str, Any]] = []
    while paper.previous is not None and len(contents) < PAPERS_SHOWN:
        paper = paper.previous
        content = paper.content or {}
        if content["definitions"]["version"] != definitions:
            break
        contents.append(content)
    return contents[::-1]


def full(pk: int) -> Paper:
    """Return a paper with the rows it is made of."""
    rows = Paper.objects.select_related(
        "template__board__partnership",
        "template__board__area",
        "plan__partnership",
        "previous",
        "meeting",
        "item",
    )
    return rows.prefetch_related("sections", "passages__section", "implications", "appendices").get(pk=pk)


def _kinds(paper: Paper) -> set[str]:
    return {section["kind"] for section in paper.template.sections}


def _cover(paper: Paper) -> dict[str, Any]:
    meeting, item = paper.meeting, paper.item
    return {
        "title": paper.title,
        "board": paper.template.board.name,
        "tier": paper.template.board.tier,
        "partnership": paper.template.board.partnership.name,
        "plan": paper.plan.title,
        "template": str(paper.template),
        "meeting": meeting.day_in_words if meeting else "",
        "item": item.number if item else None,
        "paper_letter": paper.paper_letter,
        "report_of": paper.report_of,
        "purpose": paper.purpose,
        "recommendation": paper.recommendation,
        "contact": paper.contact,
        "number": paper.number,
        "correction": paper.correction,
        "handling_instruction": paper.handling_instruction,
    }


def _previous(paper: Paper | None) -> dict[str, Any] | None:
    if paper is None or paper.content is None:
        return None
    earlier = paper.corrects
    return {
        "title": paper.title,
        "number": paper.number,
        "on": paper.content["on"],
        "sha256": paper.sha256,
        "definitions": paper.content["definitions"]["version"],
        "corrected": {"number": earlier.number, "sha256": earlier.sha256} if earlier else None,
    }


def _section(section: Section, record: Record, last: Last | None, passages: list[Passage]) -> dict[str, Any]:
    kind = KINDS.get(section.kind)
    return {
        "kind": section.kind,
        "heading": section.heading,
        "voice": section.voice,
        "text": section.text,
        "author": section.author.actor_label if section.author else "",
        "facts_on": section.facts_on.isoformat() if section.facts_on else None,
        "tables": kind.tables(record, last) if kind and kind.tables else [],
        "passages": [_passage(row) for row in passages],
    }


def _flag_unchanged(sections: list[dict[str, Any]], previous: Paper | None) -> None:
    """Say of each text whether the last paper had it word for word: its figures are not new either."""
    before = previous.content["sections"] if previous is not None and previous.content else []
    texts = {(section["heading"], section["text"]) for section in before if section["text"]}
    for section in sections:
        section["unchanged"] = (section["heading"], section["text"]) in texts


def _passage(row: Passage) -> dict[str, Any]:
    left_out = row.treatment == Passage.Treatment.LEFT_OUT
    return {
        "source": row.source,
        "submitted_on": row.submitted_on.isoformat(),
        "treatment": row.treatment,
        "text": "" if left_out else row.text,
        "reason": row.reason,
        "disposition": str(row.get_disposition_display()) if row.disposition else "",
    }


def _number_paragraphs(sections: list[dict[str, Any]]) -> None:
    """Number the paragraphs of the text through the paper, without a gap."""
    number = 0
    for section in sections:
        paragraphs = [text.strip() for text in section["text"].split("\n\n") if text.strip()]
        section["paragraphs"] = [
            {"number": number + place, "text": text} for place, text in enumerate(paragraphs, start=1)
        ]
        number += len(paragraphs)


def _appendix(row: Appendix) -> dict[str, Any]:
    return {
        "letter": row.letter,
        "title": row.title,
        "status": row.status,
        "words": str(row.get_status_display()),
        "reason": row.reason,
    }
