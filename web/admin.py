"""Base of the admin site's pages for business records."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from audit import clock
from audit.admin import ReadOnlyAdmin


class BusinessAdmin(ReadOnlyAdmin):
    """Show only the business records that the user's memberships allow; staff status is not enough."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = self.model._default_manager
        return rows.visible_to(request.user, clock.today())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a record, without the names of other business records that the user cannot see."""
        row = super().get_object(request, object_id, from_field)
        if row is not None:
            for field in row._meta.concrete_fields:
                page = self.admin_site._registry.get(field.related_model) if field.is_relation else None
                pk = getattr(row, field.attname)
                if isinstance(page, BusinessAdmin) and pk and not page.get_queryset(request).filter(pk=pk):
                    setattr(row, field.name, None)
        return row
