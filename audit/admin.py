from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from audit.models import Checkpoint, Entry, Ledger

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Shows and never writes; what is recorded stays recorded."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False


@admin.register(Ledger)
class LedgerAdmin(ReadOnlyAdmin):
    list_display = ["name", "sequence", "last_at", "digest"]
    search_fields = ["name"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["sequence", "ledger", "at", "verb", "target_label", "actor_label"]
    list_filter = ["ledger"]
    list_select_related = ["ledger"]
    search_fields = ["verb", "target_label", "actor_label", "request_id"]
    ordering = ["-at", "-sequence"]


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    list_display = ["ledger", "sequence", "at", "public_key"]
    list_filter = ["ledger"]
    list_select_related = ["ledger"]
