"""A session that stays, whose person has confirmed who they are."""

import time

from django.test import Client

from partners.models import User

# A confirmation counts for 5 minutes, an unused session for 30; a walk through the pages can take longer.
DAY = 24 * 60 * 60


def confirm(client: Client, person: User) -> None:
    """Let the person have confirmed who they are; tests/web/test_confirmation.py is about those who have not."""
    session = client.session
    session.set_expiry(DAY)
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + DAY}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
