"""What the admin site's pages of business records have in common."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from audit import clock
from audit.admin import ReadOnlyAdmin


class BusinessAdmin(ReadOnlyAdmin):
    """Business records, and of those only what the reader's memberships open: staff status shows none of them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = self.model._default_manager
        return rows.visible_to(request.user, clock.today())
