"""The admin site: the records of one partnership at a time, to be looked at after its user confirmed who they are."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from partners.admin_site.queries import CHOSEN, chosen_partnership, partnership_choices
from web.confirmation import confirm_first
from web.language import lazy_text

NAMES = {"audit": lazy_text("Ledger"), "desk": lazy_text("Jobs and emails"), "partners": lazy_text("Access")}
# The site's own pages that this service has elsewhere, or that would tell of rows of every partnership.
LEFT_OUT = {"password_change", "password_change_done", "jsi18n", "autocomplete", "view_on_site"}


class RecordsSite(AdminSite):
    """Ask whoever neither signed in nor confirmed who they are within 5 minutes to confirm it first."""

    site_title = site_header = "Prevent Tracker"
    index_title = lazy_text("Records")

    def admin_view(  # type: ignore[override]
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        page = super().admin_view(view, cacheable)
        checked = confirm_first(page)

        def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # Others are sent away as before.
            return (checked if self.has_permission(request) else page)(request, *args, **kwargs)

        return confirmed

    def get_urls(self) -> list[URLPattern | URLResolver]:
        routes = [route for route in super().get_urls() if getattr(route, "name", "") not in LEFT_OUT]
        choose = self.admin_view(require_POST(self.choose_partnership))
        return [path("partnership/", choose, name="partnership"), *routes]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return the kinds of records by section, each with a name that people know."""
        sections = super().get_app_list(request, app_label)
        named = [
            {**section, "name": NAMES.get(section["app_label"], section["name"])} for section in sections
        ]
        return sorted(named, key=lambda section: str(section["name"]))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        return context | {"partnership": chosen_partnership(request)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        choices = {"partnerships": partnership_choices()}
        return super().index(request, choices | (extra_context or {}))

    def choose_partnership(self, request: HttpRequest) -> HttpResponse:
        """Show the records of another partnership from now on."""
        text = request.POST.get("partnership", "")
        chosen = {str(each.pk): each for each in partnership_choices()}.get(text)
        if chosen is None:
            messages.warning(request, gettext("Choose a partnership from the list."))
        else:
            request.session[CHOSEN] = chosen.pk
            messages.success(request, gettext("These are the records of {chosen}").format(chosen=chosen))
        return redirect("admin:index")
