"""Nobody asks more than their share, and everybody is told how much is left."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from redis.exceptions import ConnectionError as NoConnection

from actions.models import ProgressUpdate
from tests.actions.core.test_races import at_once
from tests.api.clients import API, TOKEN, System, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from web import limits

PLANS = f"{API}/plans/"


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    """Three requests a minute of each kind, counted from nothing."""
    caches[limits.CACHE].clear()
    settings.API_READS_PER_MINUTE = settings.API_WRITES_PER_MINUTE = 3


def statuses(client: Client, times: int, **headers: str) -> list[int]:
    return [client.get(PLANS, headers=headers).status_code for _ in range(times)]


def test_each_answer_tells_what_is_left(council: System) -> None:
    headers = [council.get("/plans/")["RateLimit"] for _ in range(3)]
    assert headers == ['"reads";r=2;t=60', '"reads";r=1;t=60', '"reads";r=0;t=60']
    assert council.get("/plans/")["RateLimit-Policy"] == '"reads";q=3;w=60'


def test_a_caller_over_the_limit_is_told_when_to_retry(
    council: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.headers()
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(seconds=18))
    for _ in range(3):
        assert council.get("/plans/").status_code == 200
    refused = council.get("/plans/")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert (
        refused.json()["detail"] == "You have sent more than 3 requests in a minute. Try again in 42 seconds."
    )
    assert (refused["Retry-After"], refused["RateLimit"]) == ("42", '"reads";r=0;t=42')
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(seconds=60))
    assert council.get("/plans/")["RateLimit"] == '"reads";r=2;t=60'


def test_reading_and_writing_are_counted_apart(cast: Cast, council: System) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    path, body = f"/actions/{action.pk}/updates/", {"narrative": "Trained.", "rag": "green"}
    council.headers()
    caches[limits.CACHE].clear()
    assert [council.get(path).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert [council.post(path, body).status_code for _ in range(4)] == [201, 201, 201, 429]
    assert ProgressUpdate.objects.count() == 4


def test_a_throttled_request_is_not_carried_out_or_stored(cast: Cast, council: System) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    path, body = f"/actions/{action.pk}/updates/", {"narrative": "Trained.", "rag": "green"}
    council.headers()
    caches[limits.CACHE].clear()
    assert [council.post(path, {}).status_code for _ in range(3)] == [400, 400, 400]
    assert council.once(path, body).status_code == 429
    caches[limits.CACHE].clear()
    assert council.once(path, body).status_code == 201


def test_an_unacceptable_format_counts_and_is_explained(council: System) -> None:
    headers = council.headers(accept="text/html")
    answers = [council.http.get(PLANS, headers=headers) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [406, 406, 406, 429]
    assert answers[0]["RateLimit"] == '"reads";r=2;t=60'


def test_each_caller_has_a_share_of_their_own(cast: Cast, council: System, signed_in: Any) -> None:
    other = system_of(cast, cast.bradford_district, "District system")
    person = signed_in("manager")
    headers = [council.headers(), other.headers()]
    assert [statuses(council.http, 4, **each) for each in headers] == [[200, 200, 200, 429]] * 2
    assert statuses(person, 4) == [200, 200, 200, 429]
    council.token = ""
    assert statuses(council.http, 1, **council.headers()) == [429], "a new token is no new caller"


# Before it is known who asks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer wrong"}])
def test_strangers_are_counted_by_their_address(cast: Cast, headers: dict[str, str]) -> None:
    assert statuses(Client(), 4, **headers) == [401, 401, 401, 429]
    assert statuses(Client(REMOTE_ADDR="192.0.2.9"), 1, **headers) == [401]


def test_tokens_are_counted_by_address(council: System) -> None:
    answers = [council.ask() for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0]["RateLimit"] == '"writes";r=2;t=60'
    assert (answers[3]["Retry-After"], answers[3].json()["instance"]) == ("60", TOKEN)
    council.http = Client(REMOTE_ADDR="192.0.2.9")
    assert council.ask().status_code == 200


def test_an_address_that_the_caller_writes_himself_counts_for_nothing(cast: Cast, settings: Any) -> None:
    def ask(forwarded: str) -> int:
        return Client().get(PLANS, headers={"x-forwarded-for": forwarded}).status_code

    assert [ask(f"192.0.2.{number}") for number in range(4)] == [401, 401, 401, 429]
    settings.BEHIND_PROXY = True
    assert [ask(f"192.0.2.{number}, 198.51.100.7") for number in range(4)] == [401, 401, 401, 429]
    assert ask("198.51.100.7, 192.0.2.1") == 401


# Where it is counted -----------------------------------------------------------------------------------------


def test_requests_at_once_are_all_counted(cast: Cast) -> None:
    class Asked:
        method = "GET"

    standings = at_once(*(lambda: limits.count(Asked(), "user:1") for _ in range(4)))
    assert sorted(usage.used for usage in standings) == [1, 2, 3, 4]
    assert sum(usage.is_exceeded for usage in standings) == 1


def test_nobody_waits_for_a_cache_that_does_not_answer(
    council: System, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Silent:
        def add(self, *args: Any, **kwargs: Any) -> None:
            raise NoConnection

    monkeypatch.setattr(limits, "caches", {limits.CACHE: Silent()})
    assert [council.get("/plans/").status_code for _ in range(5)] == [200] * 5
    assert "Rate limits are not counted" in caplog.text
