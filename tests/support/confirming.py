"""A session whose person has just confirmed who they are."""

import time

from django.test import Client

from partners.models import User


def confirm(client: Client, person: User) -> None:
    """Let the person have confirmed who they are just now; tests/web/test_confirmation.py is about those who have not."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
