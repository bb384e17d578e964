"""The rows of the permission matrix for the calendar. The link in play is Bradford's SPOC's."""

from typing import Any

from actions.models import Action
from desk.calendar.services.links import create_link
from tests.cast import AT, Cast

# The secret in the address of the feed is all that its reader needs.
PAGES = """
#                       an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
desk:calendar         GET   302 200
desk:calendar         POST  302 422
desk:calendar         OTHER 302 405
desk:calendar-revoke  GET   302 302
desk:calendar-revoke  POST  302 404 404 404 404 404 404 : 404 302 404 404 404 404
desk:calendar-revoke  OTHER 302 405
desk:calendar-feed    GET   200 200
desk:calendar-feed    POST  405 405
desk:calendar-feed    OTHER 405 405
"""


def link(cast: Cast, action: Action) -> dict[str, Any]:
    """Return what addresses hold that stand for a link."""
    made, secret = create_link(actor=cast.bradford_spoc, name="Outlook", at=AT)
    return {"pk": made.pk, "secret": secret}


FOUND = {"desk:calendar-revoke": link, "desk:calendar-feed": link}
