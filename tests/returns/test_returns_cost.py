"""A return costs the same number of queries, however many actions it speaks of."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.models import Action, ProgressUpdate
from audit.services import verify
from returns.models import Return
from returns.services.contents import visible_lines
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.returns.returns import CLOSES, IN_TIME, row, save, submit


def led(cast: Cast, divided_refs: range, refs: range) -> list[Action]:
    """Actions that Bradford leads; the dearest are its parts of others, which follow them."""
    for number in divided_refs:
        ActionFactory(cast=cast, by_districts=True, ref=f"WY20-{number:02}")
    for number in refs:
        ActionFactory(cast=cast, allocated=True, ref=f"WY20-{number:02}")
    actions = Action.objects.filter(lead=cast.bradford_district).select_related("partnership")
    return list(actions.order_by("ref"))


def costs(cast: Cast, actions: list[Action], month: int) -> tuple[int, int, int]:
    start = date(2020, month, 1)
    report = Return.objects.create(
        plan=cast.plan,
        organisation=cast.bradford_district,
        period_start=start,
        period_end=date(2020, month, 28),
        due_on=CLOSES,
        closes_on=CLOSES,
    )
    with CaptureQueriesContext(
        connection,
    ) as saving:
        save(cast, report, *(row(action, percent=10 * month) for action in actions))
    with CaptureQueriesContext(connection) as reading:
        visible_lines(actor=cast.bradford_spoc, report=report, on=IN_TIME.date())
    with CaptureQueriesContext(connection) as submitting:
        submit(cast, report)
    return len(saving), len(reading), len(submitting)


def test_thirty_rows_cost_no_more_queries_than_two(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    # Django divides one insert into several at 999 values on SQLite, which takes 32,766.
    monkeypatch.setattr(connection.features, "max_query_params", 32_766)
    two = led(cast, range(1, 2), range(2, 3))
    costs(cast, two, month=3)
    few = costs(cast, two, month=4)
    thirty = led(cast, range(3, 6), range(6, 31))
    assert costs(cast, thirty, month=5) == few
    assert ProgressUpdate.objects.count() == 34
    assert verify(ledger=cast.yorkshire.ledger).problems == []
