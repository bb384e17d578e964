"""A session whose person has confirmed who they are."""

import time

from django.test import Client

from partners.models import User

# A confirmation counts for 5 minutes; a walk through the pages takes longer.
DAY = 24 * 60 * 60


def confirm(client: Client, person: User) -> None:
    """Let the person have confirmed who they are; tests/web/test_confirmation.py is about those who have not."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + DAY}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
