"""The waiting page of a plan: every figure leads to exactly its rows, and nobody counts what they may not see."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import Action, Dependency
from tests.actions.core.opening import copies, listed_actions, rows_behind
from tests.actions.waits.waiting import SENSITIVE, answered, declined, ended, supported, waits
from tests.cast import LONDON, PEOPLE, Cast
from tests.factories import ActionFactory
from tests.support.rendering import without_content
from tests.support.snapshots import reuse_snapshot

LINK = re.compile(r'<a class="govuk-link[^"]*" href="([^"]*/actions/\?[^"]*)">(\d+)')


@reuse_snapshot
def a_waiting_plan(cast: Cast) -> dict[str, Action]:
    """On the council wait three and two were declined by it, one of them settled; on Leeds District wait two."""
    made = {ref: supported(cast, ref) for ref in ("W-1", "W-2", "W-3", "W-4", "W-5", "W-6")}
    waits(cast, made["W-1"], needed_by=date(2020, 6, 18))
    waits(cast, made["W-1"], organisation=cast.leeds_district, since=date(2020, 5, 1), needed="Two rooms")
    answered(cast, waits(cast, made["W-2"], needed_by=date(2020, 6, 19)))
    answered(cast, waits(cast, made["W-3"], since=date(2020, 4, 10), needed_by=date(2020, 5, 1)))
    declined(cast, waits(cast, made["W-4"]))
    ended(cast, declined(cast, waits(cast, made["W-5"])), met=False, ending="Done without.")
    ended(cast, waits(cast, made["W-6"], organisation=cast.leeds_district))
    waits(cast, made["W-6"], organisation=cast.leeds_district, since=None, needed_by=date(2020, 7, 1))
    return made


def waiting_page(client: Client, cast: Cast, query: str = "", status: int = 200) -> Any:
    response = client.get(reverse("actions:plan-waiting", args=[cast.plan.pk]) + query)
    assert response.status_code == status
    return response


def figures(response: Any) -> dict[str, list[int]]:
    return {
        line.label: [*(count.number for count in line.counts), line.days]
        for line in response.context["lines"]
    }


def test_the_figures_by_partner_and_in_all(cast: Cast, signed_in: Any) -> None:
    a_waiting_plan(cast)
    assert figures(waiting_page(signed_in("manager"), cast)) == {
        # waiting, not acknowledged, past the wanted day, declined, longest wait in days
        "Leeds District": [2, 2, 0, 0, 49],
        "Wakefield Council": [3, 1, 2, 1, 70],
        "Total": [4, 2, 2, 1, 70],
    }


def test_the_list_is_of_every_wait_the_longest_first(cast: Cast, signed_in: Any) -> None:
    a_waiting_plan(cast)
    response = waiting_page(signed_in("manager"), cast)
    rows = [
        (row.action.ref, row.organisation.name, days, late) for row, days, late in response.context["rows"]
    ]
    assert rows == [
        ("W-3", "Wakefield Council", 70, True),
        ("W-1", "Leeds District", 49, False),
        ("W-1", "Wakefield Council", 18, True),
        ("W-2", "Wakefield Council", 18, False),
        ("W-6", "Leeds District", 0, False),
    ]


@pytest.mark.parametrize(
    "who", ["manager", "gold", "auditor", "bradford_spoc", "leeds_spoc", "wakefield_contact"]
)
def test_every_figure_leads_to_exactly_its_rows(cast: Cast, signed_in: Any, who: str) -> None:
    made = a_waiting_plan(cast)
    hidden = supported(cast, "W-7", supporting=[cast.wakefield_council], **SENSITIVE)
    waits(cast, hidden)
    client = signed_in(who)
    for query in ("", "?area=none", "?state=in_progress", "?q=W-1", f"?waiting_on={cast.leeds_district.pk}"):
        page = waiting_page(client, cast, query).content.decode()
        links = {(unescape(href), int(number)) for href, number in LINK.findall(page)}
        assert links or query == "?area=none"
        for href, number in links:
            assert len(rows_behind(href, cast.person(who))) == number, href
    with without_content():
        assert client.get(href).context["pages"].total == number, href
    assert made["W-1"].ref in page


def test_the_plan_page_counts_what_the_waiting_page_counts(cast: Cast, signed_in: Any) -> None:
    a_waiting_plan(cast)
    client = signed_in("manager")
    plan = client.get(reverse("actions:plan", args=[cast.plan.pk]))
    (count,) = [count for count in plan.context["lines"][-1].counts if count.label == "Waiting on a partner"]
    assert count.number == 4
    assert {action.ref for action in client.get(count.href).context["pages"]} == {
        "W-1",
        "W-2",
        "W-3",
        "W-6",
    }
    assert reverse("actions:plan-waiting", args=[cast.plan.pk]) in plan.content.decode()


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ("waiting=yes", "W-1 W-2 W-3 W-6"),
        ("waiting=no", "W-4 W-5"),
        ("waiting=unanswered", "W-1 W-6"),
        ("waiting=late", "W-1 W-3"),
        ("waiting=declined", "W-4"),
        ("waiting_on=council", "W-1 W-2 W-3"),
        ("waiting_on=council&waiting=yes", "W-1 W-2 W-3"),
        ("waiting_on=council&waiting=unanswered", "W-1"),
        ("waiting_on=leeds&waiting=late", ""),
        ("waiting_on=council&waiting=declined", "W-4"),
        ("waiting_on=leeds&waiting=no", "W-2 W-3 W-4 W-5"),
        ("waiting_on=police", ""),
    ],
)
def test_the_filters_ask_both_of_the_same_wait(cast: Cast, signed_in: Any, query: str, refs: str) -> None:
    a_waiting_plan(cast)
    for name, partner in (
        ("council", cast.wakefield_council),
        ("leeds", cast.leeds_district),
        ("police", cast.police),
    ):
        query = query.replace(f"waiting_on={name}", f"waiting_on={partner.pk}")
    client = signed_in("manager")
    assert [action.ref for action in listed_actions(client, f"sort=ref&{query}")] == refs.split()
    results = client.get(f"{reverse('api:action-list')}?{query}").json()["results"]
    assert [row["ref"] for row in results] == refs.split()


def test_one_partner_is_looked_at_alone(cast: Cast, signed_in: Any) -> None:
    a_waiting_plan(cast)
    response = waiting_page(signed_in("manager"), cast, f"?waiting_on={cast.wakefield_council.pk}")
    assert figures(response) == {"Wakefield Council": [3, 1, 2, 1, 70], "Total": [3, 1, 2, 1, 70]}
    assert {row.organisation for row, _, _ in response.context["rows"]} == {cast.wakefield_council}
    assert [item.text for item in response.context["chosen"]] == ["Wakefield Council"]


def test_a_wrong_filter_shows_no_figures(cast: Cast, signed_in: Any) -> None:
    a_waiting_plan(cast)
    response = waiting_page(signed_in("manager"), cast, "?area=nowhere", status=422)
    assert response.context["lines"] == []
    assert not len(response.context["pages"])


@pytest.mark.parametrize(
    ("who", "refs"),
    [
        ("manager", {"W-1", "W-2"}),
        ("wakefield_contact", {"W-1", "W-2"}),
        ("bradford_spoc", {"W-1", "W-2"}),
        ("leeds_spoc", {"W-1"}),
    ],
)
def test_hidden_waits_are_neither_listed_nor_counted(
    cast: Cast, signed_in: Any, who: str, refs: set[str]
) -> None:
    council = [cast.wakefield_council]
    waits(cast, supported(cast, "W-1", supporting=council))
    waits(cast, supported(cast, "W-2", supporting=council, **SENSITIVE))
    response = waiting_page(signed_in(who), cast)
    assert {row.action.ref for row, _, _ in response.context["rows"]} == refs
    assert figures(response)["Total"][0] == len(refs)
    assert ("W-2" in response.content.decode()) == ("W-2" in refs)


@pytest.mark.parametrize("person", PEOPLE)
def test_the_page_is_for_those_who_see_the_plan(cast: Cast, signed_in: Any, person: str) -> None:
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in(person)
    plan = client.get(reverse("actions:plan", args=[cast.plan.pk])).status_code
    assert waiting_page(client, cast, status=plan).status_code == plan


def test_a_plan_that_waits_on_nobody_says_so(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, in_progress=True)
    assert "No actions are waiting on a partner" in waiting_page(signed_in("manager"), cast).content.decode()


def test_waits_come_in_pages(cast: Cast, signed_in: Any) -> None:
    action = supported(cast)
    waits(cast, action)
    row = Dependency.objects.get()
    others = copies(action, [f"W-{number}" for number in range(26)])
    Dependency.objects.bulk_create(
        Dependency(
            action=other,
            organisation=cast.wakefield_council,
            needed="A list",
            since=row.since,
            raised_by=cast.manager,
            raised_at=row.raised_at.astimezone(LONDON),
        )
        for other in others
    )
    response = waiting_page(signed_in("manager"), cast)
    assert (len(response.context["rows"]), response.context["pages"].total) == (25, 27)
    assert len(waiting_page(signed_in("manager"), cast, "?page=2").context["rows"]) == 2
