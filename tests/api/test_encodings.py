"""A body in JSON may begin with a byte order mark, and one in another encoding is refused by its name."""

import codecs
import json
from typing import Any

import pytest

from actions.models import Action
from tests.api.clients import API, TOKEN, System, basic, system_of
from tests.cast import Cast
from tests.factories import ActionFactory

SAID = {"narrative": "Thirty staff were trained at the café.", "rag": "green", "percent": 40}
TEXT = json.dumps(SAID, ensure_ascii=False)
JSON = "application/json"


@pytest.fixture
def action(cast: Cast) -> Action:
    return ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


@pytest.fixture
def system(cast: Cast) -> System:
    scopes = ["actions:read", "updates:write", "evidence:write"]
    return system_of(cast, cast.wakefield_council, "Everything", scopes=scopes)


def send(system: System, path: str, body: bytes, content_type: str = JSON, **headers: str) -> Any:
    return system.post(path, body, content_type, **headers)


@pytest.mark.parametrize("key", [{}, {"idempotency-key": "june"}])
def test_a_byte_order_mark_is_no_part_of_the_text(
    system: System, action: Action, key: dict[str, str]
) -> None:
    response = send(system, f"/actions/{action.pk}/updates/", codecs.BOM_UTF8 + TEXT.encode(), **key)
    assert response.status_code == 201, response.content
    assert action.updates.get(pk=response.json()["id"]).narrative == SAID["narrative"]


def test_with_the_mark_or_without_it_is_the_same_request(system: System, action: Action) -> None:
    path, key = f"/actions/{action.pk}/updates/", {"idempotency-key": "june"}
    first = send(system, path, TEXT.encode(), **key)
    again = send(system, path, codecs.BOM_UTF8 + TEXT.encode(), **key)
    assert (first.status_code, again.content) == (201, first.content)
    assert again["Idempotency-Replayed"] == "true"


def test_the_byte_order_mark_is_ignored_where_a_file_could_be_sent_too(
    system: System, action: Action
) -> None:
    body = json.dumps({"title": "Minutes", "link": "https://www.example.gov.uk/minutes"}).encode()
    response = send(system, f"/actions/{action.pk}/evidence/", codecs.BOM_UTF8 + body)
    assert response.status_code == 201, response.content


@pytest.mark.parametrize(
    "body",
    [b"", b"{", codecs.BOM_UTF8 + TEXT.encode()],
    ids=["nothing more", "broken", "a second mark"],
)
def test_a_mark_makes_no_json_of_anything_else(system: System, action: Action, body: bytes) -> None:
    response = send(system, f"/actions/{action.pk}/updates/", codecs.BOM_UTF8 + body)
    assert response.status_code == 400
    assert "JSON" in response.json()["detail"]


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-le", "UTF-32"),
        ("utf-32-be", "UTF-32"),
    ],
)
def test_wide_letters_are_refused_by_their_name(
    system: System, action: Action, encoding: str, name: str
) -> None:
    for path in (f"/actions/{action.pk}/updates/", f"/actions/{action.pk}/evidence/"):
        response = send(system, path, TEXT.encode(encoding))
        assert response.status_code == 400
        detail = response.json()["detail"]
        assert name in detail
        assert "UTF-8" in detail


def test_bytes_of_a_code_page_are_refused_as_no_utf_8(system: System, action: Action) -> None:
    response = send(system, f"/actions/{action.pk}/updates/", TEXT.encode("cp1252"))
    assert (response.status_code, response.json()["detail"]) == (400, "The body is not UTF-8.")


# Asking for a token ------------------------------------------------------------------------------------------


def ask(system: System, body: Any, content_type: str, **headers: str) -> Any:
    proof = {"authorization": basic(system.client.client_id, system.secret)}
    return system.http.post(TOKEN, body, content_type=content_type, headers=proof | headers)


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content_type", "headers", "words"),
    [
        (FORM, {"transfer-encoding": "chunked", "content-length": ""}, "Content-Length"),
        (FORM, {"content-encoding": "gzip"}, "Content-Encoding"),
        (JSON, {}, FORM),
        ("text/plain", {}, FORM),
    ],
)
def test_a_request_for_a_token_that_cannot_be_read_says_why(
    council: System, content_type: str, headers: dict[str, str], words: str
) -> None:
    response = ask(council, b"grant_type=client_credentials", content_type, **headers)
    assert response.status_code == 400
    assert response.json()["error"] == "invalid_request"
    assert words in response.json()["error_description"]


def test_a_form_with_its_encoding_or_in_parts_is_read(council: System) -> None:
    assert ask(council, b"grant_type=client_credentials", f"{FORM}; charset=utf-8").status_code == 200
    assert council.ask().status_code == 200, "in parts"
    assert system_health(council) == 200


def system_health(system: System) -> int:
    status: int = system.http.get(f"{API}/actions/", headers=system.headers()).status_code
    return status
