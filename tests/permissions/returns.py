"""The rows of the permission matrix for returns, and the return in play: Bradford's for May."""

from collections.abc import Callable
from typing import Any

from actions.models import Action
from audit.actors import SYSTEM
from returns.models import Return
from returns.services.opening import open_returns
from tests.cast import AT, Cast
from tests.returns import returns

PAGES = """
#                          an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
returns:return-list      GET   302 200
returns:return-list      POST  302 405
returns:return-list      OTHER 302 405
returns:plan-returns     GET   302 404 404 404 404 404 404 : 200 200 200 200 200 200
returns:plan-returns     POST  302 405
returns:plan-returns     OTHER 302 405
returns:return           GET   302 404 404 404 404 404 404 : 404 200 404 200 200 200
returns:return           POST  302 404 404 404 404 404 404 : 404 422 404 403 403 403
returns:return           OTHER 302 405
returns:return-read      GET   302 404 404 404 404 404 404 : 404 200 404 200 200 200
returns:return-read      POST  302 405
returns:return-read      OTHER 302 405
returns:return-submit    GET   302 302
returns:return-submit    POST  302 404 404 404 404 404 404 : 404 409 404 403 403 403
returns:return-submit    OTHER 302 405
returns:return-question  GET   302 404 404 404 404 404 404 : 404 403 404 200 403 403
returns:return-question  POST  302 404 404 404 404 404 404 : 404 403 404 422 403 403
returns:return-question  OTHER 302 405
"""


# A draft without a word, for any version of the return; else what is sent says nothing that these addresses know.
API = """
#                          an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:return-list      GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:return-list      POST  401 405
api:return-list      OTHER 401 405
api:return           GET   401 404 404 404 404 404 404 : 404 200 404 200 200 200 : 403 403 403 404
api:return           POST  401 405
api:return           PATCH 401 404 404 404 404 404 404 : 404 200 404 403 403 403 : 403 403 403 404
api:return           PUT   401 405
api:return           DELETE 401 405
api:return-submit    GET   401 405
api:return-submit    POST  401 404 404 404 404 404 404 : 404 400 404 403 403 403 : 403 403 403 404
api:return-submit    OTHER 401 405
api:return-question  GET   401 405
api:return-question  POST  401 404 404 404 404 404 404 : 404 403 404 400 403 403 : 403 403 403 404
api:return-question  OTHER 401 405
"""


def still_open(cast: Cast) -> Return:
    """Bradford's return for May, late and still open on 19 June."""
    returns.request_returns(cast, return_grace=20)
    open_returns(actor=SYSTEM, plan=cast.plan, at=AT)
    return Return.objects.get(organisation=cast.bradford_district, period_start=returns.MAY)


def an_open_return(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": still_open(cast).pk}


def a_submitted_return(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": returns.submitted_return(cast, still_open(cast), action).pk}


FOUND: dict[str, Callable[[Cast, Action], dict[str, Any]]] = {
    "returns:return": an_open_return,
    "returns:return-read": an_open_return,
    "returns:return-submit": an_open_return,
    "returns:return-question": a_submitted_return,
    "api:return": an_open_return,
    "api:return-submit": an_open_return,
    "api:return-question": a_submitted_return,
}
