from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from demo.replay import ReplayError
from demo.sandbox import create_sandbox, first_steps
from demo.story import DemoError
from partners.models import User


class Command(BaseCommand):
    help = (
        "Create a sandbox, a partnership of made-up data. Print the id and secret of its API client once. "
        "Close earlier sandboxes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--actor", required=True, metavar="EMAIL", help="the administrator who creates it"
        )
        parser.add_argument(
            "--beside", action="store_true", help="leave earlier sandboxes open, for another team"
        )

    def handle(self, **options: Any) -> None:
        actor = User.objects.filter(email__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError(f"There is no active account “{options['actor']}”.")
        try:
            sandbox = create_sandbox(actor=actor, at=clock.now(), beside=options["beside"])
        except (PermissionDenied, DemoError, ReplayError) as error:
            raise CommandError(str(error)) from error
        for line in first_steps(sandbox=sandbox):
            self.stdout.write(line)
