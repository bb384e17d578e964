"""Inspections and findings in the admin site: read only, and only with a membership that allows it."""

from django.contrib import admin

from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import ActionLink, OwnStatus, Recommendation, RegisterStatus
from inspections.responses.models import PublishedResponse, Response
from partners.admin_site.admin import BusinessAdmin


@admin.register(Inspection)
class InspectionAdmin(BusinessAdmin):
    list_display = ["title", "body", "kind", "published_on", "partnership"]
    list_filter = ["body_kind", "kind"]
    list_select_related = ["partnership"]
    search_fields = ["title", "short_title"]


@admin.register(Recommendation)
class RecommendationAdmin(BusinessAdmin):
    list_display = ["inspection", "kind", "number", "state", "due", "lead"]
    list_filter = ["kind", "state"]
    list_select_related = ["inspection", "lead"]
    search_fields = ["number", "text"]


@admin.register(OwnStatus)
class OwnStatusAdmin(BusinessAdmin):
    list_display = ["recommendation", "state", "set_by", "set_at"]
    list_select_related = ["recommendation__inspection", "set_by"]


@admin.register(RegisterStatus)
class RegisterStatusAdmin(BusinessAdmin):
    list_display = ["recommendation", "state", "on", "recorded_by"]
    list_select_related = ["recommendation__inspection", "recorded_by"]


@admin.register(ActionLink)
class ActionLinkAdmin(BusinessAdmin):
    list_display = ["recommendation", "action", "answers", "linked_by"]
    list_select_related = ["recommendation__inspection", "action", "linked_by"]


@admin.register(Response)
class ResponseAdmin(BusinessAdmin):
    list_display = ["recommendation", "kind", "written_by", "written_at"]
    list_select_related = ["recommendation__inspection", "written_by"]


@admin.register(PublishedResponse)
class PublishedResponseAdmin(BusinessAdmin):
    list_display = ["inspection", "number", "state", "dated", "published_on"]
    list_filter = ["state"]
    list_select_related = ["inspection"]
