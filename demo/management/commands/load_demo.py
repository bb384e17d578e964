import logging
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from demo.loading import ADMIN, PASSWORD, DemoError, accounts, administrator, is_loaded, load
from demo.replay import ReplayError
from demo.sandbox import create_sandbox, first_steps, sandbox_accounts
from partners.models import Partnership
from web.language import in_english


@contextmanager
def security_log_off() -> Iterator[None]:
    """Write no security events: those of a made-up history would hide the accounts among a hundred lines."""
    log = logging.getLogger("security")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False


class Command(BaseCommand):
    help = (
        "Load the West Yorkshire and Leicestershire plans with their history, and a sandbox for the API. "
        "Loading twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-sandbox", action="store_true", help="load only the plans")

    @in_english
    def handle(self, **options: Any) -> None:
        if settings.MODE not in {"demo", "test"}:
            raise CommandError("The demonstration's password is public. Load it with MODE=demo.")
        try:
            if is_loaded():
                self.stdout.write("The demonstration is already loaded. Nothing changed.")
            else:
                with security_log_off():
                    events = load(now=clock.now())
                self.stdout.write(f"Demonstration loaded: {events} events.")
        except (DemoError, ReplayError) as error:
            raise CommandError(str(error)) from error
        self._print_accounts()
        if not options["without_sandbox"]:
            self._print_sandbox()

    def _print_accounts(self) -> None:
        self.stdout.write("\nSign in with one of these accounts:")
        for account in accounts():
            self.stdout.write(f"  {account['email']:<36} {account['name']}")
        self.stdout.write(f"  {ADMIN:<36} Administrator (Set-up)")
        self.stdout.write(f"Password for all accounts: {PASSWORD}")

    def _print_sandbox(self) -> None:
        """Create a sandbox if there is none. The secret of an existing one cannot be printed again."""
        self.stdout.write("")
        existing = Partnership.objects.sandboxes().order_by("-pk").first()
        if existing is not None:
            self.stdout.write(
                f"{existing} already exists. Its API client's secret was shown when it was created. To create another:"
            )
            self.stdout.write(f"  make sandbox   # or: manage.py create_sandbox --actor {ADMIN}")
            return
        now = clock.now()
        try:
            with security_log_off():
                sandbox = create_sandbox(actor=administrator(now), at=now, password=PASSWORD)
        except ReplayError as error:
            raise CommandError(str(error)) from error
        for line in first_steps(sandbox=sandbox):
            self.stdout.write(line)
        self.stdout.write("Accounts of the sandbox, with the same password:")
        for account in sandbox_accounts(partnership=sandbox.partnership):
            self.stdout.write(f"  {account.email:<36} {account.name}")
