"""The rows of the permission matrix for lists as CSV by their address: who may read one is who may read the list."""

from typing import Any

from actions.models import Action
from tests.cast import Cast

API = """
#                 an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:as-csv  GET   401 404 404 404 404 404 404 : 200 200 200 200 200 200 : 200 403 403 404
api:as-csv  POST  405 405
api:as-csv  OTHER 405 405
"""


def its_updates(cast: Cast, action: Action) -> dict[str, Any]:
    return {"address": f"actions/{action.pk}/updates"}


FOUND = {"api:as-csv": its_updates}
