from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from importing.engine.views.imports import ImportPages
from importing.people.services.importer import PeopleImporter
from importing.people.tasks import import_people
from partners.partnerships.views import editable_partnership
from web.bodies import takes_files


@takes_files("IMPORT_MAX_BYTES")
@require_http_methods(["GET", "HEAD", "POST"])
def people_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _pages(request, pk).upload()


@require_POST
def people_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _pages(request, pk).confirm()


def _pages(request: HttpRequest, pk: int) -> ImportPages:
    partnership = editable_partnership(request, pk)
    invites = "invite" in request.POST
    return ImportPages(
        request=request,
        importer=PeopleImporter(partnership=partnership, invites=invites),
        target=partnership,
        noun=gettext("people"),
        guide="importing/people/_guide.html",
        upload_url=reverse("importing:people-import", args=[pk]),
        confirm_url=reverse("importing:people-import-confirm", args=[pk]),
        target_url=reverse("importing:setup-partnership", args=[pk]),
        target_noun="set-up",
        options="importing/people/_options.html",
        task=import_people,
        task_options={"invites": invites},
    )
