from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from audit.actors import SYSTEM
from web.services import record_secret_key


class Command(BaseCommand):
    help = (
        "Accept a SECRET_KEY that was changed on purpose without keeping the old one in SECRET_KEY_FALLBACKS."
    )

    def handle(self, **_options: Any) -> None:
        record_secret_key(actor=SYSTEM, at=clock.system(), is_accepted=True)
        self.stdout.write("The secret key is accepted. What was encrypted with the old one cannot be read.")
