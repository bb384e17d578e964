"""How every page that changes inspections and findings answers: what it refuses, what it keeps, where it leads."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from audit import clock
from audit.state import model_of
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import Recommendation
from inspections.history.services import Event, changes_since
from inspections.responses.models import PublishedResponse
from partners.policies import Rights, rights_of
from web.forms import GovukForm
from web.refusals import is_conflict, refuse

PAGE_OR_FORM = require_http_methods(["GET", "HEAD", "POST"])
INVALID, CONFLICT, NO_SPACE = 422, 409, 507
JOINED: dict[type[Any], tuple[str, ...]] = {
    Inspection: ("partnership", "answered_through"),
    Recommendation: ("inspection__partnership", "cause", "lead"),
    PublishedResponse: ("inspection__partnership", "drafted_by", "approved_by", "corrects"),
}


def found(request: HttpRequest, model: type[Any], pk: int, **where: Any) -> Any:
    """Return a row that the user may see, or answer that there is none."""
    seen = model.objects.visible_to(request.user, clock.today()).select_related(*JOINED.get(model, ()))
    return get_object_or_404(seen, pk=pk, **where)


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def require(allowed: bool, otherwise: str) -> None:
    """Refuse the page as the service would refuse the act: who may not do it does not see the form."""
    if not allowed:
        raise PermissionDenied(otherwise)


def refused(
    request: HttpRequest, row: Any, *, heading: str, text: str, back: str, back_text: str
) -> HttpResponse:
    """Answer in words that the state does not permit what the page is for, and lead back."""
    context = {"row": row, "heading": heading, "text": text, "back": back, "back_text": back_text}
    return render(request, "inspections/core/refused.html", context | marking(row), status=CONFLICT)


def answer(
    request: HttpRequest,
    form: GovukForm,
    *,
    row: Any,
    service: Callable[..., Any],
    template: str,
    done: str,
    back: str,
    leads_to: Callable[[Any], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Show the form; on a POST hand what it holds to the service, and show it again with what was refused.

    Args:
        row: what the page is about; where the form carries a version, it is this row's.
        service: takes actor, at and the form's cleaned data by name.
        done: the banner on the next page.
        back: the address of the page that the reader came from.
        leads_to: the address of the next page, from what the service returned; `back` without it.
    """
    status = 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                result = service(actor=request.user, at=clock.now(), **form.cleaned_data)
            except ValidationError as error:
                refuse(form, error)
                status = CONFLICT if _is_of_the_state(error) else INVALID
            else:
                messages.success(request, done)
                return redirect(leads_to(result) if leads_to else back)
    if status == CONFLICT and "version" in form.fields:
        row, context["changes"] = _catch_up(request, form, row)
    context |= {"form": form, "row": row, "back": back, **marking(row)}
    return render(request, template, context, status=status)


def marking(row: Any) -> dict[str, str]:
    """Return the page's marking: that of the inspection that the row belongs to."""
    inspection = row if isinstance(row, Inspection) else getattr(row, "inspection", None)
    if inspection is None:
        return {}
    return {"page_marking": inspection.marking, "page_handling": inspection.handling_instruction}


def _is_of_the_state(error: ValidationError) -> bool:
    return is_conflict(error) or getattr(error, "code", None) == "state"


def _catch_up(request: HttpRequest, form: Any, row: Any) -> tuple[Any, list[Event]]:
    """Return the row as it is now, and what changed since the form was opened; sent again, it applies to that."""
    seen = form.cleaned_data.get("version", row.version)
    row = found(request, model_of(row), row.pk)
    form.data = form.data.copy()
    form.data["version"] = str(row.version)
    return row, changes_since(actor=request.user, row=row, version=seen)
