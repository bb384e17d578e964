"""What every page of an edition shares: finding it, and the answer to a form."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from audit import clock
from audit.policies import forbid
from audit.state import model_of
from partners.policies import Rights, rights_of
from reports.publications import policies
from reports.publications.models import PublicEdition
from reports.publications.queries import full
from web import pages
from web.forms import GovukForm


def find(request: HttpRequest, pk: int) -> PublicEdition:
    """Return an edition that the user may view, with all its parts, or answer 404."""
    if not PublicEdition.objects.visible_to(request.user, clock.today()).filter(pk=pk).exists():
        raise Http404
    return full(pk)


def find_managed(request: HttpRequest, pk: int) -> PublicEdition:
    """Return an edition that the user may prepare, or answer 403 or 404."""
    edition = find(request, pk)
    forbid(policies.why_not_manage(rights(request), edition.partnership_id))
    return edition


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def address(edition: PublicEdition) -> str:
    return reverse("reports:edition", args=[edition.pk])


def why_not_in(request: HttpRequest, edition: PublicEdition, *states: str, text: str) -> HttpResponse | None:
    """Return the page that says why a step is not possible in this state; None where it is."""
    if request.method == "POST" or edition.state in states:
        return None
    return pages.refused(
        request,
        caption=str(edition),
        heading="Not in this state",
        text=text,
        back=address(edition),
        back_text="Go to the edition",
    )


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    edition: PublicEdition,
    service: Callable[..., Any],
    done: str,
    row: Any = None,
    leads_to: Callable[[Any], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Answer as `web.pages.answer`, about an edition or a section of it, and lead back to the edition.

    Args:
        row: the section whose version the form carries; the edition by default.
    """
    subject = row or edition

    def catch_up(version: int) -> tuple[Any, list[Any]]:
        return model_of(subject)._default_manager.get(pk=subject.pk), []

    return pages.answer(
        request,
        form,
        row=subject,
        describe=lambda current: {"edition": edition, "part": current, "caption": str(edition)},
        catch_up=catch_up,
        service=service,
        done=done,
        leads_to=leads_to or (lambda _: address(edition)),
        back=address(edition),
        back_text="Back to the edition",
        **context,
    )
