from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from demo.loading import ADMIN, PASSWORD, DemoError, accounts, is_loaded, load
from demo.replay import ReplayError


class Command(BaseCommand):
    help = (
        "Load the West Yorkshire and Leicestershire plans with their history; loading twice changes nothing."
    )

    def handle(self, **_options: Any) -> None:
        if settings.MODE not in {"demo", "test"}:
            raise CommandError("The demonstration has a known password. It is loaded with MODE=demo only.")
        try:
            if is_loaded():
                self.stdout.write("The demonstration is loaded already; nothing was changed.")
            else:
                self.stdout.write(f"Loaded the demonstration: {load(now=clock.now())} events replayed.")
        except (DemoError, ReplayError) as error:
            raise CommandError(str(error)) from error
        self._print_accounts()

    def _print_accounts(self) -> None:
        self.stdout.write("\nSign in with one of these accounts:")
        for account in accounts():
            self.stdout.write(f"  {account['email']:<36} {account['name']}")
        self.stdout.write(f"  {ADMIN:<36} Reference data administrator (admin site)")
        self.stdout.write(f"Password of all of them: {PASSWORD}")
