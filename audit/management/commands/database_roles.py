from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from audit.roles import grant_statements, role_statements


class Command(BaseCommand):
    help = "Print the SQL that gives the service a database role without power over the ledger's protection."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--owner", default="prevent_tracker_owner", help="the role that owns and migrates the tables"
        )
        parser.add_argument(
            "--service", default="prevent_tracker", help="the role that the service connects as"
        )
        parser.add_argument(
            "--grant", action="store_true", help="run the grants as the tables' owner, after each migration"
        )

    def handle(self, *, owner: str, service: str, grant: bool, **_options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles.")
        grants = grant_statements(service=service)
        if grant:
            with connection.cursor() as cursor:
                for statement in grants:
                    cursor.execute(statement)
            self.stdout.write(f"{service} may read and write, and only append to the ledgers.")
            return
        database = str(connection.settings_dict["NAME"])
        self.stdout.write(
            "-- Once, as a superuser, before the first migration; then set both passwords with \\password:"
        )
        self._print(role_statements(owner=owner, service=service, database=database))
        self.stdout.write("\n-- As the owner, after each migration; `--grant` does it:")
        self._print(grants)

    def _print(self, statements: list[str]) -> None:
        for statement in statements:
            self.stdout.write(f"{statement};")
