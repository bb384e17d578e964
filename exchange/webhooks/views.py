"""Webhooks and their messages: viewed by the manager and the auditor, changed by the manager."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
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
from web.forms import GovukForm
from web.pages import INVALID, PAGE_OR_FORM
from web.paging import page_of


@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_list(rights))
    rows = _visible(request).order_by("client__organisation__name", "client__name", "pk")
    may_register = not policies.why_not_register(rights)
    return render(request, "exchange/webhooks/list.html", {"webhooks": rows, "may_register": may_register})


@PAGE_OR_FORM
def webhook_register(request: HttpRequest) -> HttpResponse:
    """Register a webhook and show its secret once."""
    rights = rights_of(request.user, clock.today())
    forbid(policies.why_not_register(rights))
    managed = rights.partnerships(Role.PROGRAMME_MANAGER)
    clients = ApiClient.objects.filter(partnership__in=managed, is_active=True).select_related("organisation")
    form = RegisterForm(request.POST or None, clients=clients)
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = register_webhook(actor=request.user, at=clock.now(), **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error)
        else:
            return _show_secret(request, row, secret)
    status = INVALID if form.errors else 200
    return render(request, "exchange/webhooks/register.html", {"form": form}, status=status)


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
def webhook_address(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    form = AddressForm(request.POST or None, initial={"url": row.url})
    return _form_page(
        request,
        row,
        form,
        template="exchange/webhooks/address.html",
        act=lambda: change_address(actor=request.user, webhook=row, at=clock.now(), **form.cleaned_data),
        success="Address changed",
    )


@PAGE_OR_FORM
def webhook_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Replace the secret of a webhook and show the new one once."""
    row = _manageable_webhook(request, pk)
    form = SecretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed, secret = rotate_secret(actor=request.user, webhook=row, at=clock.now(), **form.cleaned_data)
        return _show_secret(request, changed, secret)
    context = {"webhook": row, "form": form}
    status = INVALID if form.errors else 200
    return render(request, "exchange/webhooks/secret_form.html", context, status=status)


@PAGE_OR_FORM
def webhook_replay(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    form = ReplayForm(request.POST or None)
    return _form_page(
        request,
        row,
        form,
        template="exchange/webhooks/replay.html",
        act=lambda: replay_from(actor=request.user, webhook=row, at=clock.now(), **form.cleaned_data),
        success="All changes after that position will be sent again",
    )


@PAGE_OR_FORM
def webhook_remove(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    if request.method == "POST":
        remove_webhook(actor=request.user, webhook=row, at=clock.now())
        messages.success(request, f"Webhook removed. Nothing more is sent to {row.url}")
        return redirect("exchange:webhook-list")
    return render(request, "exchange/webhooks/remove.html", {"webhook": row, "form": RemoveForm()})


@require_POST
def webhook_pause(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    return _done(
        request,
        row,
        lambda: pause_webhook(actor=request.user, webhook=row, at=clock.now()),
        "Webhook paused. Changes are sent when you resume it",
    )


@require_POST
def webhook_resume(request: HttpRequest, pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    return _done(
        request,
        row,
        lambda: resume_webhook(actor=request.user, webhook=row, at=clock.now()),
        "Webhook resumed. It sends all changes since it was paused",
    )


@require_POST
def delivery_replay(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    message = _message(row, delivery_pk)
    when = "when the webhook is resumed" if row.is_paused else "within a minute or two"
    return _done(
        request,
        row,
        lambda: replay_delivery(actor=request.user, delivery=message, at=clock.now()),
        f"The message will be sent {when}",
    )


@require_POST
def delivery_skip(request: HttpRequest, pk: int, delivery_pk: int) -> HttpResponse:
    row = _manageable_webhook(request, pk)
    message = _message(row, delivery_pk)
    return _done(
        request,
        row,
        lambda: skip_delivery(actor=request.user, delivery=message, at=clock.now()),
        "Message skipped. Later messages are sent now; you can still send this one again",
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


def _form_page(
    request: HttpRequest,
    row: Webhook,
    form: GovukForm,
    *,
    template: str,
    act: Callable[[], Any],
    success: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except ValidationError as error:
            _refuse(form, error)
        else:
            messages.success(request, success)
            return redirect("exchange:webhook", row.pk)
    return render(request, template, {"webhook": row, "form": form}, status=INVALID if form.errors else 200)


def _done(request: HttpRequest, row: Webhook, act: Callable[[], Any], success: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    else:
        messages.success(request, success)
    return redirect("exchange:webhook", row.pk)


def _refuse(form: GovukForm, error: ValidationError) -> None:
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in by_field.items():
        for each in errors:
            form.add_error(name if name in form.fields else "url" if "url" in form.fields else None, each)


def _show_secret(request: HttpRequest, row: Webhook, secret: str) -> HttpResponse:
    response = render(request, "exchange/webhooks/secret.html", {"webhook": row, "secret": secret})
    response["Cache-Control"] = "private, no-store"
    return response
