"""Secrets of webhooks are encrypted under keys of their own, which are replaced without a webhook noticing."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from exchange.webhooks.models import Webhook
from exchange.webhooks.services.registering import register_webhook, rotate_secret
from exchange.webhooks.services.secrets import UnreadableSecretError, decrypt
from tests.cast import AT, Cast
from tests.exchange.webhooks.receiving import Receiver, names, receiver
from tests.exchange.webhooks.test_webhooks import client_of

__all__ = ["names", "receiver"]
OLD, NEW = "old key " * 8, "new key " * 8


def reencrypt() -> str:
    output = StringIO()
    call_command("reencrypt_webhook_secrets", stdout=output)
    return output.getvalue()


def test_a_key_is_replaced_and_the_secrets_stay(cast: Cast, receiver: Receiver, settings: Any) -> None:
    hook, first = register_webhook(actor=cast.manager, client=client_of(cast), url=receiver.url, at=AT)
    settings.WEBHOOK_SECRET_KEYS = [OLD]
    assert decrypt(hook.secret) == first, "from before the setting"
    hook, second = rotate_secret(actor=cast.manager, webhook=hook, overlap=timedelta(days=1), at=AT)
    settings.WEBHOOK_SECRET_KEYS = [NEW, OLD]
    assert reencrypt() == "1 webhooks are encrypted with the first key.\n"
    settings.WEBHOOK_SECRET_KEYS = [NEW]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of the service " * 3, []
    hook = Webhook.objects.get()
    assert [decrypt(hook.secret), decrypt(hook.former_secret)] == [second, first]
    settings.WEBHOOK_SECRET_KEYS = [OLD]
    with pytest.raises(UnreadableSecretError):
        decrypt(hook.secret)


def test_without_the_key_nothing_is_changed_and_the_webhook_pauses(
    cast: Cast, receiver: Receiver, settings: Any
) -> None:
    settings.WEBHOOK_SECRET_KEYS = [OLD]
    hook, _ = register_webhook(actor=cast.manager, client=client_of(cast), url=receiver.url, at=AT)
    settings.WEBHOOK_SECRET_KEYS = [NEW]
    with pytest.raises(CommandError, match=f"webhook {hook.pk} cannot be read. Nothing was changed"):
        reencrypt()
    assert Webhook.objects.get().secret == hook.secret
    assert receiver.got == []
