"""The rows of the permission matrix for what other systems follow. The webhook in play is of Wakefield council's system."""

from typing import Any

from actions.models import Action
from exchange.webhooks.models import WebhookDelivery
from exchange.webhooks.services.registering import register_webhook
from partners.clients.services.clients import create_client
from tests.cast import AT, Cast

PAGES = """
#                           an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
exchange:webhook-list      GET   302 403 403 403 403 200 403 : 403 403 403 200 403 200
exchange:webhook-list      POST  302 405
exchange:webhook-list      OTHER 302 405
exchange:webhook-register  GET   302 403 403 403 403 200 403 : 403 403 403 200 403 403
exchange:webhook-register  POST  302 403 403 403 403 422 403 : 403 403 403 422 403 403
exchange:webhook-register  OTHER 302 405
exchange:webhook           GET   302 404 404 404 404 404 404 : 404 404 404 200 404 200
exchange:webhook           POST  302 405
exchange:webhook           OTHER 302 405
exchange:webhook-address   GET   302 404 404 404 404 404 404 : 404 404 404 200 404 403
exchange:webhook-address   POST  302 404 404 404 404 404 404 : 404 404 404 422 404 403
exchange:webhook-address   OTHER 302 405
exchange:webhook-secret    GET   302 404 404 404 404 404 404 : 404 404 404 200 404 403
exchange:webhook-secret    POST  302 404 404 404 404 404 404 : 404 404 404 422 404 403
exchange:webhook-secret    OTHER 302 405
exchange:webhook-pause     GET   302 302
exchange:webhook-pause     POST  302 404 404 404 404 404 404 : 404 404 404 302 404 403
exchange:webhook-pause     OTHER 302 405
exchange:webhook-resume    GET   302 302
exchange:webhook-resume    POST  302 404 404 404 404 404 404 : 404 404 404 302 404 403
exchange:webhook-resume    OTHER 302 405
exchange:webhook-replay    GET   302 404 404 404 404 404 404 : 404 404 404 200 404 403
exchange:webhook-replay    POST  302 404 404 404 404 404 404 : 404 404 404 422 404 403
exchange:webhook-replay    OTHER 302 405
exchange:webhook-remove    GET   302 404 404 404 404 404 404 : 404 404 404 200 404 403
exchange:webhook-remove    POST  302 404 404 404 404 404 404 : 404 404 404 302 404 403
exchange:webhook-remove    OTHER 302 405
exchange:delivery          GET   302 404 404 404 404 404 404 : 404 404 404 200 404 200
exchange:delivery          POST  302 405
exchange:delivery          OTHER 302 405
exchange:delivery-replay   GET   302 302
exchange:delivery-replay   POST  302 404 404 404 404 404 404 : 404 404 404 302 404 403
exchange:delivery-replay   OTHER 302 405
exchange:delivery-skip     GET   302 302
exchange:delivery-skip     POST  302 404 404 404 404 404 404 : 404 404 404 302 404 403
exchange:delivery-skip     OTHER 302 405
"""

API = """
#                          an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:change-list  GET       401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:change-list  POST      401 405
api:change-list  OTHER     401 405
api:webhook-list            GET    401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:webhook-list            POST   401 403 403 403 403 400 403 : 403 403 403 400 403 403 : 403 403 403 400
api:webhook-list            OTHER  401 405
api:webhook                 GET    401 404 404 404 404 404 404 : 404 404 404 200 404 200 : 403 403 403 404
api:webhook                 POST   401 405
api:webhook                 PUT    401 405
api:webhook                 DELETE 401 405
api:webhook                 PATCH  401 404 404 404 404 404 404 : 404 404 404 400 404 403 : 403 403 403 404
api:webhook-address         GET    401 405
api:webhook-address         POST   401 404 404 404 404 404 404 : 404 404 404 400 404 403 : 403 403 403 404
api:webhook-address         OTHER  401 405
api:webhook-remove          GET    401 405
api:webhook-remove          POST   401 404 404 404 404 404 404 : 404 404 404 400 404 403 : 403 403 403 404
api:webhook-remove          OTHER  401 405
api:webhook-secret-list     GET    401 405
api:webhook-secret-list     POST   401 404 404 404 404 404 404 : 404 404 404 400 404 403 : 403 403 403 404
api:webhook-secret-list     OTHER  401 405
api:webhook-replay          GET    401 405
api:webhook-replay          POST   401 404 404 404 404 404 404 : 404 404 404 400 404 403 : 403 403 403 404
api:webhook-replay          OTHER  401 405
api:webhook-message-list    GET    401 404 404 404 404 404 404 : 404 404 404 200 404 200 : 403 403 403 404
api:webhook-message-list    POST   401 405
api:webhook-message-list    OTHER  401 405
api:webhook-message-replay  GET    401 405
api:webhook-message-replay  POST   401 404 404 404 404 404 404 : 404 404 404 400 404 403 : 403 403 403 404
api:webhook-message-replay  OTHER  401 405
api:webhook-message-skip    GET    401 405
api:webhook-message-skip    POST   401 404 404 404 404 404 404 : 404 404 404 400 404 403 : 403 403 403 404
api:webhook-message-skip    OTHER  401 405
"""


def webhook(cast: Cast, action: Action) -> dict[str, Any]:
    """Return what addresses hold that stand for a webhook and for a message of it."""
    arguments = {"organisation": cast.wakefield_council, "scopes": ["changes:read"], "at": AT}
    client, _ = create_client(actor=cast.manager, name="Follower", **arguments)
    # The address is a number, so that no name is looked up.
    row, _ = register_webhook(actor=cast.manager, client=client, url="https://93.184.215.14/hooks", at=AT)
    delivery = WebhookDelivery.objects.create(
        webhook=row, message_id="msg_1", after=0, upto=1, made_at=AT, delivered_at=AT, body="{}"
    )
    return {"pk": row.pk, "delivery_pk": delivery.pk, "message_id": delivery.pk}


OF_A_WEBHOOK = (
    *("webhook", "webhook-address", "webhook-secret", "webhook-pause", "webhook-resume", "webhook-replay"),
    *("webhook-remove", "delivery", "delivery-replay", "delivery-skip"),
)
OF_ITS_API = (
    *("webhook", "webhook-address", "webhook-remove", "webhook-secret-list", "webhook-replay"),
    *("webhook-message-list", "webhook-message-replay", "webhook-message-skip"),
)
FOUND = {
    **{f"exchange:{name}": webhook for name in OF_A_WEBHOOK},
    **{f"api:{name}": webhook for name in OF_ITS_API},
}
