"""What the action list shows at first, its quick filters, and the form that opens on demand."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from tests.cast import TODAY, Cast
from tests.factories import ActionFactory
from tests.support.snapshots import reuse_snapshot

LIST = reverse("actions:action-list")


@reuse_snapshot
def some_of_each(cast: Cast) -> None:
    late = ActionFactory(cast=cast, in_progress=True, ref="Q-1", due=TODAY - timedelta(days=3))
    Action.objects.filter(pk=late.pk).update(rag="red")
    ActionFactory(cast=cast, in_progress=True, ref="Q-2", owner=cast.leeds_spoc, area=cast.leeds)
    ActionFactory(cast=cast, unallocated=True, ref="Q-3")
    ActionFactory(cast=cast, complete=True, ref="Q-4")


def shown(answer: Any) -> set[str]:
    return {row[0].ref for row in answer.context["rows"]}


def test_the_list_opens_with_open_actions_of_live_plans(cast: Cast, signed_in: Any) -> None:
    some_of_each(cast)
    client = signed_in("manager")
    assert shown(client.get(LIST)) == {"Q-1", "Q-2", "Q-3"}
    assert shown(client.get(LIST, {"default": "no"})) == {"Q-1", "Q-2", "Q-3", "Q-4"}
    type(cast.plan).objects.filter(pk=cast.plan.pk).update(state="closed")
    assert shown(client.get(LIST)) == set()
    assert shown(client.get(LIST, {"plan": cast.plan.pk})) == {"Q-1", "Q-2", "Q-3", "Q-4"}


@pytest.mark.parametrize(
    ("person", "labels"),
    [
        ("manager", ["Open", "Mine", "Late", "Red and amber", "Waiting", "Not allocated", "All"]),
        ("bradford_spoc", ["Open", "Mine", "Bradford", "Late", "Red and amber", "Waiting", "All"]),
        ("auditor", ["Open", "Late", "Red and amber", "Waiting", "All"]),
    ],
)
def test_every_quick_filter_opens_the_rows_that_it_counts(
    cast: Cast, signed_in: Any, person: str, labels: list[str]
) -> None:
    some_of_each(cast)
    client = signed_in(person)
    links = client.get(LIST).context["quick"]
    assert [link.label for link in links] == labels
    assert [link.label for link in links if link.is_current] == ["Open"]
    for link in links:
        answer = client.get(link.href)
        assert len(shown(answer)) == link.number, link.label
        assert [each.label for each in answer.context["quick"] if each.is_current] == [link.label]
    numbers = {link.label: link.number for link in links}
    assert (numbers["Late"], numbers["Red and amber"]) == (1, 1)


def test_the_export_of_the_first_list_has_its_rows(cast: Cast, signed_in: Any) -> None:
    some_of_each(cast)
    client = signed_in("manager")
    page = client.get(LIST)
    address = f"{reverse('actions:action-export', kwargs={'kind': 'csv'})}?{page.context['query']}"
    assert address.replace("&", "&amp;") in page.content.decode()
    exported = b"".join(client.get(address).streaming_content).decode()
    assert [ref for ref in ("Q-1", "Q-2", "Q-3", "Q-4") if ref in exported] == ["Q-1", "Q-2", "Q-3"]


def test_removing_the_last_filter_shows_everything(cast: Cast, signed_in: Any) -> None:
    some_of_each(cast)
    client = signed_in("manager")
    (only,) = client.get(LIST, {"default": "no", "state": "complete"}).context["chosen"]
    assert shown(client.get(f"{LIST}{only.href}")) == {"Q-1", "Q-2", "Q-3", "Q-4"}


def test_the_form_is_rendered_when_it_is_opened_and_when_it_has_errors(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, allocated=True)
    client = signed_in("manager")
    apply = "Apply filters"
    with CaptureQueriesContext(connection) as closed:
        page = client.get(LIST)
    assert apply not in page.content.decode()
    assert 'href="?filters=open#filter"' in page.content.decode()
    with CaptureQueriesContext(connection) as opened:
        page = client.get(LIST, {"filters": "open"})
    assert apply in page.content.decode()
    # The choices are read for the form alone.
    assert len(closed) < len(opened)
    wrong = client.get(LIST, {"rag": "blue"})
    assert (wrong.status_code, apply in wrong.content.decode()) == (422, True)


def test_an_address_keeps_no_empty_parameters(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    sent = "?default=no&q=&plan=&state=open&state=&due_from_day=1&due_from_month=&due_to_day=&sort="
    assert client.get(f"{LIST}{sent}").url == f"{LIST}?default=no&state=open&due_from_day=1"
    assert client.get(f"{LIST}?q=").url == LIST
    assert client.get(f"{reverse('inspections:recommendation-list')}?q=&kind=").url.endswith(
        "/recommendations/"
    )


def test_somebody_without_actions_is_told_so(cast: Cast, signed_in: Any) -> None:
    client = signed_in("stranger")
    assert "You do not have access to any actions yet" in client.get(LIST).content.decode()
    page = client.get(LIST, {"state": "open"}).content.decode()
    assert "No action matches these filters" in page
