"""What the stories of several people share: a window for each of them, and a clock that goes on."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.cast import AT, Cast
from tests.stories.browser_walk import BrowserWalk
from tests.support.browser import NewPage


@pytest.fixture
def time_passes(freeze_the_clock: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute passes each time somebody looks at the clock."""
    minutes = count()
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(minutes=next(minutes)))


@pytest.fixture
def desk_of(transactional_db: None, cast: Cast, live_server: Any, new_page: NewPage) -> Callable[[str], Page]:
    """Return the window of a person of the cast."""
    return BrowserWalk(live_server.url, new_page, cast).page_of
