"""The pages of webhooks, who opens them, and how they are reached; walked with the others."""

from datetime import timedelta

from playwright.sync_api import Page

from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.services.registering import pause_webhook, register_webhook
from partners.clients.services.clients import create_client
from tests.cast import AT
from tests.stories.pages import Visit, World, press

PAUSED = "https://93.184.215.14/paused"
LONG = "https://93.184.215.14/" + "hooks-of-the-case-system-" * 4


def add_webhooks(world: World) -> None:
    """One that sends, with a message that was delivered and one that waits; and one that is paused."""
    cast = world.cast
    client, _ = create_client(
        actor=cast.manager,
        organisation=cast.wakefield_council,
        name="Follower",
        scopes=["actions:read", "changes:read"],
        at=AT,
    )
    arguments = {"actor": cast.manager, "client": client, "at": AT}
    row, _ = register_webhook(url=LONG, **arguments)
    fields = {"webhook": row, "made_at": AT, "number": 3, "last_attempt_at": AT}
    WebhookDelivery.objects.create(
        message_id="msg_1", after=0, upto=5, delivered_at=AT, attempts=1, body='{"type":"changes"}', **fields
    )
    WebhookDelivery.objects.create(
        message_id="msg_2",
        after=5,
        upto=9,
        attempts=2,
        next_attempt_at=AT + timedelta(minutes=5),
        last_result="Answered 503",
        **fields,
    )
    paused, _ = register_webhook(url=PAUSED, **arguments)
    pause_webhook(actor=cast.manager, webhook=paused, at=AT)
    WebhookDelivery.objects.create(
        webhook=paused, message_id="msg_3", after=0, upto=5, made_at=AT, delivered_at=AT, attempts=1
    )


def sends(world: World) -> tuple[int]:
    return (Webhook.objects.get(url=LONG).pk,)


def paused(world: World) -> tuple[int]:
    return (Webhook.objects.get(url=PAUSED).pk,)


def message(world: World) -> tuple[int, int]:
    row = WebhookDelivery.objects.get(message_id="msg_1")
    return row.webhook_id, row.pk


def register(page: Page) -> None:
    page.get_by_label("Client", exact=True).select_option(label="Follower, Wakefield Council")
    page.get_by_label("Address").fill("https://93.184.215.14/new")
    press("Add webhook")(page)


def at_once(page: Page) -> None:
    page.get_by_label("In 7 days").check()
    press("Replace secret")(page)


EXCHANGE_VISITS = [
    Visit("api:docs", "", query="?part=actions", name="the API's operations on actions"),
    Visit("exchange:webhook-list", "manager"),
    Visit("exchange:webhook-list", "auditor"),
    Visit("exchange:webhook-list", "leicestershire_manager", name="no webhook yet"),
    Visit("exchange:webhook-register", "manager"),
    Visit(
        *("exchange:webhook-register", "manager"),
        then=press("Add webhook"),
        name="a webhook without an address",
        status=422,
    ),
    Visit("exchange:webhook-register", "manager", then=register, name="a webhook's secret"),
    Visit("exchange:webhook", "manager", sends),
    Visit("exchange:webhook", "auditor", sends),
    Visit("exchange:webhook", "manager", paused, name="a webhook that is paused"),
    Visit("exchange:webhook", "manager", sends, then=press("Pause webhook"), name="exchange:webhook-pause"),
    Visit(
        "exchange:webhook", "manager", paused, then=press("Resume webhook"), name="exchange:webhook-resume"
    ),
    Visit(
        *("exchange:webhook", "manager", paused),
        then=press("Send again the message up to position 5"),
        name="exchange:delivery-replay",
    ),
    Visit(
        *("exchange:webhook", "manager", sends),
        then=press("Skip the message up to position 9"),
        name="exchange:delivery-skip",
    ),
    Visit("exchange:webhook-address", "manager", sends),
    Visit("exchange:webhook-secret", "manager", sends),
    Visit("exchange:webhook-secret", "manager", sends, then=at_once, name="a webhook's new secret"),
    Visit("exchange:webhook-replay", "manager", sends),
    Visit("exchange:webhook-remove", "manager", sends),
    Visit("exchange:delivery", "auditor", message),
]
