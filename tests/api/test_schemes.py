"""The scheme before a credential is the same in capitals and in small letters (RFC 9110, section 11.1)."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.test import Client

from partners.tokens.services import create_token
from tests.api.clients import API, TOKEN, System
from tests.cast import AT, TODAY, Cast

GRANT = {"grant_type": "client_credentials"}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_bearer_of_clients_and_of_people(cast: Cast, council: System, scheme: str) -> None:
    _, text = create_token(
        actor=cast.manager,
        name="Figures",
        scopes=["actions:read"],
        expires_on=TODAY + timedelta(days=30),
        at=AT,
    )
    for token in (council.ask().json()["access_token"], text):
        headers = {"authorization": f"{scheme} {token}"}
        assert Client().get(f"{API}/actions/", headers=headers).status_code == 200
        headers = {"authorization": f"{scheme} {token}x"}
        assert Client().get(f"{API}/actions/", headers=headers).status_code == 401


@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC", "bAsIc"])
@pytest.mark.parametrize("spaces", [" ", "  "])
def test_basic_where_a_secret_is_exchanged(council: System, scheme: str, spaces: str) -> None:
    for secret, status in ((council.secret, 200), ("wrong", 401)):
        pair = b64encode(f"{council.client.client_id}:{secret}".encode()).decode()
        response = Client().post(TOKEN, GRANT, headers={"authorization": f"{scheme}{spaces}{pair}"})
        assert response.status_code == status, response.content


@pytest.mark.parametrize("header", ["Basic", "basic ", "bearer", "Basi x", "Basicx"])
def test_a_malformed_authorization_header_is_refused(council: System, header: str) -> None:
    assert Client().post(TOKEN, GRANT, headers={"authorization": header}).status_code == 401
    assert Client().get(f"{API}/actions/", headers={"authorization": header}).status_code == 401
