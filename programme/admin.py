"""The programme's reference data on the admin site: read-only, and only for people whose memberships give access."""

from django.contrib import admin

from partners.admin_site.admin import BusinessAdmin
from programme.models import (
    ChannelPanel,
    Framework,
    FrameworkItem,
    Grade,
    GrantFund,
    GrantLimit,
    Measure,
    Memorandum,
    Term,
    TrainingProgramme,
)


@admin.register(TrainingProgramme)
class TrainingProgrammeAdmin(BusinessAdmin):
    list_display = ["name", "audience", "required", "provider"]


@admin.register(GrantFund)
class GrantFundAdmin(BusinessAdmin):
    list_display = ["name", "funder"]
    list_select_related = ["funder"]


@admin.register(GrantLimit)
class GrantLimitAdmin(BusinessAdmin):
    list_display = ["fund", "amount", "valid_from", "valid_to", "is_current"]
    list_filter = ["is_current"]
    list_select_related = ["fund"]


@admin.register(Memorandum)
class MemorandumAdmin(BusinessAdmin):
    list_display = ["title", "edition", "agreed_on"]


@admin.register(ChannelPanel)
class ChannelPanelAdmin(BusinessAdmin):
    list_display = ["council", "monitored_by", "required_from"]
    list_select_related = ["council", "monitored_by"]


@admin.register(Framework)
class FrameworkAdmin(BusinessAdmin):
    list_display = ["name", "edition", "issued_on", "publisher", "status"]
    list_filter = ["status"]


@admin.register(FrameworkItem)
class FrameworkItemAdmin(BusinessAdmin):
    list_display = ["code", "text", "kind", "framework"]
    list_filter = ["kind"]
    list_select_related = ["framework"]


@admin.register(Grade)
class GradeAdmin(BusinessAdmin):
    list_display = ["name", "order", "framework"]
    list_select_related = ["framework"]


@admin.register(Measure)
class MeasureAdmin(BusinessAdmin):
    list_display = ["name", "item", "unit", "graded", "definition_version"]
    list_select_related = ["item__framework"]


@admin.register(Term)
class TermAdmin(BusinessAdmin):
    list_display = ["name", "framework"]
    list_select_related = ["framework"]
