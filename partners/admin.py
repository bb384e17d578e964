"""The administrators' site: accounts, memberships and reference data, each changed by the service that records it."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from audit import clock
from audit.admin import ReadOnlyAdmin
from audit.models import Checkpoint, Entry, Ledger
from partners.accounts.models import User
from partners.accounts.services.users import change_user, create_user
from partners.clients.models import ApiClient
from partners.clients.services.clients import deactivate_client
from partners.memberships.models import Membership
from partners.memberships.services import end_membership, grant_membership
from partners.organisations.boards import Board, MouArea, Responsibility
from partners.organisations.models import Area, Organisation, OrganisationAlias
from partners.organisations.services import remove_reference, save_reference
from partners.partnerships.models import Partnership
from partners.partnerships.services import create_partnership
from web.screening import AskingForm, KeepField

admin.site.site_header = "Prevent Tracker reference data"
admin.site.site_title = "Prevent Tracker"
admin.site.index_title = "Reference data"
# Rights come from memberships, so there are no permission groups to manage; tokens, the workers' queue and the sign-in
# library's own address list are nobody's to edit, and API clients have a page of their own below.
FOREIGN = [
    *(Group, ApiClient, EmailAddress),
    *apps.get_app_config("oauth2_provider").get_models(),
    *apps.get_app_config("django_tasks_database").get_models(),
]
admin.site.unregister([model for model in FOREIGN if admin.site.is_registered(model)])


class ServiceAdmin(admin.ModelAdmin):
    """Saves through `save_by_service`, which returns the stored row. Nothing is deleted in bulk."""

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        stored = self.save_by_service(request, obj, form, change=change)
        obj.__dict__.update(stored.__dict__)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._answer(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._answer(request, super().delete_view, *args, **kwargs)

    def _answer(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say what a service refuses that the form could not know of; the transaction is undone by then."""
        try:
            return view(request, *args, **kwargs)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.get_full_path())

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            name: entry for name, entry in super().get_actions(request).items() if name != "delete_selected"
        }


class ReferenceForm(AskingForm, ModelForm):
    """Reference data, with a box for the reason to keep what looks like personal data in a name."""

    keep_personal_data_reason = KeepField(
        label="Why personal data is kept",
        help_text="Only if this page found some. The reason is recorded: give it without the number or address.",
    )


class ReferenceAdmin(ServiceAdmin):
    form = ReferenceForm
    list_filter = ["partnership"]
    search_fields = ["name"]

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        return save_reference(actor=request.user, row=row, at=clock.now())

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_reference(actor=request.user, row=obj, at=clock.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A row stays in its partnership."""
        fixed = {"partnership", "mou_area"} if obj is not None else set()
        return [field.name for field in self.model._meta.fields if field.name in fixed]


@admin.register(Area, MouArea)
class OrderedAdmin(ReferenceAdmin):
    list_display = ["name", "partnership", "order"]


@admin.register(Organisation)
class OrganisationAdmin(ReferenceAdmin):
    list_display = ["name", "short_name", "kind", "schedule_6_sector", "partnership"]
    list_filter = ["partnership", "kind"]
    search_fields = ["name", "short_name", "aliases__name"]


@admin.register(OrganisationAlias)
class OrganisationAliasAdmin(ReferenceAdmin):
    list_display = ["name", "organisation", "partnership"]


@admin.register(Board)
class BoardAdmin(ReferenceAdmin):
    list_display = ["name", "tier", "cadence", "parent", "partnership"]


@admin.register(Responsibility)
class ResponsibilityAdmin(ReferenceAdmin):
    list_display = ["mou_area", "organisation", "kind"]
    list_filter = ["mou_area__partnership", "kind"]
    search_fields = ["mou_area__name", "organisation__name"]


@admin.register(Partnership)
class PartnershipAdmin(ServiceAdmin):
    list_display = ["name", "slug", "is_sandbox"]
    fields = ["name", "slug"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        return create_partnership(actor=request.user, name=row.name, slug=row.slug, at=clock.now())


@admin.register(User)
class UserAdmin(ServiceAdmin):
    list_display = ["name", "email", "kind", "is_active", "is_staff"]
    list_filter = ["kind", "is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "is_active", "is_staff"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["is_active"] if obj is None else []

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        if change:
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            return change_user(actor=request.user, user=row, at=clock.now(), **changed)
        return create_user(
            actor=request.user, email=row.email, name=row.name, is_staff=row.is_staff, at=clock.now()
        )


@admin.register(Membership)
class MembershipAdmin(ServiceAdmin):
    """A membership is granted once; after that only its last day is set, so the record of who held what stays."""

    list_display = ["user", "capacity", "organisation", "partnership", "starts_on", "ends_on"]
    list_filter = ["partnership", "role", "alternate"]
    search_fields = ["user__name", "user__email", "organisation__name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return (
            [] if obj is None else ["user", "partnership", "organisation", "role", "alternate", "starts_on"]
        )

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        if change and not form.changed_data:
            return row
        if change:
            return end_membership(actor=request.user, membership=row, ends_on=row.ends_on, at=clock.now())
        given = {name: form.cleaned_data[name] for name in form.fields}
        return grant_membership(actor=request.user, at=clock.now(), **given)


@admin.register(ApiClient)
class ApiClientAdmin(ReadOnlyAdmin):
    """Clients are registered on the manager's pages or by `manage.py create_api_client`; here they are stopped."""

    list_display = ["name", "organisation", "partnership", "scopes", "is_active"]
    list_filter = ["partnership", "is_active"]
    search_fields = ["name", "organisation__name"]
    fields = ["name", "partnership", "organisation", "client_id", "scopes", "user", "is_active", "created"]
    actions = ["stop"]

    @admin.action(description="Stop the selected API clients")
    def stop(self, request: HttpRequest, clients: QuerySet[ApiClient]) -> None:
        for client in clients.filter(is_active=True):
            deactivate_client(actor=request.user, client=client, at=clock.now())
        messages.success(request, "The clients were stopped. Their tokens no longer work.")


class LedgerRows(ReadOnlyAdmin):
    """Ledger rows of the partnerships the reader audits. An entry holds whole records, so staff status opens none."""

    path = "ledger__partnership"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        audited = Partnership.objects.audited_by(request.user, clock.today())
        return super().get_queryset(request).filter(**{f"{self.path}__in": audited})


@admin.register(Ledger)
class LedgerAdmin(LedgerRows):
    path = "partnership"
    list_display = ["name", "sequence", "last_at"]


@admin.register(Entry)
class EntryAdmin(LedgerRows):
    list_display = ["sequence", "at", "actor_label", "verb", "target_label", "ledger"]
    list_select_related = ["ledger"]
    search_fields = ["verb", "target_label", "actor_label", "request_id"]
    ordering = ["-at", "-sequence"]


@admin.register(Checkpoint)
class CheckpointAdmin(LedgerRows):
    list_display = ["ledger", "sequence", "at", "public_key"]
    list_select_related = ["ledger"]
