"""Pages that take a paper from draft to reconciled, approved, issued and corrected."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from audit.policies import forbid
from reports.papers import policies
from reports.papers.forms import AbandonForm, ConfirmForm, CorrectForm
from reports.papers.queries import content_of, why_not_ready, writers_of
from reports.papers.services.drafting import abandon_paper
from reports.papers.services.issuing import approve_paper, correct_paper, issue_paper, reconcile_paper
from reports.papers.states import PaperState
from reports.papers.views.frame import PAPERS, rights, why_not_open
from reports.papers.views.reading import linked_differences
from reports.templates.models import Template
from web.pages import PAGE_OR_FORM

NOT_RECONCILED = gettext_lazy("Reconcile the paper first.")


@PAGE_OR_FORM
def paper_reconcile(request: HttpRequest, pk: int) -> HttpResponse:
    """Check that a paper adds up, and show every difference with the rows on both sides."""
    paper = PAPERS.find_managed(request, pk)
    refusal = why_not_open(request, paper)
    return PAPERS.step(
        request,
        paper,
        ConfirmForm,
        refusal=refusal,
        service=reconcile_paper,
        done=gettext("Paper reconciled. A board member can issue it."),
        heading=gettext("Reconcile the paper"),
        template="reports/papers/reconcile_form.html",
        differences=None if refusal else linked_differences(request, paper, content_of(paper)),
    )


@PAGE_OR_FORM
def paper_approve(request: HttpRequest, pk: int, voice: str) -> HttpResponse:
    """Approve one voice of a paper."""
    paper = PAPERS.find(request, pk)
    if voice not in Template.Voice.values:
        raise Http404
    writers = writers_of(paper, voice)
    forbid(policies.why_not_approve(rights(request), paper.partnership_id, voice=voice, writers=writers))
    return PAPERS.step(
        request,
        paper,
        ConfirmForm,
        refusal=PAPERS.why_not_in(request, paper, PaperState.RECONCILED, text=str(NOT_RECONCILED)),
        service=partial(approve_paper, voice=voice),
        done=gettext("Your part of the paper is approved."),
        heading=gettext("Approve the part of the {voice}").format(voice=Template.Voice(voice).label),
        template="reports/papers/approve_form.html",
    )


@PAGE_OR_FORM
def paper_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue a paper: from then on its content is frozen."""
    paper = PAPERS.find(request, pk)
    forbid(policies.why_not_issue(rights(request), paper.partnership_id, writers_of(paper)))
    return PAPERS.step(
        request,
        paper,
        ConfirmForm,
        refusal=PAPERS.why_not_in(request, paper, PaperState.RECONCILED, text=str(NOT_RECONCILED)),
        service=issue_paper,
        done=gettext("Paper issued."),
        heading=gettext("Issue the paper"),
        template="reports/papers/issue_form.html",
        missing=why_not_ready(paper),
    )


@PAGE_OR_FORM
def paper_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft a correction of an issued paper."""
    paper = PAPERS.find_managed(request, pk)
    return PAPERS.step(
        request,
        paper,
        CorrectForm,
        refusal=PAPERS.why_not_in(
            request, paper, PaperState.ISSUED, text=gettext("Only an issued paper can be corrected.")
        ),
        service=correct_paper,
        done=gettext("Correction drafted. Change what was wrong, then reconcile it."),
        heading=gettext("Correct the paper"),
        leads_to=PAPERS.address,
    )


@PAGE_OR_FORM
def paper_abandon(request: HttpRequest, pk: int) -> HttpResponse:
    """Abandon a draft."""
    paper = PAPERS.find_managed(request, pk)
    return PAPERS.step(
        request,
        paper,
        AbandonForm,
        refusal=why_not_open(request, paper),
        service=abandon_paper,
        done=gettext("Paper abandoned."),
        heading=gettext("Abandon the paper"),
    )
