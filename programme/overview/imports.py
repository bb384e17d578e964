"""The pages that import records of any kind from a file."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import clock
from audit.policies import forbid
from importing.engine.views.imports import ImportPages
from partners.models import Partnership
from partners.policies import rights_of
from programme.overview.tasks import import_records
from programme.records import policies
from programme.records.forms import PartnershipForm
from programme.records.resources import Resource
from programme.records.services.importing import RecordsImporter
from programme.records.views import address, why_not_import
from web.pages import INVALID


def record_import(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Import records of this kind; whoever manages several partnerships chooses one first."""
    partnerships = _managed_partnerships(request, resource)
    partnership = _chosen_partnership(request, partnerships)
    if partnership is None:
        return _choose_partnership(request, resource, partnerships)
    return _import_pages(request, resource, partnership).upload()


def record_import_confirm(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Import the file that was previewed."""
    partnership = _chosen_partnership(request, _managed_partnerships(request, resource))
    if partnership is None:
        return redirect(address(resource, "import"))
    return _import_pages(request, resource, partnership).confirm()


def _managed_partnerships(request: HttpRequest, resource: Resource) -> QuerySet[Partnership]:
    on = clock.today()
    forbid(why_not_import(request, resource, on))
    rights, keepers = rights_of(request.user, on), resource.model.keepers
    ids = policies.partnerships_to_record_in(rights, reported=False, keepers=keepers)
    return Partnership.objects.filter(pk__in=ids).order_by("name")


def _chosen_partnership(request: HttpRequest, partnerships: QuerySet[Partnership]) -> Partnership | None:
    """Return the partnership in the address, or the only one; None if there is a choice to make."""
    if len(partnerships) == 1:
        return partnerships[0]
    form = PartnershipForm(request.GET, partnerships=partnerships)
    return form.cleaned_data["partnership"] if form.is_valid() else None


def _choose_partnership(
    request: HttpRequest, resource: Resource, partnerships: QuerySet[Partnership]
) -> HttpResponse:
    was_sent = request.method == "POST" or "partnership" in request.GET
    form = PartnershipForm(request.GET if was_sent else None, partnerships=partnerships)
    context = {"form": form, "resource": resource, "back": address(resource, "list")}
    status = INVALID if was_sent else 200
    return render(request, "programme/records/choose_partnership.html", context, status=status)


def _import_pages(request: HttpRequest, resource: Resource, partnership: Partnership) -> ImportPages:
    query = f"?partnership={partnership.pk}"
    return ImportPages(
        request=request,
        importer=RecordsImporter(resource=resource, partnership=partnership),
        target=partnership,
        noun=resource.plural,
        guide="programme/records/_guide.html",
        upload_url=address(resource, "import") + query,
        confirm_url=address(resource, "import-confirm") + query,
        target_url=address(resource, "list"),
        target_noun="list",
        partnership=partnership,
        page_of=lambda row: address(resource, "page", row.pk),
        task=import_records,
        task_options={"room": resource.room, "kind": resource.slug},
    )
