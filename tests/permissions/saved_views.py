"""The rows of the permission matrix for saved views. The view in play is Bradford's SPOC's, shared with the partnership."""

from typing import Any

from actions.models import Action
from actions.saved_views.services import create_view
from tests.cast import AT, Cast

# Without a question in its address there is nothing to save: the list is where one is asked.
PAGES = """
#                            an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
actions:saved-view-create  GET   302 403 403 403 403 302 302 : 302 302 302 302 302 302
actions:saved-view-create  POST  302 403 403 403 403 302 302 : 302 302 302 302 302 302
actions:saved-view-create  OTHER 302 405
actions:saved-view         GET   302 404 404 404 404 404 200 : 200 200 200 200 200 200
actions:saved-view         POST  302 405
actions:saved-view         OTHER 302 405
actions:saved-view-edit    GET   302 404 404 404 404 404 403 : 403 200 403 200 403 403
actions:saved-view-edit    POST  302 404 404 404 404 404 403 : 403 422 403 422 403 403
actions:saved-view-edit    OTHER 302 405
actions:saved-view-delete  GET   302 302
actions:saved-view-delete  POST  302 404 404 404 404 404 403 : 403 302 403 302 403 403
actions:saved-view-delete  OTHER 302 405
actions:saved-view-watch   GET   302 302
actions:saved-view-watch   POST  302 404 404 404 404 404 302 : 302 302 302 302 302 302
actions:saved-view-watch   OTHER 302 405
actions:saved-view-viewed    GET   302 302
actions:saved-view-viewed    POST  302 404 404 404 404 404 302 : 302 302 302 302 302 302
actions:saved-view-viewed    OTHER 302 405
"""


def view(cast: Cast, action: Action) -> dict[str, Any]:
    """Return what addresses hold that stand for a view."""
    fields = {"partnership": cast.yorkshire, "name": "Open ones", "query": [("state", "open")]}
    return {"pk": create_view(actor=cast.bradford_spoc, shared=True, at=AT, **fields).pk}


WITH_A_VIEW = ("saved-view", "saved-view-edit", "saved-view-delete", "saved-view-watch", "saved-view-viewed")
FOUND = {f"actions:{name}": view for name in WITH_A_VIEW}
