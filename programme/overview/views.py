"""The pages of the programme: its rooms, and the records in each."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.policies import forbid
from partners.policies import rights_of
from programme.disclosure import views as disclosure
from programme.disclosure.policies import why_not_answer
from programme.frameworks import views as frameworks
from programme.funding import views as funding
from programme.overview import imports
from programme.overview.catalogue import ROOMS, parts_of, resource_at, room_at
from programme.records import views as records
from programme.records.policies import OFFICE, Roles, why_not_see_programme
from web.bodies import takes_files
from web.pages import PAGE_OR_FORM


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """List the rooms."""
    _require_sight(request)
    rights = rights_of(request.user, clock.today())
    rooms = [room for room in ROOMS if not why_not_see_programme(rights, viewers=room.viewers)]
    context = {"rooms": rooms, "answers": not why_not_answer(rights)}
    return render(request, "programme/overview/overview.html", context)


@require_safe
def room(request: HttpRequest, room: str) -> HttpResponse:
    """Show a room's figures and its kinds of record."""
    current, on = room_at(room), clock.today()
    _require_sight(request, current.viewers)
    counts = []
    for resource in current.resources:
        rows = resource.model._default_manager.visible_to(request.user, on)  # type: ignore[attr-defined]
        counts.append((resource, rows.current().count()))
    context = {"room": current, "counts": counts, **current.figures(request.user, on)}
    return render(request, f"programme/{current.slug}/room.html", context)


@require_safe
def grants_csv(request: HttpRequest) -> HttpResponse:
    _require_sight(request)
    return funding.grants_csv(request)


@require_safe
def foi(request: HttpRequest) -> HttpResponse:
    return disclosure.foi(request)


@require_safe
def foi_export(request: HttpRequest, file_type: str) -> HttpResponseBase:
    return disclosure.foi_export(request, file_type)


@require_safe
def record_list(request: HttpRequest, room: str, kind: str) -> HttpResponse:
    resource = resource_at(room, kind)
    _require_sight(request, resource.model.viewers)
    return records.record_list(request, resource)


@require_safe
def record_export(request: HttpRequest, room: str, kind: str, file_type: str) -> HttpResponseBase:
    resource = resource_at(room, kind)
    _require_sight(request, resource.model.viewers)
    return records.record_export(request, resource, file_type)


@require_safe
def record_page(request: HttpRequest, room: str, kind: str, pk: int) -> HttpResponse:
    resource = resource_at(room, kind)
    if resource is frameworks.READINGS:
        return records.record_page(request, resource, pk, [], frameworks.reading_steps)
    return records.record_page(request, resource, pk, parts_of(resource))


@PAGE_OR_FORM
def reading_moderate(request: HttpRequest, pk: int) -> HttpResponse:
    return frameworks.reading_moderate(request, pk)


@PAGE_OR_FORM
def record_create(request: HttpRequest, room: str, kind: str) -> HttpResponse:
    return records.record_create(request, resource_at(room, kind))


@PAGE_OR_FORM
def record_edit(request: HttpRequest, room: str, kind: str, pk: int) -> HttpResponse:
    return records.record_edit(request, resource_at(room, kind), pk)


@takes_files("IMPORT_MAX_BYTES")
@PAGE_OR_FORM
def record_import(request: HttpRequest, room: str, kind: str) -> HttpResponse:
    return imports.record_import(request, resource_at(room, kind))


@require_POST
def record_import_confirm(request: HttpRequest, room: str, kind: str) -> HttpResponse:
    return imports.record_import_confirm(request, resource_at(room, kind))


def _require_sight(request: HttpRequest, viewers: Roles = OFFICE) -> None:
    forbid(why_not_see_programme(rights_of(request.user, clock.today()), viewers=viewers))
