"""What every page of a paper shares: finding it, its marking, and the answer to a form."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from audit import clock
from audit.policies import forbid
from audit.state import model_of
from partners.policies import Rights, rights_of
from reports.papers import policies
from reports.papers.models import Paper
from reports.papers.queries import full
from web import pages
from web.forms import GovukForm


def find(request: HttpRequest, pk: int) -> Paper:
    """Return a paper that the user may view, with all its parts, or answer 404."""
    if not Paper.objects.visible_to(request.user, clock.today()).filter(pk=pk).exists():
        raise Http404
    return full(pk)


def find_managed(request: HttpRequest, pk: int) -> Paper:
    """Return a paper that the user may prepare, or answer 403 or 404."""
    paper = find(request, pk)
    forbid(policies.why_not_manage(rights(request), paper.partnership_id))
    return paper


def find_part(paper: Paper, rows: Any, pk: int) -> Any:
    """Return a part of a paper, or answer 404."""
    part = get_object_or_404(rows.filter(paper=paper), pk=pk)
    part.paper = paper
    return part


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def address(paper: Paper) -> str:
    return reverse("reports:paper", args=[paper.pk])


def marking(paper: Paper) -> dict[str, Any]:
    return {"page_marking": paper.marking, "page_handling": paper.handling_instruction}


def why_not_open(request: HttpRequest, paper: Paper) -> HttpResponse | None:
    """Return the page that says why a paper cannot change; None while it may."""
    if request.method == "POST" or paper.is_open:
        return None
    text = (
        "This paper was issued, so its content is frozen. Correct it instead."
        if paper.is_frozen
        else "This paper was abandoned, so it cannot be changed."
    )
    return refused(request, paper, heading="This paper cannot be changed", text=text)


def refused(request: HttpRequest, paper: Paper, *, heading: str, text: str) -> HttpResponse:
    """Explain why a page about a paper cannot be shown."""
    return pages.refused(
        request,
        caption=str(paper),
        heading=heading,
        text=text,
        back=address(paper),
        back_text="Go to the paper",
        **marking(paper),
    )


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    paper: Paper,
    service: Callable[..., Any],
    done: str,
    row: Any = None,
    leads_to: Callable[[Any], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Answer as `web.pages.answer`, about a paper or a part of it, and lead back to the paper.

    Args:
        row: the part whose version the form carries; the paper by default.
    """
    subject = row or paper

    def catch_up(version: int) -> tuple[Any, list[Any]]:
        """Return the row as it is now; its text is shown beside what was typed."""
        return model_of(subject)._default_manager.get(pk=subject.pk), []

    return pages.answer(
        request,
        form,
        row=subject,
        describe=lambda current: {"paper": paper, "part": current, "caption": str(paper), **marking(paper)},
        catch_up=catch_up,
        service=service,
        done=done,
        leads_to=leads_to or (lambda _: address(paper)),
        back=address(paper),
        back_text="Back to the paper",
        **context,
    )
