"""Partners' systems, as the tests meet them."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from partners.clients.services.clients import create_client
from partners.clients.services.links import claim_secret, send_link
from partners.models import ApiClient, ClientSecret, Organisation
from tests.cast import EARLIER, Cast
from tests.support.snapshots import reuse_snapshot

API = "/api/v1"
TOKEN = "/oauth/token/"


@dataclass
class System:
    """A partner's system with its credentials; it asks for a token when it first needs one."""

    client: ApiClient
    secret: str
    http: Client = field(default_factory=Client)
    token: str = ""

    def ask(self, **fields: str) -> Any:
        body = {"grant_type": "client_credentials"} | fields
        return self.http.post(
            TOKEN, body, headers={"authorization": basic(self.client.client_id, self.secret)}
        )

    def headers(self, **more: str) -> dict[str, str]:
        self.token = self.token or self.ask().json()["access_token"]
        return {"authorization": f"Bearer {self.token}", **more}

    def get(self, path: str, **query: Any) -> Any:
        return self.http.get(f"{API}{path}", query, headers=self.headers())

    def post(self, path: str, body: Any, content_type: str = "application/json", **headers: str) -> Any:
        return self.http.post(
            f"{API}{path}", body, content_type=content_type, headers=self.headers(**headers)
        )

    def once(self, path: str, body: Any, key: str = "key-1", **fields: Any) -> Any:
        """Post with an idempotency key."""
        return self.post(path, body, **{"idempotency-key": key}, **fields)

    def patch(self, path: str, body: Any, etag: str | None = None) -> Any:
        headers = self.headers() if etag is None else self.headers(**{"if-match": etag})
        return self.http.patch(f"{API}{path}", body, content_type="application/json", headers=headers)


def basic(client_id: str, secret: str) -> str:
    return "Basic " + b64encode(f"{client_id}:{secret}".encode()).decode()


@reuse_snapshot
def system_of(cast: Cast, organisation: Organisation, name: str = "Case system", **fields: Any) -> System:
    arguments = {
        "actor": cast.administrator,
        "scopes": ["actions:read", "updates:write"],
        "at": EARLIER,
    } | fields
    client, secret = create_client(organisation=organisation, name=name, **arguments)
    return System(client, secret)


def replace_secret(
    *, client: ApiClient, at: datetime, email: str = "systems@partner.example", **link: Any
) -> tuple[ClientSecret, str]:
    """Send a link to somebody, who uses it at once."""
    sent = send_link(client=client, email=email, at=at, **link)
    assert client.user is not None
    return claim_secret(actor=client.user, link=sent, at=at)


@pytest.fixture
def council(cast: Cast) -> System:
    """Wakefield council's system: sees what the council leads or supports."""
    return system_of(cast, cast.wakefield_council)


@pytest.fixture
def leicester(cast: Cast) -> System:
    """A system of another partnership."""
    return system_of(cast, cast.city_council)
