"""A body is refused by its Content-Length before anything of it is read, by its address and its caller."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http.request import HttpHeaders
from django.test import Client
from django.urls import reverse

from actions.models import Action
from tests.api.clients import API, System, system_of
from tests.api.test_updates import path
from tests.cast import Cast
from tests.factories import ActionFactory
from web.bodies import ANONYMOUS_BYTES, form_bytes

MB = 1024 * 1024
FORM = "multipart/form-data; boundary=x"


class Unread:
    """The body of a request that fails the test when it is read."""

    def read(self, *_args: int) -> bytes:
        pytest.fail("The body was read.")

    readline = read


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


def send(
    client: Client, address: str, size: int | str | None, *, content_type: str = FORM, **headers: str
) -> Any:
    """Announce a body of a size; nothing of it ever comes."""
    client.raise_request_exception = False
    environment = {
        **HttpHeaders.to_wsgi_names(headers),
        "REQUEST_METHOD": "POST",
        "PATH_INFO": address,
        "CONTENT_TYPE": content_type,
        "wsgi.input": Unread(),
    }
    if size is not None:
        environment["CONTENT_LENGTH"] = str(size)
    return client.request(**environment)


ADDRESSES = [
    "/accounts/login/",
    "/actions/1/evidence/add/",
    "/no/such/page/",
    "/oauth/token/",
    "/livez",
    "/api/v1/actions/1/evidence/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("cookies", [{}, {"sessionid": "a" * 32}], ids=["no cookie", "an invented cookie"])
def test_a_stranger_may_send_64_kilobytes(address: str, cookies: dict[str, str]) -> None:
    client = Client()
    client.cookies.load(cookies)
    response = send(client, address, 31 * 1024 * MB)
    assert response.status_code == 413
    assert "64" in response.content.decode()
    assert client.post(address, {"text": "x" * 1000}).status_code != 413


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["1_000_000", "+1000000", " 1000000", "\u0661000000"])
def test_a_length_is_read_as_django_reads_it(length: str) -> None:
    assert send(Client(), "/accounts/login/", length).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accounts/login/", "/api/v1/actions/1/evidence/", "/oauth/token/"])
@pytest.mark.parametrize("length", [None, "", "-5", "many"])
def test_a_body_without_a_length_is_not_read(address: str, length: str | None) -> None:
    response = send(Client(), address, length, transfer_encoding="chunked")
    assert 200 <= response.status_code < 500


@pytest.mark.django_db
def test_thousands_of_parts_are_refused_in_words() -> None:
    fields = "&".join(["a="] * (ANONYMOUS_BYTES // 3))
    form = "application/x-www-form-urlencoded"
    files = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n\r\n' for _ in range(800)
    )
    client = Client(raise_request_exception=False)
    for address in ("/accounts/login/", "/oauth/token/"):
        for body, content_type in ((fields, form), (files + b"--x--", FORM)):
            response = client.post(address, body, content_type=content_type)
            assert response.status_code == 400
            assert "request" in response.content.decode()


@pytest.mark.django_db
def test_an_invented_token_opens_no_more_than_the_form_of_its_address() -> None:
    headers = {"authorization": "Bearer invented"}
    response = send(
        Client(), "/api/v1/actions/1/updates/", form_bytes() + 1, content_type="application/json", **headers
    )
    assert response.status_code == 413
    # Within the limit the token is looked at before the body.
    response = send(Client(), "/api/v1/actions/1/evidence/", 5 * MB, **headers)
    assert response.status_code == 401


def limits(cast: Cast, action: Action) -> Iterator[tuple[str, str, int]]:
    manager, spoc = "manager", "bradford_spoc"
    yield spoc, reverse("actions:progress-create", args=[action.pk]), 12 * MB
    yield spoc, reverse("actions:evidence-add", args=[action.pk]), 12 * MB
    yield spoc, reverse("actions:action-submit", args=[action.pk]), 2 * MB
    yield spoc, "/no/such/page/", 2 * MB
    yield manager, reverse("importing:plan-import", args=[action.plan_id]), 7 * MB
    yield manager, "/inspections/1/import/", 7 * MB
    yield manager, "/setup/1/people/import/", 7 * MB
    yield manager, "/programme/any/any/import/", 7 * MB
    yield manager, reverse("returns:return", args=[1]), 52 * MB
    yield spoc, reverse("actions:evidence-replace", args=[action.pk, 1]), 12 * MB


def test_each_page_states_its_own_limit(cast: Cast, action: Action, signed_in: Any) -> None:
    for person, address, limit in limits(cast, action):
        response = send(signed_in(person), address, limit + 1)
        assert response.status_code == 413, address
        words = response.content.decode().replace("\xa0", " ")
        assert f"up to {limit / MB:.1f} MB at once" in words, address
        assert "Nothing was saved" in words


def test_the_api_takes_a_file_where_it_takes_evidence(cast: Cast, action: Action) -> None:
    headers = system_of(cast, cast.wakefield_council).headers()
    address = f"{API}/actions/{action.pk}/evidence/"
    answer = send(Client(), address, 12 * MB + 1, **headers)
    assert (answer.status_code, "up to 12.0 MB at once" in answer.json()["detail"]) == (413, True)
    # Within the limit the token's scope is looked at before the body.
    assert send(Client(), address, 12 * MB, **headers).status_code == 403


def test_the_api_states_the_limit(cast: Cast, action: Action) -> None:
    council: System = system_of(cast, cast.wakefield_council)
    headers = council.headers()
    answer = send(Client(), f"{API}{path(action)}", 2 * MB + 1, content_type="application/json", **headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert answer.json()["detail"] == "This address accepts up to 2.0 MB at once."


def test_a_form_sent_after_the_session_ended_is_read(cast: Cast, action: Action, signed_in: Any) -> None:
    client = signed_in("bradford_spoc")
    client.session.set_expiry(-1)
    session = client.session
    session.set_expiry(-1)
    session.save()
    address = reverse("actions:progress-create", args=[action.pk])
    assert client.post(address, {"narrative": "x" * 2 * ANONYMOUS_BYTES}).status_code == 302
    assert send(client, address, form_bytes() + 1).status_code == 413


def test_nothing_is_stored_of_a_body_that_is_too_large(tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    file = tmp_path.parent / "large.bin"
    file.write_bytes(b"x" * 3 * MB)
    with file.open("rb") as opened:
        assert Client().post("/accounts/login/", {"file": opened}).status_code == 413
    assert list(tmp_path.iterdir()) == []
