"""Pages about API clients. The programme manager changes them; the auditor can view them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
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
from web.confirmation import confirm_first
from web.forms import GovukForm
from web.pages import PAGE_OR_FORM, answer, press, refused

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
@confirm_first
def client_register(request: HttpRequest) -> HttpResponse:
    """Register a system and show its secret once."""
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_register_client(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    return answer(
        request,
        RegisterForm(
            request.POST or None, organisations=Organisation.objects.filter(partnership__in=managed)
        ),
        service=create_client,
        template="partners/clients/form.html",
        done="",
        leads_to=lambda created: _secret_page(request, *created),
        heading="Register a system",
        back=reverse("partners:client-list"),
        back_text="Back to API clients",
    )


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
    return _answer(
        request,
        ScopesForm(request.POST or None, initial={"scopes": client.scopes.split()}),
        client,
        service=lambda **values: change_scopes(client=client, **values),
        template="partners/clients/scopes_form.html",
        done="Permissions saved",
    )


@PAGE_OR_FORM
@confirm_first
def client_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Create another secret for a client and show it once."""
    client = _changeable_client(request, pk)
    running = client.secrets.running(clock.now())

    def show(created: tuple[ClientSecret, str]) -> HttpResponse:
        return _secret_page(request, client, created[1], former=running.exclude(ends_at=None).first())

    return _answer(
        request,
        ReplaceSecretForm(request.POST or None, replaces=running.exists()),
        client,
        service=lambda **values: replace_secret(client=client, **values),
        template="partners/clients/secret_form.html",
        leads_to=show,
    )


@require_POST
def client_secret_end(request: HttpRequest, pk: int, secret_pk: int) -> HttpResponse:
    client = _changeable_client(request, pk)
    secret = get_object_or_404(client.secrets.select_related("client__partnership"), pk=secret_pk)
    return press(
        request,
        lambda **who: end_secret(secret=secret, **who),
        done="Secret revoked. The access tokens of this client no longer work.",
        leads_to=_address(client),
    )


@PAGE_OR_FORM
def client_stop(request: HttpRequest, pk: int) -> HttpResponse:
    client = _changeable_client(request, pk)
    return _answer(
        request,
        StopForm(request.POST or None),
        client,
        service=lambda **values: deactivate_client(client=client, **values),
        template="partners/clients/stop_form.html",
        done=f"Access stopped for {client}. Its access tokens no longer work.",
    )


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


def _address(client: ApiClient) -> str:
    return reverse("partners:client", args=[client.pk])


def _answer(request: HttpRequest, form: GovukForm, client: ApiClient, **arguments: Any) -> HttpResponse:
    """Answer as `web.pages.answer` on a form about a client, or explain that the client is stopped."""
    about: dict[str, Any] = {
        "caption": f"{client.name}, {client.organisation}",
        "back": _address(client),
        "back_text": "Back to the client",
    }
    if not client.is_active:
        return refused(request, heading=f"{client.name} is stopped", text=STOPPED, **about)
    defaults: dict[str, Any] = {"done": "", "leads_to": lambda _: _address(client), "client": client}
    return answer(request, form, **(about | defaults | arguments))


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
