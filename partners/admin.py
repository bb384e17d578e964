"""Admin site for accounts, memberships and reference data. Every change goes through a service."""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from audit import clock
from audit.admin import ReadOnlyAdmin
from audit.models import Checkpoint, Entry, Ledger
from partners.accounts.four_eyes import ApprovalRequired, is_bound
from partners.accounts.models import User
from partners.accounts.renewal import renew_session
from partners.accounts.services.access import end_sessions
from partners.accounts.services.users import change_user, create_user
from partners.approvals.services import request_change
from partners.clients.models import ApiClient
from partners.clients.services.clients import deactivate_client
from partners.memberships.models import Membership
from partners.memberships.services import end_membership, grant_membership
from partners.organisations.boards import Board, BoardSeat, MouArea, Responsibility
from partners.organisations.models import Area, Organisation, OrganisationAlias
from partners.organisations.services import remove_reference, save_reference
from partners.partnerships.models import Partnership
from partners.partnerships.services import create_partnership
from web.callers import actor_of
from web.screening import RetentionReasonField, ScreenedForm

admin.site.site_header = "Prevent Tracker: reference data"
admin.site.site_title = "Prevent Tracker"
admin.site.index_title = "Reference data"
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


class ServiceAdmin(admin.ModelAdmin):
    """Save through `save_by_service`, which returns the saved row. No bulk deletion."""

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        raise NotImplementedError

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        stored = self.save_by_service(request, obj, form, change=change)
        obj.__dict__.update(stored.__dict__)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show_refusals(request, super().changeform_view, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show_refusals(request, super().delete_view, *args, **kwargs)

    def _show_refusals(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the errors of a service as a message; its transaction has been rolled back."""
        try:
            return view(request, *args, **kwargs)
        except ApprovalRequired as needed:
            return self._request_approval(request, needed)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.get_full_path())

    def _request_approval(self, request: HttpRequest, needed: ApprovalRequired) -> HttpResponse:
        """Let the change wait for a second administrator, now that the site's own transaction is rolled back."""
        try:
            change = request_change(actor=actor_of(request), needed=needed, at=clock.now())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return HttpResponseRedirect(request.get_full_path())
        messages.warning(request, "Nothing is changed yet. Another administrator must approve it.")
        return HttpResponseRedirect(change.get_absolute_url())

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("empty_label", _empty_label(db_field))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        include_blank = db_field.blank or not db_field.has_default()
        blank_choice = [("", _empty_label(db_field))]
        kwargs["choices"] = db_field.get_choices(include_blank=include_blank, blank_choice=blank_choice)
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            name: entry for name, entry in super().get_actions(request).items() if name != "delete_selected"
        }


def _empty_label(field: Field) -> str:
    """Return the first option of a select, in words instead of Django's dashes."""
    return "None" if field.blank else f"Choose {field.verbose_name}"


class ReferenceForm(ScreenedForm, ModelForm):
    """Reference data, with a field for the reason if a name contains what looks like personal data."""

    keep_personal_data_reason = RetentionReasonField(
        label="Why personal data must stay",
        help_text="Only if this page reports personal data. Do not repeat the data: the reason goes in the ledger.",
    )


class ReferenceAdmin(ServiceAdmin):
    form = ReferenceForm
    list_filter = ["partnership"]
    search_fields = ["name"]

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        return save_reference(actor=actor_of(request), row=row, at=clock.now())

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_reference(actor=actor_of(request), row=obj, at=clock.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Fix the partnership of a saved row."""
        fixed = {"partnership", "mou_area", "board"} if obj is not None else set()
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
    list_display = ["name", "tier", "cadence", "parent", "partnership", "starts_on", "ends_on"]


@admin.register(BoardSeat)
class BoardSeatAdmin(ReferenceAdmin):
    list_display = ["board", "post", "organisation", "starts_on", "ends_on", "vacant"]
    list_filter = ["board__partnership"]
    search_fields = ["board__name", "organisation__name", "post"]


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
        return create_partnership(actor=actor_of(request), name=row.name, slug=row.slug, at=clock.now())


@admin.register(User)
class UserAdmin(ServiceAdmin):
    list_display = ["name", "email", "kind", "is_active", "is_staff"]
    list_filter = ["kind", "is_active", "is_staff"]
    search_fields = ["name", "email"]
    actions = ["end_sessions"]

    @admin.action(description="End the sessions of the selected people")
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Sign these people out everywhere; an administrator among them stays signed in here."""
        end_sessions(actor=actor_of(request), users=list(users), at=clock.now())
        renew_session(request)
        messages.success(request, "The selected people are signed out everywhere.")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["is_active"] if obj is None else []

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Leave out of a new account that it is an administrator's, where a second administrator must approve that."""
        fixed = {"is_staff"} if obj is None and is_bound() else set()
        return [name for name in ("email", "name", "is_active", "is_staff") if name not in fixed]

    def save_by_service(self, request: HttpRequest, row: Any, form: ModelForm, *, change: bool) -> Model:
        if change:
            changed = {name: form.cleaned_data[name] for name in form.changed_data}
            return change_user(actor=actor_of(request), user=row, at=clock.now(), **changed)
        return create_user(
            actor=actor_of(request), email=row.email, name=row.name, is_staff=row.is_staff, at=clock.now()
        )


@admin.register(Membership)
class MembershipAdmin(ServiceAdmin):
    """Grant a membership once; after that only its last day can change, to preserve who had which role."""

    list_display = ["user", "capacity", "organisation", "partnership", "starts_on", "ends_on", "review_by"]
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
            return end_membership(
                actor=actor_of(request), membership=row, ends_on=row.ends_on, at=clock.now()
            )
        fields = {name: form.cleaned_data[name] for name in form.fields}
        return grant_membership(actor=actor_of(request), at=clock.now(), **fields)


@admin.register(ApiClient)
class ApiClientAdmin(ReadOnlyAdmin):
    """Stop API clients. The manager's pages and `manage.py create_api_client` register them."""

    list_display = ["name", "organisation", "partnership", "scopes", "is_active"]
    list_filter = ["partnership", "is_active"]
    search_fields = ["name", "organisation__name"]
    fields = ["name", "partnership", "organisation", "client_id", "scopes", "user", "is_active", "created"]
    actions = ["stop"]

    @admin.action(description="Stop access for the selected API clients")
    def stop(self, request: HttpRequest, clients: QuerySet[ApiClient]) -> None:
        for client in clients.filter(is_active=True):
            deactivate_client(actor=actor_of(request), client=client, at=clock.now())
        messages.success(
            request, "Access stopped for the selected clients. Their access tokens no longer work."
        )


class LedgerRows(ReadOnlyAdmin):
    """Ledger rows of the partnerships the user audits. Entries contain whole records, so staff status is not enough."""

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
