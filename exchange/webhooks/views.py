"""Webhooks and their messages: viewed by the manager and the auditor, changed by the manager."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.policies import forbid
from exchange.webhooks import policies
from exchange.webhooks.forms import AddressForm, RegisterForm, RemoveForm, ReplayForm, SecretForm
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.services.registering import (
    change_address,
    pause_webhook,
    register_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from exchange.webhooks.services.replaying import replay_delivery, replay_from, skip_delivery
from partners.models import ApiClient, Role
from partners.policies import rights_of
from web.confirmation import confirm_first
from web.forms import GovukForm
from web.pages import PAGE_OR_FORM, answer, press
from web.paging import page_of


@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_list(rights))
    rows = _visible(request).order_by("client__organisation__name", "client__name", "pk")
    may_register = not policies.why_not_register(rights)
    return render(request, "exchange/webhooks/list.html", {"webhooks": rows, "may_register": may_register})


@PAGE_OR_FORM
@confirm_first
def webhook_register(request: HttpRequest) -> HttpResponse:
    """Register a webhook and show its secret once."""
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_register(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    clients = ApiClient.objects.filter(partnership__in=managed, is_active=True).select_related("organisation")
    return answer(
        request,
        RegisterForm(request.POST or None, clients=clients),
        service=register_webhook,
        template="exchange/webhooks/register.html",
        done="",
        leads_to=lambda registered: _show_secret(request, *registered),
        heading=gettext("Add a webhook"),
        back=reverse("exchange:webhook-list"),
        back_text=gettext("Back to webhooks"),
    )


@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_webhook(request, pk)
    deliveries = row.deliveries.defer("body").order_by("-made_at", "-pk")
    context = {
        "webhook": row,
        "pages": page_of(request, deliveries),
        "waiting": deliveries.waiting().first(),
        "set_aside": deliveries.set_aside().count(),
        "head": row.client.partnership.ledger.sequence,
        "overlaps": row.former_until is not None and clock.now() < row.former_until,
        "may_manage": not policies.why_not_manage(rights_of(request.user, clock.today()), row.client),
    }
    return render(request, "exchange/webhooks/webhook.html", context)


@require_safe
def delivery(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """Show a message as last sent."""
    row = _get_webhook(request, pk)
    message = get_object_or_404(row.deliveries.all(), pk=delivery_pk)
    return render(request, "exchange/webhooks/delivery.html", {"webhook": row, "delivery": message})


@PAGE_OR_FORM
@confirm_first
def webhook_address(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    return _answer(
        request,
        AddressForm(request.POST or None, initial={"url": row.url}),
        row,
        service=lambda **values: change_address(webhook=row, **values),
        template="exchange/webhooks/address.html",
        done=gettext("Address changed"),
    )


@PAGE_OR_FORM
@confirm_first
def webhook_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the secret of a webhook and show the new one once."""
    row = _manageable_webhook(request, pk)
    return _answer(
        request,
        SecretForm(request.POST or None),
        row,
        service=lambda **values: rotate_secret(webhook=row, **values),
        template="exchange/webhooks/secret_form.html",
        leads_to=lambda rotated: _show_secret(request, *rotated),
    )


@PAGE_OR_FORM
def webhook_replay(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    return _answer(
        request,
        ReplayForm(request.POST or None),
        row,
        service=lambda **values: replay_from(webhook=row, **values),
        template="exchange/webhooks/replay.html",
        done=gettext("All changes after that position will be sent again"),
    )


@PAGE_OR_FORM
def webhook_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    url = row.url
    return _answer(
        request,
        RemoveForm(request.POST if request.method == "POST" else None),
        row,
        service=lambda **values: remove_webhook(webhook=row, **values),
        template="exchange/webhooks/remove.html",
        done=gettext("Webhook removed. Nothing more is sent to {url}").format(url=url),
        leads_to=lambda _: reverse("exchange:webhook-list"),
    )


@require_POST
def webhook_pause(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    return press(
        request,
        lambda **who: pause_webhook(webhook=row, **who),
        done=gettext("Webhook paused. Changes are sent when you resume it"),
        leads_to=_address(row),
    )


@require_POST
def webhook_resume(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    return press(
        request,
        lambda **who: resume_webhook(webhook=row, **who),
        done=gettext("Webhook resumed. It sends all changes since it was paused"),
        leads_to=_address(row),
    )


@require_POST
def delivery_replay(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    message = _message(row, delivery_pk)
    when = gettext("when the webhook is resumed") if row.is_paused else gettext("within a minute or two")
    return press(
        request,
        lambda **who: replay_delivery(delivery=message, **who),
        done=gettext("The message will be sent {when}").format(when=when),
        leads_to=_address(row),
    )


@require_POST
def delivery_skip(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    message = _message(row, delivery_pk)
    return press(
        request,
        lambda **who: skip_delivery(delivery=message, **who),
        done=gettext("Message skipped. Later messages are sent now; you can still send this one again"),
        leads_to=_address(row),
    )


def _message(row: Webhook, pk: int) -> WebhookDelivery:
    message: WebhookDelivery = get_object_or_404(row.deliveries.select_related("webhook__client"), pk=pk)
    return message


def _visible(request: HttpRequest) -> Any:
    rows = Webhook.objects.visible_to(request.user, clock.today())
    return rows.select_related("client__organisation", "client__partnership__ledger", "client__user")


def _get_webhook(request: HttpRequest, pk: int) -> Webhook:
    row: Webhook = get_object_or_404(_visible(request), pk=pk)
    return row


def _manageable_webhook(request: HttpRequest, pk: int) -> Webhook:
    row = _get_webhook(request, pk)
    forbid(policies.why_not_manage(rights_of(request.user, clock.today()), row.client))
    return row


def _address(row: Webhook) -> str:
    return reverse("exchange:webhook", args=[row.pk])


def _answer(request: HttpRequest, form: GovukForm, row: Webhook, **arguments: Any) -> HttpResponse:
    """Answer as `web.pages.answer` on a form about a webhook."""
    about: dict[str, Any] = {
        "webhook": row,
        "caption": f"{row.client.name}, {row.client.organisation}",
        "back": _address(row),
        "back_text": gettext("Back to the webhook"),
        "done": "",
        "leads_to": lambda _: _address(row),
    }
    return answer(request, form, **(about | arguments))


def _show_secret(request: HttpRequest, row: Webhook, secret: str) -> HttpResponse:
    response = render(request, "exchange/webhooks/secret.html", {"webhook": row, "secret": secret})
    response["Cache-Control"] = "private, no-store"
    return response
