"""Pages about API clients. The programme manager changes them; the auditor can view them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.actors import Actor, account_of
from audit.models import Entry
from audit.policies import forbid
from partners import policies
from partners.clients.forms import RegisterForm, ScopesForm, SendLinkForm, StopForm
from partners.clients.models import ApiClient, ClientSecret, SecretLink
from partners.clients.policies import why_not_receive_secret
from partners.clients.services.clients import change_scopes, deactivate_client, register_client
from partners.clients.services.link_mail import link_of
from partners.clients.services.links import claim_secret, people_of, send_link, why_not_claim, withdraw_link
from partners.clients.services.secrets import end_secret
from partners.organisations.models import Organisation
from partners.policies import Role, rights_of
from partners.scopes import SCOPES
from web.callers import actor_of
from web.confirmation import confirm_first
from web.forms import GovukForm
from web.language import lazy_text
from web.pages import PAGE_OR_FORM, answer, press, refused

BROKEN_LINK = lazy_text("The link is not complete. Copy the whole of it from the email, and open it again.")
STOPPED = gettext_lazy("You cannot change a stopped client. To use the system again, register it again.")
CHANGES = {
    "client.created": lazy_text("Registered"),
    "client.secret_link_sent": lazy_text("Link to a secret sent"),
    "client.secret_link_used": lazy_text("Link used"),
    "client.secret_link_withdrawn": lazy_text("Link withdrawn"),
    "client.secret_created": lazy_text("Secret created"),
    "client.secret_ended": lazy_text("Secret expiry set"),
    "client.scopes_changed": lazy_text("Permissions changed"),
    "client.deactivated": lazy_text("Access stopped"),
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
    """Register a system. The next page sends the link to its secret."""
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_register_client(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    return answer(
        request,
        RegisterForm(
            request.POST or None, organisations=Organisation.objects.filter(partnership__in=managed)
        ),
        service=register_client,
        template="partners/clients/form.html",
        done=lambda client: gettext("{name} registered. Now send the link to its secret").format(
            name=client.name
        ),
        leads_to=lambda client: reverse("partners:client-secret", args=[client.pk]),
        heading=gettext("Register a system"),
        back=reverse("partners:client-list"),
        back_text=gettext("Back to API clients"),
    )


@require_safe
def client_page(request: HttpRequest, pk: int) -> HttpResponse:
    client, at = _visible_client(request, pk), clock.now()
    secrets = list(client.secrets.all())
    running = {secret.pk for secret in client.secrets.running(at)}
    context = {
        "client": client,
        "scopes": [(name, gettext(SCOPES[name])) for name in client.scopes.split() if name in SCOPES],
        "secrets": [(secret, secret.pk in running) for secret in secrets],
        "several": len(running) > 1,
        "link": client.secret_links.open().first(),
        "now": at,
        "history": _history(client),
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
        done=gettext("Permissions saved"),
    )


@PAGE_OR_FORM
@confirm_first
def client_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link by which the organisation gets a secret."""
    client, on = _changeable_client(request, pk), clock.today()
    people = [
        person
        for person in people_of(client=client, on=on)
        if not why_not_receive_secret(person, client.partnership_id, on)
    ]
    replaces = client.secrets.running(clock.now()).exists()
    return _answer(
        request,
        SendLinkForm(request.POST or None, people=people, replaces=replaces),
        client,
        service=lambda **values: send_link(client=client, **values),
        template="partners/clients/secret_form.html",
        done=lambda link: gettext("Link sent to {email}").format(email=link.email),
        hours=settings.SECRET_LINK_HOURS,
    )


@require_POST
def client_link_withdraw(request: HttpRequest, pk: int, link_pk: int) -> HttpResponse:
    client = _changeable_client(request, pk)
    link = get_object_or_404(client.secret_links.select_related("client__partnership"), pk=link_pk)
    return press(
        request,
        lambda **who: withdraw_link(link=link, **who),
        done=gettext("Link withdrawn"),
        leads_to=_address(client),
    )


@login_not_required
@PAGE_OR_FORM
def client_secret_claim(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whoever has the link to press a button, and then show the secret once. Programs that open links press none."""
    link, at = link_of(token=token), clock.now()
    if link is not None and request.user.is_authenticated:
        forbid(why_not_receive_secret(request.user, link.client.partnership_id, clock.today()))
    reason = why_not_claim(link=link, at=at) if link else BROKEN_LINK
    if link is not None and request.method == "POST":
        try:
            secret, text = claim_secret(actor=_claimant(request, link), link=link, at=at)
        except ValidationError as error:
            reason = " ".join(error.messages)
        else:
            return _secret_page(request, secret, text)
    status = 200 if not reason else 404 if link is None else 410
    context = {"client": link.client if link else None, "reason": reason}
    return render(request, "partners/clients/claim.html", context, status=status)


@require_POST
def client_secret_end(request: HttpRequest, pk: int, secret_pk: int) -> HttpResponse:
    client = _changeable_client(request, pk)
    secret = get_object_or_404(client.secrets.select_related("client__partnership"), pk=secret_pk)
    return press(
        request,
        lambda **who: end_secret(secret=secret, **who),
        done=gettext("Secret revoked. The access tokens of this client no longer work."),
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
        done=gettext("Access stopped for {client}. Its access tokens no longer work.").format(client=client),
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
        "back_text": gettext("Back to the client"),
    }
    if not client.is_active:
        return refused(
            request, heading=gettext("{name} is stopped").format(name=client.name), text=str(STOPPED), **about
        )
    defaults: dict[str, Any] = {"done": "", "leads_to": lambda _: _address(client), "client": client}
    return answer(request, form, **(about | defaults | arguments))


def _claimant(request: HttpRequest, link: SecretLink) -> Actor:
    """Return who uses a link: whoever is signed in, else the client itself."""
    return actor_of(request) if request.user.is_authenticated else account_of(link.client.user)


def _secret_page(request: HttpRequest, secret: ClientSecret, text: str) -> HttpResponse:
    former = secret.client.secrets.running(secret.created_at).exclude(ends_at=None).first()
    context = {"client": secret.client, "secret": text, "former": former}
    response = render(request, "partners/clients/secret.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _history(client: ApiClient) -> list[dict[str, Any]]:
    """Return the changes to a client, its secrets and links in the ledger, newest first."""
    entries = Entry.objects.filter(ledger=client.partnership.ledger_id, verb__in=CHANGES)
    targets = (
        ("partners.apiclient", [client.pk]),
        ("partners.clientsecret", client.secrets.values_list("pk", flat=True)),
        ("partners.secretlink", client.secret_links.values_list("pk", flat=True)),
    )
    # One query for each kind of row, which an index answers.
    changes = [
        entry
        for kind, ids in targets
        for entry in entries.filter(target_type=kind, target_id__in=[str(pk) for pk in ids])
    ]
    rows = sorted(changes, key=lambda entry: entry.sequence, reverse=True)
    return [
        {"at": row.at, "who": row.actor_label, "what": CHANGES[row.verb], "note": row.note} for row in rows
    ]
