"""Districts, organisations and boards of a partnership: list, add, change and remove."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from audit.actors import Actor
from audit.versions import changes_since, recorded_version
from partners.organisations.forms import ReferenceForm, form_of
from partners.organisations.pages import KINDS, ReferenceKind
from partners.organisations.services import remove_reference, save_reference
from partners.partnerships.models import Partnership
from partners.partnerships.views import editable_partnership
from web.callers import actor_of
from web.filters import without_empty_parameters
from web.pages import PAGE_OR_FORM, answer
from web.paging import page_of
from web.quick import SearchForm, grouped_list

# More digits than any id has.
LONGEST_ID = 19


@require_safe
@without_empty_parameters
def reference_list(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """List the rows of a kind, with a search."""
    partnership, reference = editable_partnership(request, pk), _kind(kind)
    groups = reference.groups(clock.today())
    rows = grouped_list(
        request.GET,
        rows=reference.rows(partnership),
        groups=groups,
        default=reference.first,
        address=reverse("partners:reference-list", args=[pk, kind]),
        form_type=SearchForm,
    )
    listing = page_of(request, reference.matching(rows.rows, rows.search))
    context = {
        **rows.context,
        "partnership": partnership,
        "kind": reference,
        "search": rows.search,
        "pages": listing,
        "lines": reference.lines(listing, reference.columns),
    }
    return render(request, "partners/organisations/list.html", context, status=rows.status)


@PAGE_OR_FORM
def reference_create(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Add a row of a kind. The address may name the row that it is to be part of."""
    partnership, reference = editable_partnership(request, pk), _kind(kind)
    parent = _parent(request, partnership, reference)
    form = form_of(kind=reference)(
        request.POST or None,
        instance=reference.new(partnership),
        initial={reference.parent_field: parent.pk} if parent else {},
        partnership=partnership,
        kind=reference,
        version=None,
    )
    return _answer(
        request,
        partnership,
        reference,
        form,
        parent=parent,
        caption=str(parent or partnership),
        heading=gettext("Add {with_article}").format(with_article=reference.with_article),
    )


@PAGE_OR_FORM
def reference_edit(request: HttpRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """Change a row of a kind, or remove it while nothing refers to it; list the rows that are part of it."""
    partnership, reference = editable_partnership(request, pk), _kind(kind)
    row = get_object_or_404(reference.rows(partnership), pk=row_pk)
    parent = getattr(row, reference.parent_field) if reference.parent else None
    name = str(row)
    if request.method == "POST" and "remove" in request.POST:
        try:
            remove_reference(actor=actor_of(request), row=row, at=clock.now())
        except ValidationError as error:
            messages.warning(request, " ".join(error.messages))
            return redirect(request.path)
        messages.success(request, gettext("{name} removed").format(name=name))
        return redirect(_back(partnership, reference, parent))
    present = recorded_version(row)
    form = form_of(kind=reference)(
        request.POST or None,
        instance=row,
        partnership=partnership,
        kind=reference,
        version=present.version,
    )
    return _answer(
        request,
        partnership,
        reference,
        form,
        parent=parent,
        row=present,
        catch_up=lambda version: (recorded_version(row), changes_since(row, version)),
        caption=name,
        heading=gettext("Change the {singular}").format(singular=reference.singular),
        removable=True,
        parts=_parts(partnership, reference, row),
    )


def _answer(
    request: HttpRequest,
    partnership: Partnership,
    kind: ReferenceKind,
    form: ReferenceForm,
    *,
    parent: Any,
    **context: Any,
) -> HttpResponse:
    def save(*, actor: Actor, at: datetime, version: int | None = None, **_: Any) -> Any:
        return save_reference(actor=actor, row=form.instance, at=at, version=version)

    return answer(
        request,
        form,  # type: ignore[arg-type]
        service=save,
        template="partners/organisations/form.html",
        done=lambda stored: gettext("{stored} saved").format(stored=stored),
        leads_to=lambda _: _back(partnership, kind, parent),
        back=_back(partnership, kind, parent),
        partnership=partnership,
        back_text=str(parent) if parent else gettext("All {plural}").format(plural=kind.plural),
        **context,
    )


def _parent(request: HttpRequest, partnership: Partnership, kind: ReferenceKind) -> Any:
    """Return the row that a new one is to be part of, as the address says; None if it does not."""
    text = request.GET.get(kind.parent, "") if kind.parent else ""
    if not text.isdecimal() or len(text) >= LONGEST_ID:
        return None
    return KINDS[kind.parent].rows(partnership).filter(pk=int(text)).first()


def _parts(partnership: Partnership, kind: ReferenceKind, row: Any) -> dict[str, Any] | None:
    """Return the rows that are part of a row, for its page; None if a row of this kind has none."""
    if not kind.parts:
        return None
    part = KINDS[kind.parts]
    columns = [name for name in part.columns if name != part.parent_field]
    rows = part.rows(partnership).filter(**{part.parent_field: row})
    create = reverse(
        "partners:reference-create", args=[partnership.pk, part.slug], query={part.parent: row.pk}
    )
    return {"kind": part, "lines": part.lines(rows, columns), "create": create}


def _back(partnership: Partnership, kind: ReferenceKind, parent: Any) -> str:
    """Return the address of the page that lists a row: that of its parent, or all of its kind."""
    if parent is None:
        return reverse("partners:reference-list", args=[partnership.pk, kind.slug])
    return reverse("partners:reference-edit", args=[partnership.pk, kind.parent, parent.pk])


def _kind(slug: str) -> ReferenceKind:
    if slug not in KINDS:
        raise Http404
    return KINDS[slug]
