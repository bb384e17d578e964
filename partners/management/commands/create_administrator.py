from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from audit import clock
from audit.actors import SYSTEM
from partners.accounts.services.users import create_user


class Command(BaseCommand):
    help = "Open an administrator's account, for a service that has none yet. Its holder sets the password by e-mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, metavar="ADDRESS")
        parser.add_argument("--name", required=True, metavar="POST", help="the post, not the person")

    def handle(self, *, email: str, name: str, **_options: Any) -> None:
        try:
            made = create_user(actor=SYSTEM, email=email, name=name, is_staff=True, at=clock.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{made.email} has an administrator's account, without a password.")
        self.stdout.write(f"Ask for one at {settings.SITE_ADDRESS}{reverse('account_reset_password')}")
