"""The admin site, which asks who is there before each of its pages."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse

from web.confirmation import confirm_first


class ConfirmingAdminSite(AdminSite):
    """Ask whoever neither signed in nor confirmed who they are within 5 minutes to confirm it first."""

    def admin_view(
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        page = super().admin_view(view, cacheable)
        checked = confirm_first(page)

        def confirmed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            # Others are sent away as before.
            return (checked if self.has_permission(request) else page)(request, *args, **kwargs)

        return confirmed
