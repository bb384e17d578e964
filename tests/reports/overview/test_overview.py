"""The state of a plan on one screen, and its pictures: the figures are those of lists and papers."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.figures import actions as figures
from reports.overview.queries import overview_of, pictures_of_plan
from reports.papers.queries import record_for
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory, ProgressUpdateFactory
from tests.reports.factories import PaperFactory, issued_paper


def test_the_first_page_of_a_board_has_the_plan_with_figures_that_list_their_rows(
    cast: Cast, client: Client
) -> None:
    ActionFactory(cast=cast, ref="WY20-01", in_progress=True)
    ActionFactory(cast=cast, ref="WY20-03", by_districts=True)  # counts through its two district actions
    last = issued_paper(cast, as_at=date(2020, 6, 12), title="Silver paper of 12 June")
    red = ActionFactory(cast=cast, ref="WY20-02", in_progress=True)
    ProgressUpdateFactory(
        action=red,
        rag="red",
        reason="No room was free.",
        path_to_green="A room is booked for July.",
    )
    draft = PaperFactory(cast=cast, as_at=TODAY, at=AT, title="Silver paper of today")
    client.force_login(cast.gold)
    page = client.get(reverse("desk:my-work")).text
    overview = overview_of(user=cast.gold, on=TODAY)
    assert overview is not None
    assert (overview.last, overview.plan) == (last, cast.plan)
    for tile in overview.tiles:
        listed = client.get(tile.href).context["pages"].total
        assert (tile.label, listed) == (tile.label, tile.number)
    tiles = {tile.label: (tile.number, tile.hint) for tile in overview.tiles}
    assert (tiles["Open"], tiles["Red"]) == ((4, "1 more"), (1, "1 more"))
    assert [red.action.ref for red in overview.red] == ["WY20-02"]
    link = f'<a class="govuk-link" href="/actions/{red.pk}/">WY20-02</a>'
    for words in (
        *(cast.plan.title, "Silver paper of 12 June", "No room was free.", "A room is booked for July."),
        *(f"New: {link}", f"Turned red: {link}", "Nothing waits for your decision", draft.title),
    ):
        assert words in page
    assert page.count("<figure") == 2


@pytest.mark.parametrize("person", ["bradford_spoc", "auditor", "observer"])
def test_others_come_to_their_own_work_alone(cast: Cast, person: str) -> None:
    ActionFactory(cast=cast, in_progress=True)
    assert overview_of(user=cast.person(person), on=TODAY) is None


def test_pictures_of_a_plan_are_those_of_its_paper_of_the_day(cast: Cast) -> None:
    ActionFactory(cast=cast, ref="WY20-01", in_progress=True)
    ActionFactory(cast=cast, ref="WY20-02", complete=True)
    issued_paper(cast)
    pictures = pictures_of_plan(plan=cast.plan, user=cast.manager, on=TODAY)
    assert set(pictures) == {"state-by-pillar", "roll-forward", "rag-by-pillar"}  # nothing is late or moved
    record = record_for(PaperFactory(cast=cast, as_at=TODAY, at=AT))
    table = figures.by_pillar(record)[0]
    assert [bar.total for bar in pictures["state-by-pillar"].bars] == [
        row["cells"][-1]["n"] for row in table["rows"] if not row.get("total")
    ]
    # An SPOC sees a part of the actions, which papers of all of them would not match.
    assert "rag-by-pillar" not in pictures_of_plan(plan=cast.plan, user=cast.bradford_spoc, on=TODAY)


def test_more_actions_and_papers_cost_no_more_queries(cast: Cast) -> None:
    def turn_red(number: int = 0) -> None:
        action = ActionFactory(cast=cast, ref=f"WY20-2{number}", in_progress=True)
        ProgressUpdateFactory(action=action, rag="red", reason="Late.", path_to_green="In July.")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert overview_of(user=cast.manager, on=TODAY) is not None
        return len(asked)

    turn_red()
    issued_paper(cast, as_at=date(2020, 6, 10))
    few = queries()
    for number in (1, 2, 3):
        turn_red(number)
    issued_paper(cast, as_at=date(2020, 6, 12))
    assert queries() == few


def test_the_page_of_a_plan_has_the_pictures(cast: Cast, client: Client) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client.force_login(cast.manager)
    page: Any = client.get(reverse("actions:plan", args=[cast.plan.pk]))
    assert "Actions by pillar and status" in page.text
    assert page.text.count("<figure") == 2
