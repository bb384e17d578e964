from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from partners.accounts.models import User
from partners.clients.services.clients import create_client
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership
from partners.scopes import PROVISIONING, SCOPES


class Command(BaseCommand):
    help = "Register a partner's system for the API and print its client ID and secret. The secret is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", required=True, metavar="NAME")
        parser.add_argument("--organisation", required=True, metavar="NAME", help="full or short name")
        parser.add_argument("--name", required=True, help="name of the system")
        parser.add_argument(
            "--scope",
            action="append",
            dest="scopes",
            choices=sorted({*SCOPES, PROVISIONING}),
            help=f"repeat for several scopes; all but {PROVISIONING} by default",
        )
        parser.add_argument(
            "--actor", required=True, metavar="EMAIL", help="account that registers the system"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        partnership = _partnership(options["partnership"])
        try:
            client, secret = create_client(
                actor=_actor(options["actor"]),
                organisation=_organisation(partnership, options["organisation"]),
                name=options["name"],
                scopes=options["scopes"] or sorted(SCOPES),
                at=clock.now(),
            )
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Client id:     {client.client_id}")
        self.stdout.write(f"Client secret: {secret}")
        self.stdout.write(f"Scopes:        {client.scopes}")
        self.stdout.write("Keep the secret safe. You will not see it again.")


def _partnership(name: str) -> Partnership:
    partnership = Partnership.objects.filter(name__iexact=name).first()
    if partnership is None:
        names = ", ".join(f"“{each}”" for each in Partnership.objects.values_list("name", flat=True))
        raise CommandError(f"There is no partnership “{name}”. Choose from: {names or 'none'}.")
    return partnership


def _organisation(partnership: Partnership, name: str) -> Organisation:
    organisations = Organisation.objects.filter(partnership=partnership)
    matches = organisations.filter(name__iexact=name) or organisations.filter(short_name__iexact=name)
    if len(matches) != 1:
        raise CommandError(f"{partnership} has no organisation called “{name}”.")
    return matches[0]


def _actor(email: str) -> User:
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active account “{email}”.")
    return user
