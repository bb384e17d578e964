"""Pages that show papers: the list, one paper, and the rows behind a count."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from partners.models import Board
from partners.organisations.forms import BoardListForm
from partners.policies import Role
from reports.charts.drawing import pictures_of
from reports.figures.cells import text_of
from reports.papers import policies
from reports.papers.models import Paper
from reports.papers.outline import control_of, cover_of, left_out_of, opening_of
from reports.papers.queries import (
    contents_before,
    differences_of,
    papers_by_board,
    read,
    why_not_ready,
    writers_of,
)
from reports.papers.states import OPEN, PaperState
from reports.papers.views.files import files_of
from reports.papers.views.frame import PAPERS, marking, rights
from reports.papers.views.links import addresses_of_actions, addresses_of_findings, links_to_parts, with_links
from reports.templates.models import Template
from standards import marking as markings
from web.filters import without_empty_parameters
from web.language import day_text, in_english, lazy_text
from web.paging import page_of
from web.quick import RowGroup, grouped_list

PAGE_SIZE = 25


GROUPS = (
    RowGroup("open", lazy_text("In preparation"), Q(state__in=OPEN)),
    RowGroup("issued", lazy_text("Issued"), Q(state=PaperState.ISSUED)),
    RowGroup("corrected", lazy_text("Corrected"), Q(state=PaperState.CORRECTED)),
)


@require_safe
@without_empty_parameters
def paper_list(request: HttpRequest) -> HttpResponse:
    """List the papers that the user may view, the newest first."""
    on = clock.today()
    papers = grouped_list(
        request.GET,
        rows=Paper.objects.visible_to(request.user, on).exclude(state=PaperState.ABANDONED),
        groups=GROUPS,
        address=reverse("reports:paper-list"),
        form_type=BoardListForm,
        boards=Board.objects.visible_to(request.user, on),
        path="template__board",
    )
    listed = papers.rows.select_related("template__board", "meeting").defer("content")
    pages = page_of(request, listed, PAGE_SIZE)
    mine = rights(request)
    context = {
        **papers.context,
        "pages": pages,
        "boards": papers_by_board(request.user, on),
        "may_manage": bool(mine.partnerships(Role.PROGRAMME_MANAGER)),
        "sees_templates": bool(mine.partnerships(*policies.SEES_EVERYTHING)),
        "sees_editions": bool(mine.partnerships(*policies.SEES_EVERYTHING, Role.OPCC_OFFICER)),
        "page_marking": markings.highest(row.marking for row in pages),
    }
    return render(request, "reports/papers/paper_list.html", context, status=papers.status)


@require_safe
def paper_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a paper: frozen as it was issued, or as it is at this point."""
    paper = PAPERS.find(request, pk)
    content = read(paper)
    actions = addresses_of_actions(request, content)
    # What is recorded is in English, and its pictures stand beside it.
    pictures = in_english(pictures_of)(content, contents_before(paper))
    context = {
        "paper": paper,
        "content": content,
        "sections": _sections(paper, content, actions, pictures),
        "abilities": _abilities(request, paper),
        "differences": linked_differences(request, paper, content) if paper.is_open else [],
        "missing": why_not_ready(paper) if paper.is_open else [],
        "implications": paper.implications.all() if paper.is_open else content["implications"],
        "appendices": paper.appendices.all() if paper.is_open else content["appendices"],
        "cover": in_english(cover_of)(content),
        "opening": opening_of(content),
        "left_out": left_out_of(content),
        "control": in_english(control_of)(paper, content),
        "files": files_of(paper),
        "correction": getattr(paper, "corrected_by", None) if paper.state == PaperState.CORRECTED else None,
        **marking(paper),
    }
    return render(request, "reports/papers/paper.html", context)


@require_safe
def paper_rows(request: HttpRequest, pk: int, table: str, line: int, column: int) -> HttpResponse:
    """Show the rows behind one count of a paper, as they were then."""
    paper = PAPERS.find(request, pk)
    content = read(paper)
    counted = next(
        (each for section in content["sections"] for each in section["tables"] if each["key"] == table), None
    )
    try:
        assert counted is not None
        row, heading = counted["rows"][line], counted["columns"][column + 1]
        refs = set(row["cells"][column]["refs"])
    except (AssertionError, IndexError, KeyError):
        raise Http404 from None
    addresses = _addresses(request, paper, content)
    rows = [
        each | {"href": addresses.get(each["ref"], "")} for each in content["rows"] if each["ref"] in refs
    ]
    findings = [
        each | {"href": addresses.get(each["ref"], "")}
        for each in content.get("findings", ())
        if each["ref"] in refs
    ]
    others = refs - {each["ref"] for each in (*rows, *findings)}
    context = {
        "paper": paper,
        "content": content,
        "heading": f"{counted['caption']}: {row['label']}, {heading}",
        "rows": rows,
        "findings": findings,
        "others": [{"ref": ref, "href": addresses.get(ref, "")} for ref in sorted(others)],
        **marking(paper),
    }
    return render(request, "reports/papers/rows.html", context)


def linked_differences(request: HttpRequest, paper: Paper, content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what does not add up in a draft, with links to the rows of both sides."""
    return with_links(
        differences_of(paper, content), links_to_parts(paper), _addresses(request, paper, content)
    )


def _addresses(request: HttpRequest, paper: Paper, content: dict[str, Any]) -> dict[str, str]:
    """Return the addresses of the rows that a paper and the one before it count, by reference."""
    previous = paper.previous.content if paper.previous else None
    contents = [content, *([previous] if previous else [])]
    return addresses_of_actions(request, *contents) | addresses_of_findings(request, *contents)


def _sections(
    paper: Paper, content: dict[str, Any], actions: dict[str, str], pictures: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the sections with addresses: of the rows behind each count, and where a draft is changed."""
    rows = list(paper.sections.all())
    passages = {row.pk: row for row in paper.passages.all()}
    sections = []
    for place, section in enumerate(content["sections"]):
        row = rows[place] if place < len(rows) else None
        mine = [each for each in passages.values() if row is not None and each.section_id == row.pk]
        sections.append(
            section
            | {
                "tables": [
                    _table(paper, table, actions) | {"picture": pictures.get(table["key"])}
                    for table in section["tables"]
                ],
                "facts_on": section["facts_on"] and day_text(date.fromisoformat(section["facts_on"])),
                "voice_label": Template.Voice(section["voice"]).label,
                "passages": [
                    shown | {"pk": each.pk} for shown, each in zip(section["passages"], mine, strict=False)
                ],
                "pk": row.pk if row is not None else None,
            }
        )
    return sections


def _table(paper: Paper, table: dict[str, Any], actions: dict[str, str]) -> dict[str, Any]:
    lines = []
    # Looking up the address of each cell would take as long as printing the table.
    first = reverse("reports:paper-rows", args=[paper.pk, table["key"], 0, 0])
    rows_address = first.removesuffix("0/0/")
    for line, row in enumerate(table["rows"]):
        cells = []
        for column, cell in enumerate(row["cells"]):
            has_rows = bool(cell.get("refs"))
            href = f"{rows_address}{line}/{column}/" if has_rows else ""
            cells.append({"text": text_of(cell), "href": href, "is_number": "n" in cell})
        lines.append(row | {"cells": cells, "href": actions.get(row.get("ref", ""), "")})
    return table | {"rows": lines, "is_wide": len(table["columns"]) > 6}


def _abilities(request: HttpRequest, paper: Paper) -> dict[str, Any]:
    """Return what the user may do with the paper at this point."""
    mine, partnership = rights(request), paper.partnership_id
    manages = not policies.why_not_manage(mine, partnership)
    reconciled = paper.state == PaperState.RECONCILED
    approvals: list[dict[str, Any]] = [
        {"voice": voice, "label": voice.label, "by": by}
        for voice, by in (
            (Template.Voice.CHIEF, paper.chief_approved_by),
            (Template.Voice.OPCC, paper.opcc_approved_by),
        )
        if paper.template.two_voices
    ]
    return {
        "edits": manages and paper.is_open,
        "edits_opcc": paper.is_open and not policies.why_not_write(mine, partnership, voice="opcc"),
        "reconciles": manages and paper.state == PaperState.DRAFT,
        "issues": reconciled and not policies.why_not_issue(mine, partnership, writers_of(paper)),
        "corrects": manages and paper.state == PaperState.ISSUED,
        "approvals": approvals,
        "approves": [
            each
            for each in approvals
            if reconciled
            and each["by"] is None
            and not policies.why_not_approve(
                mine,
                partnership,
                voice=each["voice"],
                writers=writers_of(paper, each["voice"]),
            )
        ],
    }
