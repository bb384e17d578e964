from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from audit import clock
from partners.accounts.models import User
from partners.clients.services.clients import create_client
from partners.organisations.models import Organisation
from partners.partnerships.models import Partnership
from partners.scopes import SCOPES


class Command(BaseCommand):
    help = "Register an organisation's system for the API and print its id and secret, this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", required=True, metavar="NAME")
        parser.add_argument("--organisation", required=True, metavar="NAME", help="its full or short name")
        parser.add_argument("--name", required=True, help="what the system is called")
        parser.add_argument(
            "--scope",
            action="append",
            dest="scopes",
            choices=sorted(SCOPES),
            help="may be given more than once; all scopes when left out",
        )
        parser.add_argument("--actor", required=True, metavar="EMAIL", help="who registers it")

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
        self.stdout.write("Keep the secret safe: only its hash is stored and it is not shown again.")


def _partnership(name: str) -> Partnership:
    found = Partnership.objects.filter(name__iexact=name).first()
    if found is None:
        known = ", ".join(f"“{each}”" for each in Partnership.objects.values_list("name", flat=True))
        raise CommandError(f"There is no partnership “{name}”. There are: {known or 'none'}.")
    return found


def _organisation(partnership: Partnership, name: str) -> Organisation:
    organisations = Organisation.objects.filter(partnership=partnership)
    found = organisations.filter(name__iexact=name) or organisations.filter(short_name__iexact=name)
    if len(found) != 1:
        raise CommandError(f"{partnership} has no organisation called “{name}”.")
    return found[0]


def _actor(email: str) -> User:
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no active account “{email}”.")
    return found
