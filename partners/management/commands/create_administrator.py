from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from audit.actors import SYSTEM
from partners.accounts.passwords import may_use_password
from partners.accounts.services.links import INVITATION_DAYS, invitation_path
from partners.accounts.services.users import create_user
from partners.models import User


class Command(BaseCommand):
    help = (
        "Create the first administrator's account, and print the link at which its holder chooses a password."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, metavar="ADDRESS")
        parser.add_argument("--name", required=True, metavar="POST", help="job title, not a person's name")
        parser.add_argument(
            "--if-none", action="store_true", help="create none if there is an administrator already"
        )

    def handle(self, *, email: str, name: str, if_none: bool, **_options: Any) -> None:
        user = User.objects.filter(is_staff=True, is_active=True).order_by("pk").first() if if_none else None
        if user is None:
            try:
                user = create_user(actor=SYSTEM, email=email, name=name, is_staff=True, at=clock.now())
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            self.stdout.write(f"Created an administrator's account for {user.email}.")
        if user.has_usable_password():
            self.stdout.write(f"Sign in as {user.email}.")
            return
        if not may_use_password(user):
            self.stdout.write(
                f"People sign in with {settings.OIDC_NAME}. To let this account use a password, add {user.email} to "
                "EMERGENCY_ACCOUNTS and run the command again with --if-none."
            )
            return
        self.stdout.write(
            f"Choose its password within {INVITATION_DAYS} days. Anyone with this link can do it, once:"
        )
        self.stdout.write(f"{settings.SITE_ADDRESS}{invitation_path(user=user)}")
