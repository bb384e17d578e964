"""Nothing is recorded while a clock is wrong: a ledger's time never goes back, so a wrong time would stay."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import ProgressUpdate
from audit import clock
from audit.actors import SYSTEM
from audit.clock import ClockError
from audit.models import Checkpoint, Entry
from audit.services import checkpoint, verify, writing
from partners.models import Partnership
from tests.api.clients import System, system_of
from tests.api.test_updates import GREEN, path
from tests.audit.conftest import AT, add_area
from tests.cast import Cast
from tests.factories import ActionFactory

system, now = clock.system, clock.now  # themselves, whatever the suite puts in their place


def move_clock(monkeypatch: pytest.MonkeyPatch, **by: float) -> None:
    """Put this machine's clock wrong; its database's stays right."""
    monkeypatch.setattr("audit.clock.system", lambda: system() + timedelta(**by))


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ({"hours": 1}, "3,600 seconds ahead of"),
        ({"seconds": 20}, "20 seconds ahead of"),
        ({"days": 3650}, "315,360,000 seconds ahead of"),
        ({"hours": -1}, "3,600 seconds behind"),
    ],
)
def test_nothing_is_written_while_the_clocks_differ(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch, by: dict[str, float], words: str
) -> None:
    entries = Entry.objects.count()
    move_clock(monkeypatch, **by)
    with pytest.raises(ClockError, match=words):
        add_area(partnership, "Leeds")
    assert Entry.objects.count() == entries
    monkeypatch.setattr("audit.clock.system", system)
    add_area(partnership, "Leeds")
    assert Entry.objects.count() == entries + 1


@pytest.mark.parametrize("seconds", [-8, 0, 8])
def test_small_differences_are_ignored(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    move_clock(monkeypatch, seconds=seconds)
    assert add_area(partnership, "Leeds").pk


def test_how_large_a_difference_is_refused_can_be_set(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    move_clock(monkeypatch, seconds=30)
    settings.CLOCK_TOLERANCE_SECONDS = 60
    add_area(partnership, "Leeds")
    settings.CLOCK_TOLERANCE_SECONDS = 5
    with pytest.raises(ClockError):
        add_area(partnership, "Bradford")


def test_waiting_for_another_writer_is_no_difference(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is waited for within the statement that reads the database's clock."""
    readings = iter([timedelta(0)])
    monkeypatch.setattr("audit.clock.system", lambda: system() + next(readings, timedelta(minutes=5)))
    with writing(partnership.ledger_id) as ledger:
        assert ledger.pk == partnership.ledger_id


def test_the_clocks_are_compared_without_a_query_of_its_own(partnership: Partnership) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        writing(partnership.ledger_id),
    ):
        pass
    assert len([each for each in queries if "SELECT" in each["sql"]]) == 1


@pytest.mark.parametrize("after", [timedelta(seconds=20), timedelta(days=365 * 30)])
def test_no_entry_is_dated_ahead_of_now(partnership: Partnership, after: timedelta) -> None:
    entries = Entry.objects.count()
    with pytest.raises(ClockError, match="the time to record is"):
        add_area(partnership, "Leeds", at=datetime.now(UTC) + after)
    assert Entry.objects.count() == entries
    with pytest.raises(ClockError):
        checkpoint(actor=SYSTEM, ledger=partnership.ledger, at=datetime.now(UTC) + after)
    assert not Checkpoint.objects.exists()


def test_past_entries_are_accepted(partnership: Partnership) -> None:
    add_area(partnership, "Leeds", at=AT - timedelta(days=1))
    add_area(partnership, "Bradford", at=datetime.now(UTC))
    assert verify(ledger=partnership.ledger).ok


def test_a_demonstration_may_be_on_a_day_to_come(
    partnership: Partnership, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEMO_DATE = date(2050, 1, 1)
    add_area(partnership, "Leeds", at=now())
    with pytest.raises(ClockError):
        add_area(partnership, "Bradford", at=now() + timedelta(days=1))


# What people and programs are told ---------------------------------------------------------------------------


def gives_reason(answer: Any, words: str) -> bool:
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "Nothing was saved because" in answer.content.decode()
    return words in answer.content.decode()


def test_a_page_says_that_nothing_was_saved_and_why(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client, updates = signed_in("bradford_spoc"), ProgressUpdate.objects.count()
    body = {**GREEN, "state": "in_progress", "version": action.version}
    move_clock(monkeypatch, hours=1)
    answer = client.post(reverse("actions:progress-create", args=[action.pk]), body)
    assert gives_reason(answer, "the server&#x27;s clock is 3,600 seconds ahead")
    assert ProgressUpdate.objects.count() == updates


def test_a_page_says_that_the_time_to_record_is_ahead(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in("bradford_spoc")
    body = {**GREEN, "state": "in_progress", "version": action.version}
    ahead = datetime.now(UTC) + timedelta(minutes=2)
    # Rights are judged by the day, so the wrong moment comes only with the change itself.
    monkeypatch.setattr("actions.history.views.clock.now", lambda: ahead)
    answer = client.post(reverse("actions:progress-create", args=[action.pk]), body)
    assert gives_reason(answer, "ahead of the server")
    assert action.updates.count() == 1


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "key-1"}])
def test_the_api_says_that_nothing_was_saved_and_when_to_retry(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    council: System = system_of(cast, cast.wakefield_council)
    council.headers()
    move_clock(monkeypatch, hours=1)
    answer = council.post(path(action), GREEN, **headers)
    assert gives_reason(answer, "the server's clock is 3,600 seconds ahead")
    assert (answer["Content-Type"], answer.json()["type"]) == (
        "application/problem+json",
        "/problems/unavailable",
    )
    assert action.updates.count() == 1
    monkeypatch.setattr("audit.clock.system", system)
    assert council.post(path(action), GREEN, **headers).status_code == 201


def test_the_health_check_says_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().get("/readyz").json()["clock"] == "ok"
    move_clock(monkeypatch, minutes=-2)
    answer = Client().get("/readyz")
    assert answer.status_code == 503
    assert (
        json.loads(answer.content)["clock"] == "the server's clock is 120 seconds behind its database's clock"
    )
