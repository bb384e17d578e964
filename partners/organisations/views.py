"""Districts, organisations and boards of a partnership: list, add, change and remove."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from audit.actors import Actor
from partners.organisations.forms import form_of
from partners.organisations.pages import KINDS, ReferenceKind
from partners.organisations.services import remove_reference, save_reference
from partners.partnerships.models import Partnership
from partners.partnerships.views import editable_partnership
from web.callers import actor_of
from web.filters import without_empty_parameters
from web.pages import PAGE_OR_FORM, answer
from web.paging import page_of
from web.quick import SearchForm, grouped_list


@require_safe
@without_empty_parameters
def reference_list(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """List the rows of a kind, with a search."""
    partnership, reference = editable_partnership(request, pk), _kind(kind)
    groups = reference.groups(clock.today())
    rows = grouped_list(
        request.GET,
        rows=reference.model.objects.filter(partnership=partnership),
        groups=groups,
        default=reference.first,
        address=_address(partnership, reference),
        form_type=SearchForm,
    )
    listing = page_of(request, reference.ordered(rows.rows, rows.search))
    context = {
        **rows.context,
        "partnership": partnership,
        "kind": reference,
        "search": rows.search,
        "pages": listing,
        "lines": [(row, list(zip(reference.headings, reference.texts(row), strict=True))) for row in listing],
    }
    return render(request, "partners/organisations/list.html", context, status=rows.status)


@PAGE_OR_FORM
def reference_create(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add a row of a kind."""
    partnership, reference = editable_partnership(request, pk), _kind(kind)
    row = reference.model(partnership=partnership)
    return _answer(
        request, partnership, reference, row, heading=f"Add {reference.article} {reference.singular}"
    )


@PAGE_OR_FORM
def reference_edit(request: HttpRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """Change a row of a kind, or remove it while nothing refers to it."""
    partnership, reference = editable_partnership(request, pk), _kind(kind)
    row = get_object_or_404(reference.model, partnership=partnership, pk=row_pk)
    if request.method == "POST" and "remove" in request.POST:
        name = str(row)
        try:
            remove_reference(actor=actor_of(request), row=row, at=clock.now())
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return redirect(request.path)
        messages.success(request, f"{name} removed")
        return redirect(_address(partnership, reference))
    return _answer(
        request, partnership, reference, row, heading=f"Change the {reference.singular}", removable=True
    )


def _answer(
    request: HttpRequest, partnership: Partnership, kind: ReferenceKind, row: Any, **context: Any
) -> HttpResponse:
    form = form_of(kind=kind)(request.POST or None, instance=row)

    def save(*, actor: Actor, at: datetime, **_: Any) -> Any:
        return save_reference(actor=actor, row=form.instance, at=at)

    return answer(
        request,
        form,  # type: ignore[arg-type]
        service=save,
        template="partners/organisations/form.html",
        done=lambda stored: f"{stored} saved",
        leads_to=lambda _: _address(partnership, kind),
        caption=str(partnership),
        back=_address(partnership, kind),
        back_text=f"All {kind.plural}",
        **context,
    )


def _kind(slug: str) -> ReferenceKind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]


def _address(partnership: Partnership, kind: ReferenceKind) -> str:
    return reverse("partners:reference-list", args=[partnership.pk, kind.slug])
