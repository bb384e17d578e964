"""Who gets a token, for what, and for how long it is good."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oauth2_provider.models import AccessToken

from partners.accounts.services.users import change_user
from partners.clients.services.clients import deactivate_client
from partners.memberships.services import end_membership
from partners.models import ApiClient, ClientSecret
from tests.api.clients import TOKEN, System, basic, system_of
from tests.cast import AT, SINCE, Cast
from tests.factories import ActionFactory


def test_a_client_exchanges_its_secret_for_a_token_of_fifteen_minutes(council: System) -> None:
    response = council.ask()
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    answer = response.json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 900
    assert set(answer["scope"].split()) == {"actions:read", "updates:write"}
    assert "refresh_token" not in answer


def test_credentials_may_be_sent_in_the_body(council: System) -> None:
    credentials = {
        "grant_type": "client_credentials",
        "client_id": council.client.client_id,
        "client_secret": council.secret,
    }
    assert Client().post(TOKEN, credentials).status_code == 200


def test_neither_the_secret_nor_a_token_is_stored_as_it_is(council: System) -> None:
    token = council.ask().json()["access_token"]
    assert council.secret not in str(list(ApiClient.objects.values()) + list(ClientSecret.objects.values()))
    assert ClientSecret.objects.get().digest == sha256(council.secret.encode()).hexdigest()
    assert AccessToken.objects.get().token == ""
    assert token not in str(AccessToken.objects.values().get())


def test_a_client_may_ask_for_less_than_it_was_registered_for(council: System) -> None:
    assert council.ask(scope="actions:read").json()["scope"] == "actions:read"


@pytest.mark.parametrize("scope", ["updates:write", "actions:read updates:write", "admin", "ACTIONS:READ"])
def test_a_client_cannot_request_more_scopes(cast: Cast, scope: str) -> None:
    reader = system_of(cast, cast.wakefield_council, scopes=["actions:read"])
    response = reader.ask(scope=scope)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_scope")
    assert not AccessToken.objects.exists()


def test_a_wrong_secret_is_an_invalid_client(council: System) -> None:
    council.secret += "x"
    response = council.ask()
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")
    assert response["WWW-Authenticate"].startswith("Basic")


def test_an_unknown_client_is_an_invalid_client(db: None) -> None:
    headers = {"authorization": basic("nobody", "nothing")}
    response = Client().post(TOKEN, {"grant_type": "client_credentials"}, headers=headers)
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize(
    "grant", ["password", "authorization_code", "refresh_token", "implicit", "urn:ietf:params:oauth:x"]
)
def test_there_is_no_other_grant(council: System, grant: str) -> None:
    response = council.ask(grant_type=grant, username="a", password="b", code="c", refresh_token="d")
    assert (response.status_code, response.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("path", ["authorize/", "revoke_token/", "introspect/", "applications/", "device/"])
def test_there_is_no_other_oauth_endpoint(db: None, path: str) -> None:
    assert Client().get(f"/oauth/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "content_type"),
    [
        (TOKEN, "", "application/x-www-form-urlencoded"),
        (TOKEN, '{"grant_type": "client_credentials"}', "application/json"),
        (TOKEN, "grant_type=client_credentials&grant_type=client_credentials", "text/plain"),
        (TOKEN, b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (f"{TOKEN}?a=%zz", "grant_type=client_credentials", "application/x-www-form-urlencoded"),
        (f"{TOKEN}?grant_type=client_credentials", "", "application/x-www-form-urlencoded"),
    ],
)
def test_a_request_that_cannot_be_read_is_a_bad_request(
    db: None, path: str, body: str, content_type: str
) -> None:
    response = Client().generic("POST", path, body, content_type=content_type)
    assert response.status_code in {400, 401}
    assert response.json()["error"] in {"invalid_request", "unsupported_grant_type", "invalid_client"}


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic bm9jb2xvbg==", "Basic /////w==", "Digest x"])
def test_credentials_that_cannot_be_read_are_an_invalid_client(db: None, header: str) -> None:
    response = Client().post(TOKEN, {"grant_type": "client_credentials"}, headers={"authorization": header})
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


def test_a_token_is_had_by_post_alone(council: System) -> None:
    response = council.http.get(TOKEN)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response.json()["error"] == "invalid_request"


# What a token opens ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer wrong", "Bearer a b", "Bearer \xe9", "Basic x", "x"]
)
def test_without_a_token_nobody_gets_in(db: None, header: str | None) -> None:
    headers = {"authorization": header} if header else {}
    response = Client().get("/api/v1/actions/", headers=headers)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a_token_in_the_query_is_ignored(council: System) -> None:
    token = council.ask().json()["access_token"]
    assert Client().get("/api/v1/actions/", {"access_token": token}).status_code == 401


def test_an_expired_token_opens_nothing(council: System) -> None:
    headers = council.headers()
    AccessToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    response = council.http.get("/api/v1/actions/", headers=headers)
    assert response.status_code == 401
    assert 'error="invalid_token"' in response["WWW-Authenticate"]


def test_a_wrong_token_is_refused_even_beside_a_session(signed_in: object, cast: Cast) -> None:
    client = Client()
    client.force_login(cast.manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/actions/").status_code == 200
    assert client.get("/api/v1/actions/", headers={"authorization": "Bearer wrong"}).status_code == 401


def test_a_stopped_client_gets_no_token_and_its_tokens_open_nothing(council: System, cast: Cast) -> None:
    council.headers()
    deactivate_client(actor=cast.administrator, client=council.client, at=AT)
    assert council.get("/actions/").status_code == 401
    assert (council.ask().status_code, council.ask().json()["error"]) == (401, "invalid_client")


def test_a_client_of_a_closed_account_reads_nothing(council: System, cast: Cast) -> None:
    council.headers()
    assert council.client.user is not None
    change_user(actor=cast.administrator, user=council.client.user, is_active=False, at=AT)
    assert council.get("/actions/").status_code == 401
    assert council.ask().status_code == 401


def test_a_client_of_an_ended_membership_reads_nothing(council: System, cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    assert [row["ref"] for row in council.get("/actions/").json()["results"]] == ["WY20-01"]
    assert council.client.user is not None
    membership = council.client.user.memberships.get()
    end_membership(
        actor=cast.administrator, membership=membership, ends_on=max(SINCE, membership.starts_on), at=AT
    )
    assert council.get("/actions/").json()["results"] == []
    assert council.get(f"/actions/{action.pk}/").status_code == 404
    body = {"narrative": "Done.", "rag": "green"}
    assert council.post(f"/actions/{action.pk}/updates/", body).status_code == 404


def test_a_token_opens_what_its_scopes_name(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    reader = system_of(cast, cast.wakefield_council, "Reader", scopes=["actions:read"])
    writer = system_of(cast, cast.wakefield_council, "Writer", scopes=["updates:write"])
    path, update = f"/actions/{action.pk}/updates/", {"narrative": "Done.", "rag": "green"}
    assert reader.get(path).status_code == 200
    refused = reader.post(path, update)
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "This needs an access token with the scope updates:write.",
    )
    challenge = 'Bearer realm="api",error="insufficient_scope",scope="updates:write"'
    assert refused["WWW-Authenticate"] == challenge
    assert writer.get(path).status_code == 403
    assert writer.get("/actions/").status_code == 403
    assert writer.get("/plans/").status_code == 403
    assert writer.post(path, update).status_code == 201


def test_a_token_is_resolved_by_one_query(council: System) -> None:
    council.headers()
    with CaptureQueriesContext(connection) as queries:
        assert council.get("/actions/").status_code == 200
    statements = [query["sql"] for query in queries]
    assert len([sql for sql in statements if 'FROM "oauth2_provider_accesstoken"' in sql]) == 1
    assert [
        sql for sql in statements if 'FROM "partners_user"' in sql or 'FROM "partners_apiclient"' in sql
    ] == []
