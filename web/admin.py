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

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find a record, without the names of other business records that the reader may not see."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            for field in found._meta.concrete_fields:
                page = self.admin_site._registry.get(field.related_model) if field.is_relation else None
                pk = getattr(found, field.attname)
                if isinstance(page, BusinessAdmin) and pk and not page.get_queryset(request).filter(pk=pk):
                    setattr(found, field.name, None)
        return found
