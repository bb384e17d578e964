"""Pages about editions for those who prepare and decide on them: the list, one edition, and the preview."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit import clock
from reports.papers.models import Section
from reports.papers.queries import digest_of
from reports.papers.views.frame import rights
from reports.papers.views.links import (
    addresses_of_actions,
    addresses_of_findings,
    links_to_facts,
    with_links,
)
from reports.publications import policies
from reports.publications.models import PublicEdition
from reports.publications.queries import COMPARED, authors_of, compose, edition_key, problems_of, rows_of
from reports.publications.rendering import FILES, numbers_in_words, page
from reports.publications.states import OPEN, EditionState
from reports.publications.views.frame import EDITIONS
from reports.publications.views.public import file_response
from web.paging import page_of

PAGE_SIZE = 25
NO_ACCESS = gettext_lazy("You do not have access to public editions.")


@require_safe
def edition_list(request: HttpRequest) -> HttpResponse:
    """List the editions that the user may view, the newest first."""
    if not rights(request).partnerships(*policies.SEES):
        raise PermissionDenied(NO_ACCESS)
    rows = PublicEdition.objects.visible_to(request.user, clock.today()).exclude(state=EditionState.ABANDONED)
    rows = rows.select_related("paper__template__board").defer("content", "counts", "paper__content")
    context = {"pages": page_of(request, rows, PAGE_SIZE), "is_on": settings.PUBLICATIONS}
    return render(request, "reports/publications/edition_list.html", context)


@require_safe
def edition_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an edition: what is decided, what keeps it from leaving, and who does what next."""
    edition = EDITIONS.find(request, pk)
    content = _frozen_or_made(edition)
    context: dict[str, Any] = {
        "edition": edition,
        "content": content,
        "sections": edition.sections.all(),
        "numbers": numbers_in_words(content),
        "abilities": _abilities(request, edition),
        "is_on": settings.PUBLICATIONS,
        "following": PublicEdition.objects.filter(corrects=edition).first(),
        "file_types": list(FILES),
    }
    if edition.is_open:
        made, basis = compose(edition)
        differences, problems = problems_of(edition, made, basis)
        paper = edition.paper.content or {}
        addresses = addresses_of_actions(request, paper) | addresses_of_findings(request, paper)
        context |= {
            "problems": problems,
            "differences": with_links(
                differences, links_to_facts(request, paper), links_to_editions(request), addresses
            ),
            "rows": rows_of(edition, basis),
            "is_stale": bool(edition.sha256) and digest_of(made.content) != edition.sha256,
        }
    return render(request, "reports/publications/edition.html", context)


@require_safe
def edition_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show exactly what leaves: the page that the public reads, byte for byte."""
    edition = _previewed(request, pk)
    return HttpResponse(page(edition.content or {}, pk=edition.pk, sha256=edition.sha256))


@require_safe
def edition_preview_file(request: HttpRequest, pk: int, file_type: str) -> HttpResponse:
    """Download exactly what leaves, in one of its forms."""
    if file_type not in FILES:
        raise Http404
    return file_response(_previewed(request, pk), file_type)


def _previewed(request: HttpRequest, pk: int) -> PublicEdition:
    """Return an edition with its content: frozen once it is approved, otherwise as it is made at this point."""
    edition = EDITIONS.find(request, pk)
    edition.content = _frozen_or_made(edition)
    edition.sha256 = edition.sha256 or digest_of(edition.content)
    return edition


def _frozen_or_made(edition: PublicEdition) -> dict[str, Any]:
    return edition.content or compose(edition)[0].content


def links_to_editions(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Return the editions that the user may view, by the name that a difference gives them."""
    editions = PublicEdition.objects.visible_to(request.user, clock.today()).out()
    return {
        edition_key(edition): {"ref": str(edition), "href": reverse("reports:edition", args=[edition.pk])}
        for edition in editions.select_related("paper").defer("content", "counts", "paper__content")[
            :COMPARED
        ]
    }


def _abilities(request: HttpRequest, edition: PublicEdition) -> dict[str, bool]:
    """Return what the user may do with the edition at this point."""
    mine, partnership, authors = rights(request), edition.partnership_id, authors_of(edition)
    manages = not policies.why_not_manage(mine, partnership)
    return {
        "edits": manages and edition.state in OPEN,
        "approves": edition.state == EditionState.DRAFT
        and not policies.why_not_approve(mine, partnership, authors=authors),
        "publishes": edition.state == EditionState.APPROVED
        and not policies.why_not_publish(
            mine, partnership, authors=authors, approver_id=edition.approved_by_id
        ),
        "corrects": manages and edition.state == EditionState.PUBLISHED,
        "withdraws": edition.is_readable and not policies.why_not_withdraw(mine, partnership),
    }


def text_as_issued(edition: PublicEdition, order: int) -> str:
    """Return the text of the paper's section, to start the public wording from."""
    return Section.objects.filter(paper=edition.paper, order=order).values_list("text", flat=True).get()
