from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import Settings

from audit import clock
from audit.clock import now  # itself, whatever the suite puts in its place


def test_without_a_demonstration_the_clock_is_the_real_one(settings: Settings) -> None:
    settings.DEMO_DATE = None
    before = datetime.now(UTC)
    assert before <= now() <= datetime.now(UTC)


def test_the_demonstration_runs_on_its_own_day(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMO_DATE = date(2020, 6, 19)
    monkeypatch.setattr(clock, "_STARTED", datetime.now(UTC))
    assert clock.london_date(now()) in {
        date(2020, 6, 19),
        date(2020, 6, 20),
    }  # the second when midnight strikes right now
    assert now().tzinfo is not None


@pytest.mark.parametrize(
    "started",
    [
        datetime(
            2026, 11, 22, 23, 30, tzinfo=UTC
        ),  # 23:30 in London, and in June an hour later in UTC's terms
        datetime(2026, 7, 1, 23, 30, tzinfo=UTC),  # already the next day in London
        datetime(2026, 1, 1, 0, 15, tzinfo=UTC),
        datetime(2020, 6, 19, 12, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("demo_date", [date(2020, 6, 19), date(2020, 1, 2), date(2030, 12, 31)])
def test_the_shift_keeps_the_time_of_day_in_london(started: datetime, demo_date: date) -> None:
    moved = (started + clock.shift(demo_date, started)).astimezone(clock.LONDON)
    assert moved.date() == demo_date
    assert moved.time() == started.astimezone(clock.LONDON).time()


def test_the_clock_runs_on_from_there() -> None:
    started = datetime(2026, 11, 22, 12, tzinfo=UTC)
    shift = clock.shift(date(2020, 6, 19), started)
    assert (started + timedelta(days=2)) + shift == (started + shift) + timedelta(days=2)


def test_a_day_begins_in_london() -> None:
    assert clock.london_date(datetime(2020, 6, 18, 23, 30, tzinfo=UTC)) == date(2020, 6, 19)
    assert clock.london_date(datetime(2020, 1, 18, 23, 30, tzinfo=UTC)) == date(2020, 1, 18)
    with pytest.raises(ValueError, match="time zone"):
        clock.london_date(datetime(2020, 6, 19))
