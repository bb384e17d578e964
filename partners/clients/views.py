"""What has access to a partnership through the API: seen by the manager and the auditor, changed by the manager."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.models import Entry
from partners.clients.forms import RegisterForm, ReplaceSecretForm, ScopesForm, StopForm
from partners.clients.models import ApiClient, ClientSecret
from partners.clients.services.clients import change_scopes, create_client, deactivate_client
from partners.clients.services.secrets import end_secret, replace_secret
from partners.organisations.models import Organisation
from partners.policies import Role, may_edit_reference, rights_of
from partners.scopes import SCOPES
from web.forms import GovukForm
from web.pages import CONFLICT, INVALID, PAGE_OR_FORM

ONLY_THE_MANAGER = "Only the programme manager changes what has access through the API."
STOPPED = "This client is stopped. A system that comes back is registered again."
DONE = {
    "client.created": "Registered",
    "client.secret_created": "Given a secret",
    "client.secret_ended": "End of a secret set",
    "client.scopes_changed": "Scopes changed",
    "client.deactivated": "Stopped",
}


@require_safe
def client_list(request: HttpRequest) -> HttpResponse:
    rights = rights_of(request.user, clock.today())
    if not rights.partnerships(Role.PROGRAMME_MANAGER, Role.AUDITOR):
        raise PermissionDenied(
            "Only the programme manager and the auditor see what has access through the API."
        )
    clients = _visible(request).with_last_use().order_by("-is_active", "organisation__name", "name")
    managed = bool(rights.partnerships(Role.PROGRAMME_MANAGER))
    return render(request, "partners/clients/list.html", {"clients": clients, "may_register": managed})


@PAGE_OR_FORM
def client_register(request: HttpRequest) -> HttpResponse:
    """Register a system, and show its secret this once."""
    rights = rights_of(request.user, clock.today())
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        raise PermissionDenied(ONLY_THE_MANAGER)
    form = RegisterForm(
        request.POST or None, organisations=Organisation.objects.filter(partnership__in=managed)
    )
    if request.method == "POST" and form.is_valid():
        try:
            client, secret = create_client(actor=request.user, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _shown_once(request, client, secret)
    status = INVALID if form.errors else 200
    return render(request, "partners/clients/form.html", {"form": form}, status=status)


@require_safe
def client(request: HttpRequest, pk: int) -> HttpResponse:
    found, at = _found(request, pk), clock.now()
    secrets = list(found.secrets.all())
    running = {secret.pk for secret in found.secrets.running(at)}
    context = {
        "client": found,
        "scopes": [(name, SCOPES[name]) for name in found.scopes.split() if name in SCOPES],
        "secrets": [(secret, secret.pk in running) for secret in secrets],
        "several": len(running) > 1,
        "history": _history(found, secrets),
        "may_change": found.is_active and _may_change(request, found),
    }
    return render(request, "partners/clients/client.html", context)


@PAGE_OR_FORM
def client_scopes(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = ScopesForm(request.POST or None, initial={"scopes": found.scopes.split()})
    if request.method == "POST" and form.is_valid():
        try:
            change_scopes(actor=request.user, client=found, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "What the system may do is changed.")
            return redirect("partners:client", found.pk)
    return _form_page(request, "partners/clients/scopes_form.html", found, form)


@PAGE_OR_FORM
def client_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a client another secret, and show it this once."""
    found, at = _to_change(request, pk), clock.now()
    running = found.secrets.running(at)
    form = ReplaceSecretForm(request.POST or None, replaces=running.exists())
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = replace_secret(actor=request.user, client=found, at=at, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _shown_once(request, found, secret, former=running.exclude(ends_at=None).first())
    return _form_page(request, "partners/clients/secret_form.html", found, form)


@require_POST
def client_secret_end(request: HttpRequest, pk: int, secret_pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    secret = get_object_or_404(found.secrets.select_related("client__partnership"), pk=secret_pk)
    try:
        end_secret(actor=request.user, secret=secret, at=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "The secret has ended, and the tokens of this client with it.")
    return redirect("partners:client", found.pk)


@PAGE_OR_FORM
def client_stop(request: HttpRequest, pk: int) -> HttpResponse:
    found = _to_change(request, pk)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deactivate_client(actor=request.user, client=found, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{found} is stopped. Its tokens no longer work.")
            return redirect("partners:client", found.pk)
    return _form_page(request, "partners/clients/stop_form.html", found, form)


def _visible(request: HttpRequest) -> Any:
    seen = ApiClient.objects.visible_to(request.user, clock.today())
    return seen.select_related("organisation", "partnership", "user")


def _found(request: HttpRequest, pk: int) -> ApiClient:
    found: ApiClient = get_object_or_404(_visible(request), pk=pk)
    return found


def _to_change(request: HttpRequest, pk: int) -> ApiClient:
    found = _found(request, pk)
    if not _may_change(request, found):
        raise PermissionDenied(ONLY_THE_MANAGER)
    return found


def _may_change(request: HttpRequest, found: ApiClient) -> bool:
    return may_edit_reference(request.user, found.partnership_id, clock.today())


def _form_page(request: HttpRequest, template: str, found: ApiClient, form: GovukForm) -> HttpResponse:
    """Show a form about a client; about one that is stopped, say so instead."""
    if not found.is_active:
        context = {"client": found, "text": STOPPED}
        return render(request, "partners/clients/refused.html", context, status=CONFLICT)
    refusals = form.non_field_errors().as_data()
    status = CONFLICT if any(each.code == "state" for each in refusals) else INVALID
    return render(request, template, {"client": found, "form": form}, status=status if form.errors else 200)


def _shown_once(
    request: HttpRequest, found: ApiClient, secret: str, former: ClientSecret | None = None
) -> HttpResponse:
    context = {"client": found, "secret": secret, "former": former}
    response = render(request, "partners/clients/secret.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _history(found: ApiClient, secrets: list[ClientSecret]) -> list[dict[str, Any]]:
    """Return what was done about a client, newest first, as its ledger has it."""
    entries = Entry.objects.filter(ledger=found.partnership.ledger_id, verb__in=DONE).order_by("-sequence")
    mine = entries.filter(target_type="partners.apiclient", target_id=str(found.pk))
    of_secrets = entries.filter(
        target_type="partners.clientsecret", target_id__in=[str(secret.pk) for secret in secrets]
    )
    rows = sorted((*mine, *of_secrets), key=lambda entry: entry.sequence, reverse=True)
    return [{"at": row.at, "who": row.actor_label, "what": DONE[row.verb], "note": row.note} for row in rows]
