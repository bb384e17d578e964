"""Pages that change inspections and findings: web.pages, with their markings and histories."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from audit import clock
from audit.state import model_of
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation
from inspections.history.services import Event, changes_since
from inspections.responses.models import PublishedResponse
from partners.policies import Rights, rights_of
from web import pages
from web.callers import actor_of
from web.forms import GovukForm

JOINED: dict[type[Any], tuple[str, ...]] = {
    Inspection: ("partnership", "answered_through"),
    Recommendation: ("inspection__partnership", "cause", "lead"),
    PublishedResponse: ("inspection__partnership", "drafted_by", "approved_by", "corrects"),
}


def find(request: HttpRequest, model: type[Any], pk: int, **where: Any) -> Any:
    """Return a row that the user may view, or answer 404."""
    rows = model.objects.visible_to(request.user, clock.today()).select_related(*JOINED.get(model, ()))
    return get_object_or_404(rows, pk=pk, **where)


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def refused(request: HttpRequest, row: Any, **arguments: Any) -> HttpResponse:
    """Answer as `web.pages.refused`, about a row."""
    return pages.refused(request, caption=str(row), **arguments, **marking(row))


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    row: Any,
    back: str,
    leads_to: Callable[[Any], str] | None = None,
    **arguments: Any,
) -> HttpResponse:
    """Answer as `web.pages.answer`.

    Args:
        back: the address of the page that the reader came from, and of the next page without `leads_to`.
        arguments: service, template, done and what else the template shows.
    """

    def catch_up(version: int) -> tuple[Any, list[Event]]:
        current = find(request, model_of(row), row.pk)
        return current, changes_since(actor=actor_of(request), row=current, version=version)

    return pages.answer(
        request,
        form,
        row=row,
        describe=lambda current: {"row": current, **marking(current)},
        catch_up=catch_up,
        leads_to=leads_to or (lambda _: back),
        back=back,
        **arguments,
    )


def marking(row: Any) -> dict[str, Any]:
    """Return the page's marking: that of the inspection that the row belongs to."""
    inspection = row if isinstance(row, Inspection) else getattr(row, "inspection", None)
    if inspection is None:
        return {}
    return {"page_marking": inspection.marking, "page_handling": inspection.handling_instruction}
