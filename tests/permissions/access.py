"""The rows of the permission matrix for API clients and personal tokens. The client in play is Wakefield council's."""

from typing import Any

from actions.models import Action
from audit.actors import SYSTEM
from partners.access_reviews.services.schedule import review_access
from partners.clients.services.clients import create_client
from partners.clients.services.link_mail import link_path
from partners.clients.services.links import send_link
from partners.models import AccessReview
from partners.tokens.services import create_token
from tests.cast import AT, TODAY, Cast

PAGES = """
#                           an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
partners:client-list        GET   302 403 403 403 403 200 403 : 403 403 403 200 403 200
partners:client-list        POST  302 405
partners:client-list        OTHER 302 405
partners:client-register    GET   302 403 403 403 403 200 403 : 403 403 403 200 403 403
partners:client-register    POST  302 403 403 403 403 422 403 : 403 403 403 422 403 403
partners:client-register    OTHER 302 405
partners:client             GET   302 404 404 404 404 404 404 : 404 404 404 200 404 200
partners:client             POST  302 405
partners:client             OTHER 302 405
partners:client-scopes      GET   302 404 404 404 404 404 404 : 404 404 404 200 404 403
partners:client-scopes      POST  302 404 404 404 404 404 404 : 404 404 404 422 404 403
partners:client-scopes      OTHER 302 405
partners:client-secret      GET   302 404 404 404 404 404 404 : 404 404 404 200 404 403
partners:client-secret      POST  302 404 404 404 404 404 404 : 404 404 404 422 404 403
partners:client-secret      OTHER 302 405
partners:client-secret-end  GET   302 302
partners:client-secret-end  POST  302 404 404 404 404 404 404 : 404 404 404 302 404 403
partners:client-secret-end  OTHER 302 405
partners:client-link-withdraw GET  302 302
partners:client-link-withdraw POST 302 404 404 404 404 404 404 : 404 404 404 302 404 403
partners:client-link-withdraw OTHER 302 405
partners:client-secret-claim GET  200 200 200 200 403 200 200 : 200 200 200 403 403 403
partners:client-secret-claim POST 200 200 200 200 403 200 200 : 200 200 200 403 403 403
partners:client-secret-claim OTHER 405 405
partners:client-stop        GET   302 404 404 404 404 404 404 : 404 404 404 200 404 403
partners:client-stop        POST  302 404 404 404 404 404 404 : 404 404 404 302 404 403
partners:client-stop        OTHER 302 405
partners:access-review-list GET   302 403 403 403 200 200 403 : 403 403 403 200 403 200
partners:access-review-list POST  302 405
partners:access-review-list OTHER 302 405
partners:access-review      GET   302 403 403 403 200 404 403 : 403 403 403 200 403 200
partners:access-review      POST  302 403 403 403 422 404 403 : 403 403 403 422 403 403
partners:access-review      OTHER 302 405
partners:access-review-export GET   302 403 403 403 200 404 403 : 403 403 403 200 403 200
partners:access-review-export POST  302 405
partners:access-review-export OTHER 302 405
partners:token-list         GET   302 200
partners:token-list         POST  302 422
partners:token-list         OTHER 302 405
partners:token-revoke       GET   302 302
partners:token-revoke       POST  302 404 404 404 404 404 404 : 404 302 404 404 404 404
partners:token-revoke       OTHER 302 405
"""

# Sessions and personal tokens open nothing there, and no client in play has the scope.
SCIM = """
#                           an  st  ob  fs  ad  lm  wc  : su  bs  ls  ma  go  au  : re  wr  rv  fo
scim:users                GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:users                POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:users                OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:user                 GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:user                 POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:user                 OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:configuration        GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:configuration        POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:configuration        OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:resource-types       GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:resource-types       POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:resource-types       OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:resource-type        GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:resource-type        POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:resource-type        OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:schemas              GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:schemas              POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:schemas              OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:schema               GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:schema               POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:schema               OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
scim:unknown              GET    401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:unknown              POST   401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 403 403 403 403
scim:unknown              OTHER  401 401 401 401 401 401 401 : 401 401 401 401 401 401 : 405 405 405 405
"""


def client(cast: Cast, action: Action) -> dict[str, Any]:
    made, _ = create_client(
        actor=cast.manager,
        organisation=cast.wakefield_council,
        name="Case system",
        scopes=["actions:read"],
        at=AT,
    )
    link = send_link(actor=cast.manager, client=made, email="systems@partner.example", at=AT)
    token = link_path(link=link).rstrip("/").rpartition("/")[2]
    return {"pk": made.pk, "secret_pk": made.secrets.get().pk, "link_pk": link.pk, "token": token}


def token(cast: Cast, action: Action) -> dict[str, Any]:
    arguments = {"name": "Figures", "scopes": ["actions:read"], "expires_on": TODAY, "at": AT}
    return {"pk": create_token(actor=cast.bradford_spoc, **arguments)[0].pk}


def access_review(cast: Cast, action: Action) -> dict[str, Any]:
    review_access(actor=SYSTEM, at=AT)
    return {"pk": AccessReview.objects.get(partnership=cast.yorkshire).pk, "file_type": "csv"}


OF_A_CLIENT = (
    *("client", "client-scopes", "client-secret", "client-secret-end", "client-stop"),
    *("client-link-withdraw", "client-secret-claim"),
)
FOUND = {
    **{f"partners:{name}": client for name in OF_A_CLIENT},
    "partners:token-revoke": token,
    "scim:resource-type": lambda cast, action: {"name": "User"},
    "scim:schema": lambda cast, action: {"name": "urn:ietf:params:scim:schemas:core:2.0:User"},
    "partners:access-review": access_review,
    "partners:access-review-export": access_review,
}
