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
    help = "Create the first administrator's account. The administrator sets a password by email."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, metavar="ADDRESS")
        parser.add_argument("--name", required=True, metavar="POST", help="job title, not a person's name")

    def handle(self, *, email: str, name: str, **_options: Any) -> None:
        try:
            user = create_user(actor=SYSTEM, email=email, name=name, is_staff=True, at=clock.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Created an administrator's account for {user.email}.")
        self.stdout.write(f"Set a password at {settings.SITE_ADDRESS}{reverse('account_reset_password')}")
