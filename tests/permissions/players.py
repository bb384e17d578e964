"""Everybody the matrix asks as, signed in once, and a way to ask that costs no more than the answer's status needs."""

from http.cookies import SimpleCookie
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client

from partners.models import User
from partners.scopes import SCOPES
from tests.api.clients import System, system_of
from tests.cast import Cast
from tests.permissions.matrix import CLIENTS, ROLES
from tests.permissions.recognising import Known
from tests.permissions.thrift import Thrift
from tests.support.confirming import confirm
from tests.support.module_fixtures import rollback

SAID = {"narrative": "Two more teams are briefed.", "rag": "green", "percent": 60}


class Players:
    """One test client for each role. Whatever a request changes is undone after it, so their order does not matter."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        # The pages about a password are for those who have one.
        User.objects.filter(kind=User.Kind.USER).update(password=make_password("correct horse battery"))
        self.known = {role: self._player(role) for role in ROLES}
        self.cookies = {role: client.cookies.output() for role, (client, _) in self.known.items()}
        # The manager's browser, sent here by another site.
        self.forger = self.browser("manager", enforce_csrf_checks=True)
        self.people = Known([client for client, _ in self.known.values()])
        self.thrift = Thrift()

    def send(self, role: str, method: str, address: str, body: Any = SAID, if_match: str = "*") -> Any:
        """Send a request; `body` is what a POST holds, and a PATCH too where it is no update.

        A page gets an empty form by default, and the API an update.
        """
        client, headers = self.known[role]
        cache.clear()  # sign-in pages count requests, and this is about who asks, not how often
        with self.thrift.of(role, method), self.people.recognised():
            if method == "POST":
                with rollback():
                    response = client.post(address, headers=headers, **self._form(address, body))
            elif method == "PATCH" and address.startswith("/api/"):
                with rollback():
                    fields = {"data": {} if body is SAID else body, "content_type": "application/json"}
                    response = client.patch(
                        address, headers={**headers, **({"if-match": if_match} if if_match else {})}, **fields
                    )
            else:
                response = getattr(client, method.lower())(address, headers=headers)
        if response.streaming:
            b"".join(response)  # a file is closed once it was sent
        if response.cookies:
            client.cookies = SimpleCookie(self.cookies[role].replace("Set-Cookie: ", ""))
        return response

    def _form(self, address: str, body: Any) -> dict[str, Any]:
        if address.startswith("/api/"):
            return {"data": body, "content_type": "application/json"}
        # A page's form is never quite empty: it always carries its token.
        return {"data": {"csrfmiddlewaretoken": "x", **({} if body is SAID else body)}}

    def _player(self, role: str) -> tuple[Client, dict[str, str]]:
        if role == "anonymous":
            return Client(), {}
        if role in CLIENTS:
            return Client(), self._system(role).headers()
        return self.browser(role), {}

    def browser(self, role: str, **options: bool) -> Client:
        client = Client(**options)
        self.sign_in(client, role)
        return client

    def sign_in(self, client: Client, role: str) -> None:
        person = self.cast.person("wakefield_contact" if role == "supporter" else role)
        person.refresh_from_db()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        confirm(client, person)

    def _system(self, role: str) -> System:
        council, city = self.cast.wakefield_council, self.cast.city_council
        scopes = {
            "reader": ["actions:read"],
            "writer": ["updates:write"],
            "reviewer": ["recommendations:read"],
            "foreign": list(SCOPES),
        }
        return system_of(self.cast, city if role == "foreign" else council, role, scopes=scopes[role])
