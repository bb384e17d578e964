"""The rows of the permission matrix for the set-up of a partnership: its districts, organisations, boards and people."""

from typing import Any

from actions.models import Action
from tests.cast import Cast

PAGES = """
#                               an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
importing:setup                 GET   302 403 403 403 200 302 403 : 403 403 403 302 403 403
importing:setup                 POST  302 403 403 403 422 403 403 : 403 403 403 403 403 403
importing:setup                 OTHER 302 405
importing:setup-partnership     GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
importing:setup-partnership     POST  302 404 403 404 403 404 403 : 403 403 403 422 403 403
importing:setup-partnership     OTHER 302 405
importing:setup-invitations     GET   302 302
importing:setup-invitations     POST  302 404 403 404 302 404 403 : 403 403 403 302 403 403
importing:setup-invitations     OTHER 302 405
importing:people-import         GET   302 404 403 404 200 404 403 : 403 403 403 200 403 403
importing:people-import         POST  302 404 403 404 422 404 403 : 403 403 403 422 403 403
importing:people-import         OTHER 302 405
importing:people-import-confirm GET   302 302
importing:people-import-confirm POST  302 404 403 404 409 404 403 : 403 403 403 409 403 403
importing:people-import-confirm OTHER 302 405
"""


def partnership(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": cast.yorkshire.pk}


OF_A_PARTNERSHIP = ("setup-partnership", "setup-invitations", "people-import", "people-import-confirm")
FOUND = {f"importing:{name}": partnership for name in OF_A_PARTNERSHIP}
