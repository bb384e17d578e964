"""Bases of the admin site's pages, which list and show records and never change one."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import label_for_field, lookup_field, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver
from django.utils.text import capfirst
from django.utils.translation import gettext

from audit import clock
from audit.state import state_of
from partners.admin_site.queries import chosen_partnership, shown_fields, text_of
from partners.ledger.views import page_of_record
from partners.policies import rights_of

PAGES = ("changelist", "change")


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list of records and a page for each. Their history is in the ledger."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [route for route in super().get_urls() if str(route.name or "").endswith(PAGES)]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List records, each with its columns in words."""
        if request.method == "POST" and ACTION_CHECKBOX_NAME not in request.POST:
            messages.warning(request, gettext("Select at least one record."))
            return redirect(request.get_full_path())
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and "cl" in (response.context_data or {}):
            cl = response.context_data["cl"]  # type: ignore[index]
            names = [name for name in cl.list_display if name != "action_checkbox"]
            labels = {name: self._label(name) for name in names}
            response.context_data |= {  # type: ignore[operator]
                "headings": labels.values(),
                "lines": [
                    (row, [(labels[name], self._text(row, name)) for name in names]) for row in cl.result_list
                ],
                "filters": [(capfirst(spec.title), _choices(spec.choices(cl))) for spec in cl.filter_specs],
                "commands": [
                    (name, words % {"verbose_name_plural": cl.opts.verbose_name_plural})
                    for _, name, words in self.get_actions(request).values()
                ],
            }
        return response

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a record; there is nothing to save."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "row": row,
            "facts": self.facts_of(request, row),
            "page": self.page_of(row),
        }
        return TemplateResponse(request, "admin/record.html", context)

    def facts_of(self, request: HttpRequest, row: Any) -> list[dict[str, str]]:
        """Return the label and value of each field, for a summary list."""
        left_out = set(self.get_exclude(request, row) or ())
        fields = [row._meta.get_field(name) for name in self.fields or ()] or shown_fields(
            row._meta.model, left_out
        )
        return [{"key": self._label(each.name), "value": self._value(request, row, each)} for each in fields]

    def page_of(self, row: Any) -> str:
        """Return the address of the app's page of a record, or of what it belongs to; empty if it has none."""
        if hasattr(row, "get_absolute_url"):
            return str(row.get_absolute_url())
        return page_of_record(row._meta.label_lower, row.pk, state_of(row))

    def _value(self, request: HttpRequest, row: Any, field: "Field[Any, Any]") -> str:
        if not field.many_to_many:
            return text_of(field, getattr(row, field.name))
        rows = getattr(row, field.name).all()
        page = self.admin_site._registry.get(rows.model)
        if page is not None:
            rows = rows.filter(pk__in=page.get_queryset(request).values("pk"))
        return ", ".join(map(str, rows))

    def _label(self, name: str) -> str:
        return capfirst(str(label_for_field(name, self.model, self)))

    def _text(self, row: Any, name: str) -> str:
        field, _, value = lookup_field(name, row, self)
        return text_of(field, value)


def _choices(choices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the choices of a filter in words; Django calls the first All."""
    return [
        choice | {"display": capfirst(str(choice["display"])) if number else gettext("Any")}
        for number, choice in enumerate(choices)
    ]


class PartnershipAdmin(ReadOnlyAdmin):
    """Records of the partnership that the administrator chose: those of others are not there."""

    ledger_path = ""
    """ORM path from a record to the ledger of its partnership; empty means the model's own."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.in_partnership(request, super().get_queryset(request))

    def in_partnership(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        partnership = chosen_partnership(request)
        if partnership is None:
            return rows.none()
        path = self.ledger_path or str(getattr(self.model, "ledger_path", ""))
        return rows.filter(**{path: partnership.ledger_id})


class BusinessAdmin(PartnershipAdmin):
    """Show only the business records that the user's memberships allow; staff status is not enough."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Leave the kind out of the front page for whoever has no role in the partnership: the list would be empty."""
        partnership = chosen_partnership(request)
        rights = rights_of(request.user, clock.today())
        return partnership is not None and partnership.pk in rights.partnerships()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = self.model._default_manager
        return self.in_partnership(request, rows.visible_to(request.user, clock.today()))

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
