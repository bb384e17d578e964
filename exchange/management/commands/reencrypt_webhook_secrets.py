from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.actors import SYSTEM
from exchange.webhooks.services.secrets import UnreadableSecretError, reencrypt_secrets


class Command(BaseCommand):
    help = "Encrypt the secrets of all webhooks with the first of WEBHOOK_SECRET_KEYS, so that the others can be left out."

    def handle(self, **_options: Any) -> None:
        try:
            count = reencrypt_secrets(actor=SYSTEM)
        except UnreadableSecretError as error:
            raise CommandError(
                f"{error} Nothing was changed. Add the key that it was encrypted with."
            ) from error
        self.stdout.write(self.style.SUCCESS(f"{count} webhooks are encrypted with the first key."))
