"""Addresses that are nearly right: a slash too few, a method that is not theirs."""

from typing import Any

import pytest
from django.test import Client

from tests.api.clients import API, TOKEN, System, basic
from tests.cast import Cast
from tests.factories import ActionFactory


def test_a_post_without_the_last_slash_is_sent_on_as_the_post_it_is(cast: Cast, council: System) -> None:
    """Sent on by 301 most programs make a GET of it: it answers 200, and nothing was recorded."""
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    path = f"/actions/{action.pk}/updates"
    response = council.post(path, {"narrative": "Trained.", "rag": "green"})
    assert (response.status_code, response["Location"]) == (308, f"{API}{path}/")
    followed: Any = council.http.post(
        f"{API}{path}",
        {"narrative": "Trained.", "rag": "green"},
        content_type="application/json",
        headers=council.headers(),
        follow=True,
    )
    assert (followed.status_code, followed.json()["narrative"]) == (201, "Trained.")


def test_a_token_can_be_requested_without_the_last_slash(council: System) -> None:
    headers = {"authorization": basic(council.client.client_id, council.secret)}
    body = {"grant_type": "client_credentials"}
    response: Any = council.http.post(TOKEN.rstrip("/"), body, headers=headers, follow=True)
    assert response.json()["token_type"] == "Bearer"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["/", "/schema/", "/docs/"])
def test_a_read_only_address_says_so_in_json(db: None, path: str, method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{API}{path}")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "/problems/method-not-allowed"
