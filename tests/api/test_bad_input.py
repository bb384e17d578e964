"""Whatever is sent, to whichever address: the right refusal, never a fault of ours, and nothing written."""

import copy
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from actions.models import Action
from audit.models import Entry
from partners.scopes import SCOPES
from tests.api.clients import API, System, system_of
from tests.api.test_updates import GREEN
from tests.cast import Cast, cast_snapshot
from tests.factories import ActionFactory
from tests.support.module_fixtures import ModuleState, module_fixture
from web.api import MAX_DEPTH
from web.openapi import description

PROBLEM = "application/problem+json"
# In pairs that are alike.
IDS = ["0", "999999", str(2**31), str(2**63 - 1), str(2**63), "9" * 30]


def paths(method: str) -> list[str]:
    """Every address that answers a method, without its version."""
    operations = description()["paths"].items()
    return [path.removeprefix(API) for path, methods in operations if method in methods]


def with_id(path: str, value: str) -> str:
    return re.sub(r"\{\w+\}", value, path)


def in_turn(places: list[str], turn: int, of: int) -> list[str]:
    """Whatever names no row, and of what names one each so-manieth, others at each turn.

    There the row is looked for first, and there is none: what is sent beside it is not read.
    """
    return [path for place, path in enumerate(places) if "{" not in path or (place + turn) % of == 0]


def at_work() -> tuple[Cast, Action, System]:
    """An action that the council supports, and its system, which may ask for everything."""
    cast = cast_snapshot.restore()
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    system = system_of(cast, cast.wakefield_council, "Everything", scopes=list(SCOPES))
    system.headers()
    return cast, action, system


module_state = module_fixture(at_work)


@pytest.fixture
def cast(module_state: ModuleState, db: None) -> Cast:
    return copy.deepcopy(module_state.base[0])


@pytest.fixture
def action(module_state: ModuleState, db: None) -> Action:
    return copy.copy(module_state.base[1])


@pytest.fixture
def system(module_state: ModuleState, db: None) -> System:
    return replace(module_state.base[2], http=Client())


@pytest.fixture
def nothing_written(system: System) -> Iterator[None]:
    before = Entry.objects.count()
    yield
    assert Entry.objects.count() == before


def refused_everywhere(path: str, response: Any, *statuses: int) -> None:
    """As `refused`; where only a person may write, that is told first."""
    refused(response, *((403,) if path in ONLY_PEOPLE else statuses))


def refused(response: Any, *statuses: int) -> None:
    path = response.wsgi_request.path
    assert response.status_code in statuses, (path, response.status_code, response.content[:500])
    assert response["Content-Type"] == PROBLEM
    assert response.json()["status"] == response.status_code
    assert response.json()["request_id"] == response["X-Request-ID"]


# Addresses and queries ---------------------------------------------------------------------------------------


def test_an_unused_id_is_not_found(system: System) -> None:
    """Each address is asked for a small one, and for ones beyond 31 and beyond 64 bits."""
    for place, path in enumerate(paths("get")):
        for value in IDS[place % 2 :: 2] if "{" in path else ():
            refused(system.get(with_id(path, value)), 404)


def test_an_invalid_id_is_not_found(system: System) -> None:
    for path in paths("get"):
        for value in ("x", "-1", "1.0", "%00", "%ff", "1%2f2") if "{" in path else ():
            refused(system.get(with_id(path, value)), 404)


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "fields=",
        "fields=%00",
        "page_size=0&cursor=x",
        "%00=1",
        "%ff=%ff",
        "=",
        "fields[]=id",
        "fields=%20",
    ],
)
def test_a_wrong_query_is_refused_everywhere(system: System, query: str) -> None:
    for path in paths("get"):
        if "{" not in path:
            refused(system.http.get(f"{API}{path}?{query}", headers=system.headers()), 400)


@pytest.mark.parametrize(
    "query",
    [
        *("q=%00", "due_from=0000-00-00", "due_from=99999-01-01", "plan=99999999999999999999", "plan=%00"),
        *(
            "state=%00",
            "page_size=1e3",
            "page_size=%EF%BC%91",
            "page_size=-1",
            "page_size=99999999999",
            "cursor=%00",
        ),
        *(
            "cursor=%ff",
            "cursor=a:b:c",
            "ordering=%00",
            "ordering=password",
            "owner=%00",
            "source=%00",
            "lead=x",
        ),
        *("overdue=yes&overdue=no", "ordering=due&ordering=-due", "page_size=1&page_size=2", "plan=1&plan=2"),
        *("q=%20%20", "q=%ff", "q=%ED%A0%80"),
    ],
)
def test_a_wrong_value_is_refused_by_name(system: System, query: str) -> None:
    response = system.http.get(f"{API}/actions/?{query}", headers=system.headers())
    refused(response, 400)
    assert response.json()["errors"][0]["parameter"] == query.partition("=")[0]


@pytest.mark.usefixtures("nothing_written")
def test_a_write_with_a_query_names_the_parameter(system: System, action: Action) -> None:
    response = system.post(f"/actions/{action.pk}/updates/?colour=red", GREEN)
    refused(response, 400)
    assert response.json()["errors"] == [
        {"parameter": "colour", "detail": "Unknown query parameter “colour”", "code": "invalid"}
    ]


@pytest.mark.parametrize("day", ["2020-02-30", "0000-01-01", "today", "19 June 2020", "2020-6-1", "1/6/2020"])
def test_a_day_that_is_none_is_called_so(system: System, day: str) -> None:
    response = system.get("/actions/", due_from=day)
    refused(response, 400)
    assert response.json()["errors"][0]["detail"] == "Due from must be a real date"


# Headers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    ["Bearer", "Bearer ", "Bearer x", "Bearer a b", "Bearer \xff", "Bearer " + "x" * 8000, "Bearer \x00"],
)
def test_a_token_that_is_none_is_refused(cast: Cast, value: str) -> None:
    for path in ("/actions/", "/plans/"):
        refused(Client().get(f"{API}{path}", headers={"authorization": value}), 401)


@pytest.mark.parametrize(
    "value", ["text/html", "x", "application/xml", "image/*;q=0.8", ";", "application/json;v=2;"]
)
def test_an_answer_of_another_kind_is_refused_in_json(system: System, value: str) -> None:
    response = system.http.get(f"{API}/actions/", headers=system.headers(accept=value))
    if value != "application/json;v=2;":
        refused(response, 406)


def test_a_host_that_is_not_ours_is_refused(cast: Cast, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["tracker.example.org"]
    response = Client().get(f"{API}/actions/", headers={"host": "elsewhere.example.org"})
    assert (response.status_code, response["Content-Type"]) == (400, PROBLEM)


# Bodies ------------------------------------------------------------------------------------------------------

# The policy is asked before the body, and there is no row that could be missing.
ONLY_PEOPLE = {"/meetings/"}
BODIES: list[bytes] = [
    *(b"", b" ", b"{", b"}", b"null", b"true", b"5", b'"x"', b"[]", b"[1]", b"{'a': 1}", b'{"a": NaN}'),
    *(b'{"a": 1, "a": 2}', b'{"a": "\xff"}', b"\xef\xbb\xbf{}", "{}".encode("utf-16"), b"[" * 100_000),
    *(
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1e999}',
        b'{"\\u0000": 1}',
        b'{"\\ud800": 1}',
        b"\x00",
        b"<a/>",
    ),
    b'{"a": ' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
]
MEDIA_TYPES = ["text/plain", "application/xml", "x", "application/json-seq", ""]


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("number", range(len(BODIES)))
def test_a_wrong_body_is_refused_everywhere(system: System, action: Action, number: int) -> None:
    """Where the address names a row and there is none, that may be told first."""
    body = BODIES[number]
    refused(system.post(f"/actions/{action.pk}/updates/", body), 400)
    for path in in_turn(paths("post"), number, of=5):
        refused_everywhere(path, system.post(with_id(path, "999999"), body), 400, 404)
    for path in in_turn(paths("patch"), number, of=5):
        address = f"{API}{with_id(path, '999999')}"
        headers = system.headers(**{"if-match": "*"})
        refused(system.http.patch(address, body, content_type="application/json", headers=headers), 400, 404)


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize(
    "day",
    [
        *("0001-01-01", "1989-12-31", "2101-01-01", "9999-12-31", "2020-02-30", "2020-6-1", "20200601"),
        *(
            "2020-W23-1",
            "\u0662020-06-01",
            "2020-06-01\n",
            "2020-06-01T00:00:00",
            "1 June 2020",
            "",
            20200601,
            True,
        ),
    ],
)
def test_a_day_is_one_that_pages_take_and_written_in_one_way(
    system: System, action: Action, day: Any
) -> None:
    link = {"title": "Minutes", "link": "https://www.example.gov.uk/minutes"}
    for field in ("effective_on", "expires_on"):
        response = system.post(f"/actions/{action.pk}/evidence/", {**link, field: day})
        refused(response, 400)
        (error,) = response.json()["errors"]
        assert error["pointer"] == f"#/{field}"
        assert error["detail"] in {
            "Enter a date as YYYY-MM-DD, such as 2020-03-31",
            "Enter a date between 1990 and 2100",
        }


@pytest.mark.usefixtures("nothing_written")
def test_an_unknown_field_is_refused_everywhere(system: System) -> None:
    for path in paths("post"):
        response = system.post(with_id(path, "999999"), {"colour": "red"})
        refused_everywhere(path, response, 400, 404)
        if response.status_code == 400:
            assert "#/colour" in {error["pointer"] for error in response.json()["errors"]}, path


@pytest.mark.usefixtures("nothing_written")
@pytest.mark.parametrize("number", range(len(MEDIA_TYPES)))
def test_another_media_type_is_refused_everywhere(system: System, action: Action, number: int) -> None:
    refused(system.post(f"/actions/{action.pk}/updates/", b"{}", MEDIA_TYPES[number]), 415)
    for path in in_turn(paths("post"), number, of=2):
        refused_everywhere(path, system.post(with_id(path, "999999"), b"{}", MEDIA_TYPES[number]), 404, 415)


@pytest.mark.usefixtures("nothing_written")
def test_the_refusal_of_a_media_type_names_those_that_are_read(system: System, action: Action) -> None:
    update, evidence = f"/actions/{action.pk}/updates/", f"/actions/{action.pk}/evidence/"
    assert system.post(update, b"x", "text/csv").json()["detail"] == "Send application/json."
    detail = system.post(evidence, b"x", "text/csv").json()["detail"]
    assert detail == "Send application/json or multipart/form-data."


@pytest.mark.usefixtures("nothing_written")
def test_a_compressed_body_is_refused_for_being_compressed(system: System, action: Action) -> None:
    body = gzip.compress(json.dumps(GREEN).encode())
    response = system.post(f"/actions/{action.pk}/updates/", body, **{"content-encoding": "gzip"})
    refused(response, 415)
    assert "Content-Encoding" in response.json()["detail"]
    answer = system.post(
        f"/actions/{action.pk}/updates/", GREEN | {"rag": 5}, **{"content-encoding": "identity"}
    )
    refused(answer, 400)


@pytest.mark.usefixtures("nothing_written")
def test_a_body_of_unknown_length_is_not_treated_as_empty(system: System, action: Action) -> None:
    """The server hands on nothing of it, and what may be left out would stand for what was sent."""
    path = f"{API}/actions/{action.pk}/updates/"
    headers = system.headers(**{"transfer-encoding": "chunked"})
    response = system.http.generic("POST", path, b"", "application/json", headers=headers)
    refused(response, 400)
    assert response.json()["errors"][0]["header"] == "Transfer-Encoding"


@pytest.mark.usefixtures("nothing_written")
def test_the_expected_format_is_named_as_in_json(system: System, action: Action) -> None:
    def details(path: str, body: Any) -> list[str]:
        return [error["detail"] for error in system.post(path, body).json()["errors"]]

    path = f"/actions/{action.pk}/updates/"
    assert details(path, [1]) == ["Send a JSON object"]
    assert details(path, GREEN | {"rag": ["green"]}) == ["Choose one of: red, amber, green"]
    assert details("/updates/", {"mode": "each", "updates": {}}) == ["Send a list"]
    assert details("/updates/", {"mode": "one", "updates": [{}]})[0] == "Choose one of: all, each"


def test_a_body_as_deep_as_allowed_is_read(action: Action, system: System) -> None:
    deep: Any = 1
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    response = system.post(f"/actions/{action.pk}/updates/", GREEN | {"percent": deep})
    assert [error["pointer"] for error in response.json()["errors"]] == ["#/percent"]
    response = system.post(f"/actions/{action.pk}/updates/", GREEN | {"percent": [deep]})
    refused(response, 400)
    assert "nested deeper" in response.json()["detail"]


@pytest.mark.usefixtures("nothing_written")
def test_a_body_beyond_all_measure_is_refused_everywhere(system: System) -> None:
    for path in paths("post"):
        refused(system.post(with_id(path, "999999"), {"narrative": "x" * (3 * 1024 * 1024)}), 404, 413)


def test_a_method_that_an_address_does_not_have_is_refused(system: System) -> None:
    for path in description()["paths"]:
        address = with_id(path, "999999")
        for method in {"post", "put", "patch", "delete"} - description()["paths"][path].keys():
            response = getattr(system.http, method)(
                address, b"{", content_type="application/json", headers=system.headers()
            )
            refused(response, 405)
            assert response["Allow"]
