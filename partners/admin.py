"""Admin site of API clients and ledgers. Nothing is changed here, except that an administrator stops a client."""

from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from audit import clock
from audit.models import Checkpoint, Entry, Ledger
from partners.admin_site.admin import PartnershipAdmin
from partners.admin_site.queries import chosen_partnership
from partners.clients.models import ApiClient
from partners.clients.services.clients import deactivate_client
from partners.partnerships.models import Partnership
from web.callers import actor_of

# Rights come from memberships, so there are no permission groups to manage. Nobody edits tokens, the workers' queue or
# the sign-in library's list of addresses. API clients have their own page below.
HIDDEN_MODELS = [
    *(Group, ApiClient, EmailAddress),
    *apps.get_app_config("oauth2_provider").get_models(),
    *apps.get_app_config("django_tasks_database").get_models(),
    *apps.get_app_config("mfa").get_models(),
    *apps.get_app_config("usersessions").get_models(),
    *apps.get_app_config("socialaccount").get_models(),
]
admin.site.unregister([model for model in HIDDEN_MODELS if admin.site.is_registered(model)])


@admin.register(ApiClient)
class ApiClientAdmin(PartnershipAdmin):
    """Stop API clients. The manager's pages and `manage.py create_api_client` register them."""

    list_display = ["name", "organisation", "partnership", "scopes", "is_active"]
    list_filter = ["is_active"]
    list_select_related = ["organisation", "partnership"]
    search_fields = ["name", "organisation__name"]
    fields = ["name", "partnership", "organisation", "client_id", "scopes", "user", "is_active", "created"]
    actions = ["stop"]

    @admin.action(description=gettext_lazy("Stop access for the selected API clients"))
    def stop(self, request: HttpRequest, clients: QuerySet[ApiClient]) -> None:
        for client in clients.filter(is_active=True):
            deactivate_client(actor=actor_of(request), client=client, at=clock.now())
        messages.success(
            request,
            gettext("Access stopped for the selected clients. Their access tokens no longer work."),
        )


class LedgerRows(PartnershipAdmin):
    """Ledger rows of a partnership that the user audits. Entries contain whole records, so staff status is not enough."""

    ledger_path = "ledger"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        audited = Partnership.objects.audited_by(request.user, clock.today()).values("ledger")
        return super().get_queryset(request).filter(**{f"{self.ledger_path}__in": audited})

    def has_module_permission(self, request: HttpRequest) -> bool:
        partnership = chosen_partnership(request)
        audited = Partnership.objects.audited_by(request.user, clock.today())
        return partnership is not None and audited.filter(pk=partnership.pk).exists()

    def page_of(self, row: Ledger | Entry | Checkpoint) -> str:
        ledger = row if isinstance(row, Ledger) else row.ledger
        return reverse("partners:ledger", query={"partnership": ledger.partnership.pk})


@admin.register(Ledger)
class LedgerAdmin(LedgerRows):
    ledger_path = "pk"
    list_display = ["name", "sequence", "last_at"]


@admin.register(Entry)
class EntryAdmin(LedgerRows):
    list_display = ["sequence", "at", "actor_label", "verb", "target_label", "ledger"]
    list_select_related = ["ledger"]
    search_fields = ["verb", "target_label", "actor_label", "request_id"]
    ordering = ["-at", "-sequence"]

    def page_of(self, row: Entry) -> str:
        return reverse("partners:ledger-entry", args=[row.ledger.partnership.pk, row.sequence])


@admin.register(Checkpoint)
class CheckpointAdmin(LedgerRows):
    list_display = ["ledger", "sequence", "at", "public_key"]
    list_select_related = ["ledger"]
