"""Returns on the admin site: read-only, and only for people whose memberships give access."""

from django.contrib import admin

from partners.admin_site.admin import BusinessAdmin
from returns.models import Return, ReturnCommentary, ReturnFigure, ReturnRow


@admin.register(Return)
class ReturnAdmin(BusinessAdmin):
    list_display = ["organisation", "plan", "period_start", "due_on", "closes_on", "state", "submitted_by"]
    list_filter = ["state"]
    list_select_related = ["organisation", "plan", "submitted_by"]


@admin.register(ReturnRow)
class ReturnRowAdmin(BusinessAdmin):
    list_display = ["report", "action", "rag", "percent", "unchanged", "saved_by"]
    list_select_related = ["report__organisation", "action", "saved_by"]


@admin.register(ReturnCommentary)
class ReturnCommentaryAdmin(BusinessAdmin):
    list_display = ["report", "mou_area"]
    list_select_related = ["report__organisation", "mou_area"]


@admin.register(ReturnFigure)
class ReturnFigureAdmin(BusinessAdmin):
    list_display = ["report", "programme", "panel", "month", "profile"]
    list_select_related = ["report__organisation", "programme", "panel__council", "profile"]
