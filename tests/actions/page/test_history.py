"""The one history of an action's page: the latest events, each kind on its own, and all of them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.assurance.services import return_action, submit_action
from actions.evidence.services import add_evidence
from actions.models import Action
from actions.page.history import LATEST
from tests.actions.waits.waiting import supported, waits
from tests.cast import AT, Cast
from tests.factories import ActionFactory, submit_progress
from tests.support.snapshots import reuse_snapshot


@pytest.fixture
@reuse_snapshot
def action(cast: Cast) -> Action:
    """An action with a corrected update, evidence, and an auditor's return."""
    action: Action = ActionFactory(cast=cast, in_progress=True, due=date(2020, 12, 31))
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="Three of five, not two.",
        rag="amber",
        reason="One team moved.",
        path_to_green="Brief them in July.",
        percent=60,
        corrects=action.updates.get(),
        at=AT,
    )
    add_evidence(
        actor=cast.bradford_spoc, action=action, title="Briefing note", url="https://example.org/n", at=AT
    )
    submit_action(actor=cast.bradford_spoc, action=action, note="All briefed.", at=AT)
    return_action(actor=cast.auditor, action=action, note="No list of names.", at=AT)
    return action


def events(client: Client, action: Action, kind: str = "") -> list[str]:
    query = {"history": kind} if kind else {}
    page = client.get(reverse("actions:action", args=[action.pk]), query)
    return [item.event.title for item in page.context["history"]["items"]]


def test_the_page_shows_the_latest_events_and_the_way_to_all(action: Action, signed_in: Any) -> None:
    client = signed_in("manager")
    everything = events(client, action, "all")
    assert everything[:2] == ["Returned with a reason", "Submitted for assurance"]
    assert "Action created" in everything
    assert events(client, action) == everything[:LATEST]
    page = client.get(reverse("actions:action", args=[action.pk])).content.decode()
    assert f"Show all {len(everything)} events" in page
    assert events(client, action, "no such kind") == everything[:LATEST]


@pytest.mark.parametrize(
    ("kind", "titles"),
    [
        ("updates", ["Progress reported", "Progress reported: work under way"]),
        ("evidence", ["Evidence added"]),
        ("assurance", ["Returned with a reason", "Submitted for assurance"]),
    ],
)
def test_each_kind_of_event_can_be_read_alone(
    kind: str, titles: list[str], action: Action, signed_in: Any
) -> None:
    assert events(signed_in("manager"), action, kind) == titles
    assert not set(titles) & set(events(signed_in("manager"), action, "changes"))


def test_an_update_a_file_and_a_decision_are_told_in_their_event(action: Action, signed_in: Any) -> None:
    page = signed_in("manager").get(reverse("actions:action", args=[action.pk]), {"history": "all"})
    html = page.content.decode()
    correction = action.updates.exclude(corrects=None).get()
    assert f'id="update-{correction.pk}"' in html
    assert f'href="?history=updates#update-{correction.corrects_id}"' in html
    for words in ("Path to green:", "Brief them in July.", "https://example.org/n", "Version "):
        assert words in html


def test_an_empty_section_takes_no_room(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    page = signed_in("bradford_spoc").get(reverse("actions:action", args=[action.pk])).content.decode()
    for anchor in ("dates", "waiting", "evidence", "closing"):
        assert f'id="{anchor}"' not in page
        assert f'href="#{anchor}"' not in page
    for link in ("Add a milestone", "Request a new due date", "Add evidence"):
        assert link in page


def test_a_text_that_the_event_quotes_is_read_once(cast: Cast, signed_in: Any) -> None:
    action = supported(cast)
    waits(cast, action, needed="The list of schools")
    page = signed_in("manager").get(reverse("actions:action", args=[action.pk]))
    history = page.content.decode().partition('id="history"')[2]
    assert history.count("The list of schools") == 1
