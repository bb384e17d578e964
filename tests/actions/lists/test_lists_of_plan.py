"""The evidence, questions and escalations of a whole plan: rows that the reader may view, found by a search, at a constant cost."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from desk.escalations.services import acknowledge
from tests.actions.waits.waiting import SENSITIVE
from tests.cast import AT, Cast
from tests.factories import ActionFactory, EvidenceFactory, QuestionFactory
from tests.permissions.notices import escalated_action
from tests.support.snapshots import reuse_snapshot

ROUTES = ("actions:plan-evidence", "actions:plan-questions", "desk:plan-escalations")


@reuse_snapshot
def two_actions(cast: Cast) -> dict[str, Action]:
    """A late action of Bradford's that everybody sees and a sensitive one, each with evidence and a question."""
    made = {
        "WY20-81": escalated_action(cast, "WY20-81"),
        "WY20-82": ActionFactory(cast=cast, in_progress=True, ref="WY20-82", **SENSITIVE),
    }
    for action in made.values():
        EvidenceFactory(action=action, title=f"Register {action.ref}")
        QuestionFactory(cast=cast, action=action, text=f"Which teams of {action.ref}?")
    return made


def rows(client: Client, cast: Cast, route: str, **query: str) -> str:
    page = client.get(reverse(route, args=[cast.plan.pk]), {"default": "no", **query})
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("route", ROUTES[:2])
def test_rows_of_actions_that_the_reader_may_not_view_are_not_listed(
    cast: Cast, signed_in: Any, route: str
) -> None:
    two_actions(cast)
    theirs, others = (rows(signed_in(who), cast, route) for who in ("bradford_spoc", "leeds_spoc"))
    assert "WY20-81" in theirs
    assert "WY20-82" in theirs
    assert "WY20-81" in others
    assert "WY20-82" not in others


def test_escalations_are_read_by_their_owner_and_by_whoever_sees_everything(
    cast: Cast, signed_in: Any
) -> None:
    two_actions(cast)
    for who in ("bradford_spoc", "manager", "auditor"):
        assert "WY20-81" in rows(signed_in(who), cast, ROUTES[2]), who
    assert "WY20-81" not in rows(signed_in("leeds_spoc"), cast, ROUTES[2])


def test_an_escalation_offers_its_acknowledgement_and_then_shows_it(cast: Cast, signed_in: Any) -> None:
    action = two_actions(cast)["WY20-81"]
    address = reverse("desk:escalation", args=[action.pk])
    assert address in rows(signed_in("gold"), cast, ROUTES[2])
    assert address not in rows(signed_in("auditor"), cast, ROUTES[2])
    until = date(2020, 6, 30)
    acknowledge(actor=cast.gold, subject=action, words="The trainer is ill.", until=until, at=AT)
    page = rows(signed_in("gold"), cast, ROUTES[2])
    assert "until 30 June 2020: “The trainer is ill.”" in page
    assert address not in page


@pytest.mark.parametrize("route", ROUTES)
def test_a_search_finds_the_rows_of_an_action(cast: Cast, signed_in: Any, route: str) -> None:
    two_actions(cast)
    client = signed_in("manager")
    assert "WY20-81</strong>" in rows(client, cast, ROUTES[0], q="wy20-81")
    page = rows(client, cast, route, q="wy20-81 neighbourhood")
    assert ("WY20-81" in page, "WY20-82" in page) == (True, False)
    assert "match these filters" in rows(client, cast, route, q="wy20-81 nowhere")


@pytest.mark.parametrize("route", ROUTES)
def test_a_list_without_any_row_blames_no_filter(cast: Cast, signed_in: Any, route: str) -> None:
    page = signed_in("manager").get(reverse(route, args=[cast.plan.pk])).content.decode()
    assert "There are no " in page
    assert "match these filters" not in page


@pytest.mark.parametrize("route", ROUTES)
def test_many_rows_cost_no_more_queries_than_few(cast: Cast, signed_in: Any, route: str) -> None:
    two_actions(cast)
    client = signed_in("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as context:
            rows(client, cast, route)
        return len(context)

    few = queries()
    for number in range(83, 86):
        action = escalated_action(cast, f"WY20-{number}")
        EvidenceFactory(action=action)
        QuestionFactory(cast=cast, action=action)
    assert queries() == few


def test_the_page_of_the_plan_leads_to_each_list(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast)
    page = signed_in("manager").get(reverse("actions:plan", args=[cast.plan.pk])).content.decode()
    for route in ROUTES:
        assert f'href="{reverse(route, args=[cast.plan.pk])}"' in page
