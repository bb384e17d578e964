"""Pages that start a paper and write its parts."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from actions.models import Plan
from audit import clock
from audit.policies import forbid
from meetings.models import AgendaItem, Meeting
from partners.policies import Role
from reports.papers import policies
from reports.papers.forms import (
    AppendixForm,
    CoverForm,
    DraftForm,
    ImplicationForm,
    PassageForm,
    SectionForm,
    initial_of,
)
from reports.papers.models import Appendix, Implication, Paper, Passage, Section
from reports.papers.services.drafting import (
    answer_implication,
    change_cover,
    draft_paper,
    explain_appendix,
    treat_passage,
    write_section,
)
from reports.papers.views.frame import PAPERS, find_part, rights, why_not_open
from reports.templates.models import Template
from web import pages
from web.forms import GovukForm
from web.pages import PAGE_OR_FORM


@PAGE_OR_FORM
def paper_create(request: HttpRequest) -> HttpResponse:
    """Start a paper."""
    managed = rights(request).partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        raise PermissionDenied(policies.MANAGERS_ONLY)
    on = clock.today()
    templates = Template.objects.visible_to(request.user, on).current().filter(board__partnership__in=managed)
    plans = Plan.objects.visible_to(request.user, on).filter(partnership__in=managed)
    meetings = Meeting.objects.visible_to(request.user, on).filter(board__partnership__in=managed)
    form = DraftForm(
        request.POST or None,
        templates=templates.select_related("board__partnership"),
        plans=plans.select_related("partnership"),
        meetings=meetings.select_related("board"),
        initial={"as_at": on, "template": request.GET.get("template")},
    )
    return pages.answer(
        request,
        form,
        service=draft_paper,
        done=gettext("Paper drafted. Check the figures and write the text."),
        leads_to=PAPERS.address,
        heading=gettext("Start a paper"),
        back=reverse("reports:paper-list"),
        back_text=gettext("All papers"),
    )


@PAGE_OR_FORM
def paper_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the cover of a paper."""
    paper = PAPERS.find_managed(request, pk)
    if refusal := why_not_open(request, paper):
        return refusal
    on = clock.today()
    meetings = Meeting.objects.visible_to(request.user, on).filter(board=paper.board_id)
    items = AgendaItem.objects.visible_to(request.user, on).filter(meeting__board=paper.board_id)
    form = CoverForm(
        request.POST or None,
        meetings=meetings.select_related("board"),
        items=items.select_related("meeting__board"),
        initial=initial_of(paper, CoverForm),
    )
    return PAPERS.answer(
        request,
        form,
        whole=paper,
        service=lambda **values: change_cover(paper=paper, **values),
        done=gettext("Cover saved."),
        heading=gettext("Change the cover"),
    )


@PAGE_OR_FORM
def section_edit(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Write the text of a section."""
    paper = PAPERS.find(request, pk)
    section = find_part(paper, Section.objects, part)
    forbid(
        policies.why_not_write(
            rights(request),
            paper.partnership_id,
            voice=section.voice,
        )
    )
    return _part_page(
        request,
        paper,
        section,
        SectionForm,
        write_section,
        name="section",
        done=gettext("Section saved."),
        heading=section.heading,
        template="reports/papers/section_form.html",
    )


@PAGE_OR_FORM
def passage_edit(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Use, shorten or leave out a text of a return."""
    paper = PAPERS.find_managed(request, pk)
    passage = find_part(paper, Passage.objects.select_related("section"), part)
    return _part_page(
        request,
        paper,
        passage,
        PassageForm,
        treat_passage,
        name="passage",
        done=gettext("Text from the return saved."),
        heading=f"{passage.section.heading}: {passage.source}",
        template="reports/papers/passage_form.html",
        escalates=passage.section.kind == "escalations",
    )


@PAGE_OR_FORM
def implication_edit(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Answer an implication."""
    paper = PAPERS.find_managed(request, pk)
    implication = find_part(paper, Implication.objects, part)
    return _part_page(
        request,
        paper,
        implication,
        ImplicationForm,
        answer_implication,
        name="implication",
        done=gettext("Implication saved."),
        heading=implication.heading,
    )


@PAGE_OR_FORM
def appendix_edit(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Say whether an appendix is attached."""
    paper = PAPERS.find_managed(request, pk)
    appendix = find_part(paper, Appendix.objects, part)
    return _part_page(
        request,
        paper,
        appendix,
        AppendixForm,
        explain_appendix,
        name="appendix",
        done=gettext("Appendix saved."),
        heading=str(appendix),
    )


def _part_page(
    request: HttpRequest,
    paper: Paper,
    part: Any,
    form_class: type[GovukForm],
    service: Callable[..., Any],
    *,
    name: str,
    done: str,
    heading: str,
    template: str = "web/form_page.html",
    **options: Any,
) -> HttpResponse:
    """Answer the form of one part of a paper; its version is the part's own, so that two people can write two parts."""
    if refusal := why_not_open(request, paper):
        return refusal
    form = form_class(request.POST or None, initial=initial_of(part, form_class), **options)
    return PAPERS.answer(
        request,
        form,
        whole=paper,
        row=part,
        service=lambda **values: service(**{name: part}, **values),
        done=done,
        heading=heading,
        template=template,
        saves_itself=True,
    )
