from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from importing.engine.views.imports import ImportPages
from importing.findings.services.importer import FindingsImporter
from importing.findings.tasks import import_findings
from inspections.findings.views.inspections import address, find_managed
from web.bodies import takes_files
from web.pages import PAGE_OR_FORM


@takes_files("IMPORT_MAX_BYTES")
@PAGE_OR_FORM
def recommendation_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _pages(request, pk).upload()


@require_POST
def recommendation_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _pages(request, pk).confirm()


def _pages(request: HttpRequest, pk: int) -> ImportPages:
    inspection = find_managed(request, pk)
    return ImportPages(
        request=request,
        importer=FindingsImporter(inspection=inspection),
        target=inspection,
        noun=gettext("findings"),
        guide="importing/findings/_guide.html",
        upload_url=reverse("importing:recommendation-import", args=[pk]),
        confirm_url=reverse("importing:recommendation-import-confirm", args=[pk]),
        target_url=address(inspection),
        target_noun="inspection",
        partnership=inspection.partnership,
        task=import_findings,
    )
