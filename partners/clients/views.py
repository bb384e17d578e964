"""Pages about API clients. The programme manager changes them; the auditor can view them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.models import Entry
from audit.policies import forbid
from partners import policies
from partners.clients.forms import RegisterForm, ReplaceSecretForm, ScopesForm, StopForm
from partners.clients.models import ApiClient, ClientSecret
from partners.clients.services.clients import change_scopes, create_client, deactivate_client
from partners.clients.services.secrets import end_secret, replace_secret
from partners.organisations.models import Organisation
from partners.policies import Role, rights_of
from partners.scopes import SCOPES
from web.callers import actor_of
from web.forms import GovukForm
from web.pages import CONFLICT, INVALID, PAGE_OR_FORM

STOPPED = "You cannot change a stopped client. To use the system again, register it again."
CHANGES = {
    "client.created": "Registered",
    "client.secret_created": "Secret created",
    "client.secret_ended": "Secret expiry set",
    "client.scopes_changed": "Permissions changed",
    "client.deactivated": "Access stopped",
}


@require_safe
def client_list(request: HttpRequest) -> HttpResponse:
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_list_clients(rights))
    clients = _visible_clients(request).with_last_use().order_by("-is_active", "organisation__name", "name")
    may_register = not policies.why_not_register_client(rights)
    return render(request, "partners/clients/list.html", {"clients": clients, "may_register": may_register})


@PAGE_OR_FORM
def client_register(request: HttpRequest) -> HttpResponse:
    """Register a system and show its secret once."""
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_register_client(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    form = RegisterForm(
        request.POST or None, organisations=Organisation.objects.filter(partnership__in=managed)
    )
    if request.method == "POST" and form.is_valid():
        try:
            client, secret = create_client(actor=actor_of(request), at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _secret_page(request, client, secret)
    status = INVALID if form.errors else 200
    return render(request, "partners/clients/form.html", {"form": form}, status=status)


@require_safe
def client_page(request: HttpRequest, pk: int) -> HttpResponse:
    client, at = _visible_client(request, pk), clock.now()
    secrets = list(client.secrets.all())
    running = {secret.pk for secret in client.secrets.running(at)}
    context = {
        "client": client,
        "scopes": [(name, SCOPES[name]) for name in client.scopes.split() if name in SCOPES],
        "secrets": [(secret, secret.pk in running) for secret in secrets],
        "several": len(running) > 1,
        "history": _history(client, secrets),
        "may_change": client.is_active
        and not policies.why_not_change_client(request.user, client, clock.today()),
    }
    return render(request, "partners/clients/client.html", context)


@PAGE_OR_FORM
def client_scopes(request: HttpRequest, pk: int) -> HttpResponse:
    client = _changeable_client(request, pk)
    form = ScopesForm(request.POST or None, initial={"scopes": client.scopes.split()})
    if request.method == "POST" and form.is_valid():
        try:
            change_scopes(actor=actor_of(request), client=client, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Permissions saved")
            return redirect("partners:client", client.pk)
    return _form_page(request, "partners/clients/scopes_form.html", client, form)


@PAGE_OR_FORM
def client_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Create another secret for a client and show it once."""
    client, at = _changeable_client(request, pk), clock.now()
    running = client.secrets.running(at)
    form = ReplaceSecretForm(request.POST or None, replaces=running.exists())
    if request.method == "POST" and form.is_valid():
        try:
            _, secret = replace_secret(actor=actor_of(request), client=client, at=at, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _secret_page(request, client, secret, former=running.exclude(ends_at=None).first())
    return _form_page(request, "partners/clients/secret_form.html", client, form)


@require_POST
def client_secret_end(request: HttpRequest, pk: int, secret_pk: int) -> HttpResponse:
    client = _changeable_client(request, pk)
    secret = get_object_or_404(client.secrets.select_related("client__partnership"), pk=secret_pk)
    try:
        end_secret(actor=actor_of(request), secret=secret, at=clock.now())
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, "Secret revoked. The access tokens of this client no longer work.")
    return redirect("partners:client", client.pk)


@PAGE_OR_FORM
def client_stop(request: HttpRequest, pk: int) -> HttpResponse:
    client = _changeable_client(request, pk)
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            deactivate_client(actor=actor_of(request), client=client, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"Access stopped for {client}. Its access tokens no longer work.")
            return redirect("partners:client", client.pk)
    return _form_page(request, "partners/clients/stop_form.html", client, form)


def _visible_clients(request: HttpRequest) -> Any:
    clients = ApiClient.objects.visible_to(request.user, clock.today())
    return clients.select_related("organisation", "partnership", "user")


def _visible_client(request: HttpRequest, pk: int) -> ApiClient:
    client: ApiClient = get_object_or_404(_visible_clients(request), pk=pk)
    return client


def _changeable_client(request: HttpRequest, pk: int) -> ApiClient:
    client = _visible_client(request, pk)
    forbid(policies.why_not_change_client(request.user, client, clock.today()))
    return client


def _form_page(request: HttpRequest, template: str, client: ApiClient, form: GovukForm) -> HttpResponse:
    """Show a form about a client, or a notice if the client is stopped."""
    if not client.is_active:
        context = {"client": client, "text": STOPPED}
        return render(request, "partners/clients/refused.html", context, status=CONFLICT)
    refusals = form.non_field_errors().as_data()
    status = CONFLICT if any(each.code == "state" for each in refusals) else INVALID
    return render(request, template, {"client": client, "form": form}, status=status if form.errors else 200)


def _secret_page(
    request: HttpRequest, client: ApiClient, secret: str, former: ClientSecret | None = None
) -> HttpResponse:
    context = {"client": client, "secret": secret, "former": former}
    response = render(request, "partners/clients/secret.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _history(client: ApiClient, secrets: list[ClientSecret]) -> list[dict[str, Any]]:
    """Return the changes to a client in the ledger, newest first."""
    entries = Entry.objects.filter(ledger=client.partnership.ledger_id, verb__in=CHANGES).order_by(
        "-sequence"
    )
    mine = entries.filter(target_type="partners.apiclient", target_id=str(client.pk))
    of_secrets = entries.filter(
        target_type="partners.clientsecret", target_id__in=[str(secret.pk) for secret in secrets]
    )
    rows = sorted((*mine, *of_secrets), key=lambda entry: entry.sequence, reverse=True)
    return [
        {"at": row.at, "who": row.actor_label, "what": CHANGES[row.verb], "note": row.note} for row in rows
    ]
