"""The page of a plan that sets declared beside computed ratings, and where else the two are shown."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.lists.views.listing import list_actions
from actions.models import Action
from tests.actions.core.opening import listed_actions
from tests.cast import PEOPLE, TODAY, Cast
from tests.factories import ActionFactory
from tests.support.snapshots import reuse_snapshot

LIST = reverse("actions:action-list")
LATE, FAR = TODAY - timedelta(days=3), date(2020, 12, 31)
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}


def address(cast: Cast) -> str:
    return reverse("actions:plan-mismatches", args=[cast.plan.pk])


@reuse_snapshot
def rated(cast: Cast, ref: str, declared: str, **fields: Any) -> Action:
    """An action under way with this declared rating."""
    action = ActionFactory(cast=cast, in_progress=True, ref=ref, **fields)
    Action.objects.filter(pk=action.pk).update(rag=declared)
    action.refresh_from_db()
    return action


@reuse_snapshot
def of_every_kind(cast: Cast) -> None:
    rated(cast, "M-1", "green", due=LATE)  # two steps too hopeful
    rated(cast, "M-2", "amber", due=LATE)
    rated(cast, "M-3", "green", due=TODAY + timedelta(days=5), area=cast.leeds)
    rated(cast, "M-4", "red", due=FAR, pillar=cast.safeguard)  # two steps too gloomy
    rated(cast, "M-5", "red", due=LATE)
    rated(cast, "M-6", "green", due=FAR)
    ActionFactory(cast=cast, allocated=True, ref="M-7", due=LATE)  # not rated, overdue, never heard of
    ActionFactory(cast=cast, allocated=True, ref="M-8", due=FAR)  # not rated, and silent since April
    ActionFactory(cast=cast, awaiting_assurance=True, ref="M-9", due=FAR, supporting=[cast.wakefield_council])
    rated(cast, "M-10", "green", due=LATE, owner=cast.gold, lead=cast.police, **SENSITIVE)
    rated(cast, "M-11", "green", due=LATE)
    Action.objects.filter(ref="M-11").update(by_districts=True)
    ActionFactory(cast=cast, unallocated=True, ref="M-12")


def test_the_largest_mismatch_comes_first_then_the_longest_silence(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    response = signed_in("manager").get(address(cast))
    rows = [(action.ref, computed.rag, silent) for action, computed, silent in response.context["rows"]]
    assert rows == [
        ("M-7", "red", 79),
        ("M-1", "red", 18),
        ("M-10", "red", 18),
        ("M-8", "amber", 79),
        ("M-2", "red", 18),
        ("M-3", "amber", 18),
        ("M-4", "green", 18),
    ]
    body = response.content.decode()
    for rule in ("Overdue by 3 days", "No update for 79 days", "Due in 5 days and 40% done"):
        assert rule in body
    assert "79 days since allocation" in body
    assert "18 days ago" in body


@pytest.mark.parametrize(
    ("who", "query"),
    [
        *((who, "") for who in ("manager", "leeds_spoc", "gold", "auditor", "wakefield_contact")),
        *(("manager", query) for query in ("area=", "pillar=Safeguard", "overdue=yes", "q=M-1")),
    ],
)
def test_every_number_opens_exactly_its_rows(cast: Cast, signed_in: Any, who: str, query: str) -> None:
    of_every_kind(cast)
    if query == "area=":
        query += str(cast.bradford.pk)
    client = signed_in(who)
    context = client.get(f"{address(cast)}?{query}").context
    counts = [cell.count for _, _, cells in context["matrix"] for cell in cells]
    for count in (*counts, context["differing"], context["better"]):
        action_list = list_actions(cast.person(who), QueryDict(urlsplit(count.href).query), TODAY)
        assert not action_list.errors, count.href
        assert action_list.rows.count() == count.number, count.noun
    assert client.get(context["better"].href).context["pages"].total == context["better"].number
    assert context["pages"].total == context["differing"].number
    assert context["total"] == counts[-1].number


def test_the_matrix_adds_up_both_ways(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    context = signed_in("manager").get(address(cast)).context
    numbers = [[cell.count.number for cell in cells] for _, _, cells in context["matrix"]]
    assert numbers == [
        [1, 0, 1, 2],
        [1, 0, 0, 1],
        [2, 1, 2, 5],
        [1, 1, 0, 2],
        [5, 2, 3, 10],
    ]
    assert (context["differing"].number, context["better"].number) == (7, 6)


@pytest.mark.parametrize("who", PEOPLE)
def test_readers_of_a_plan_see_mismatches_of_visible_actions(cast: Cast, signed_in: Any, who: str) -> None:
    of_every_kind(cast)
    response = signed_in(who).get(address(cast))
    everything = ["M-7", "M-1", "M-10", "M-8", "M-2", "M-3", "M-4"]
    expected = {
        **dict.fromkeys(("manager", "gold", "auditor"), everything),
        **{name: [ref for ref in everything if ref != "M-10"] for name in ("bradford_spoc", "leeds_spoc")},
        "wakefield_contact": [],
    }
    if who not in expected:
        assert response.status_code == 404
        return
    assert [action.ref for action, *_ in response.context["rows"]] == expected[who]
    linked = (
        address(cast) in signed_in(who).get(reverse("actions:plan", args=[cast.plan.pk])).content.decode()
    )
    assert linked


def test_a_plan_where_all_agree_and_one_without_work_say_so(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    assert "No action is under way" in client.get(address(cast)).content.decode()
    rated(cast, "M-6", "green", due=FAR)
    assert "No actions have a RAG mismatch." in client.get(address(cast)).content.decode()
    narrowed = client.get(address(cast), {"q": "nothing of the kind"}).content.decode()
    assert "No action under way matches these filters" in narrowed


def test_a_wrong_filter_shows_nothing_and_says_why(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    response = signed_in("manager").get(address(cast), {"area": "999999"})
    assert response.status_code == 422
    assert "No figures are shown" in response.content.decode()
    assert list(response.context["rows"]) == []


@pytest.mark.parametrize(
    "query", [{"rag": "red"}, {"computed": "green"}, {"rag_differs": "worse"}, {"plan": "0"}]
)
def test_the_pages_own_filter_does_not_narrow_it(cast: Cast, signed_in: Any, query: dict[str, str]) -> None:
    of_every_kind(cast)
    context = signed_in("manager").get(address(cast), query).context
    assert (context["total"], context["differing"].number) == (10, 7)
    assert not set(query) & set(context["form"].fields)


def test_the_page_takes_no_more_queries_for_many(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(cast)).status_code == 200
            assert client.get(LIST).status_code == 200
        return len(captured)

    rated(cast, "M-1", "green", due=LATE)
    few = queries()
    for number in range(2, 9):
        rated(cast, f"M-{number}", "green", due=LATE, lead=cast.leeds_district, owner=cast.leeds_spoc)
    assert queries() == few


# Elsewhere ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"computed": "red"}, {"M-1", "M-2", "M-5", "M-7", "M-10"}),
        ({"computed": ["amber", "green"]}, {"M-3", "M-4", "M-6", "M-8", "M-9"}),
        ({"rag_differs": "better"}, {"M-1", "M-2", "M-3", "M-7", "M-8", "M-10"}),
        ({"rag_differs": "worse"}, {"M-4"}),
        ({"rag_differs": "any"}, {"M-1", "M-2", "M-3", "M-4", "M-7", "M-8", "M-10"}),
        ({"rag_differs": "any", "computed": "red", "stale": "yes"}, {"M-7"}),
        ({"rag": "none", "computed": "amber", "owner": "me"}, set()),
    ],
)
def test_list_and_api_narrow_by_the_rating_from_dates(
    cast: Cast, signed_in: Any, query: dict[str, Any], expected: set[str]
) -> None:
    of_every_kind(cast)
    client = signed_in("manager")
    assert {action.ref for action in listed_actions(client, query)} == expected
    read = client.get(reverse("api:action-list"), query).json()
    assert {row["ref"] for row in read["results"]} == expected


@pytest.mark.parametrize("query", [{"computed": "blue"}, {"rag_differs": "yes"}])
def test_a_rating_there_is_not_is_refused(cast: Cast, signed_in: Any, query: dict[str, str]) -> None:
    assert signed_in("manager").get(LIST, query).status_code == 422
    assert signed_in("manager").get(reverse("api:action-list"), query).status_code == 400


def test_the_list_shows_the_rating_from_dates_only_where_it_differs(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    response = signed_in("manager").get(LIST)
    differing = {action.ref for action, _, differs in response.context["rows"] if differs}
    assert differing == {"M-1", "M-2", "M-3", "M-4", "M-7", "M-8", "M-10"}
    assert response.content.decode().count("Dates say") == len(differing)


@pytest.mark.parametrize(
    ("declared", "due", "words"),
    [
        ("green", LATE, "The declared rating is better than the dates show."),
        ("amber", LATE, "The declared rating is better than the dates show."),
        ("red", FAR, "The declared rating is worse than the dates show."),
        ("red", LATE, None),
        ("green", FAR, None),
    ],
)
def test_the_action_says_which_way_its_ratings_differ(
    cast: Cast, signed_in: Any, declared: str, due: date, words: str | None
) -> None:
    action = rated(cast, "M-1", declared, due=due)
    page = signed_in("leeds_spoc").get(reverse("actions:action", args=[action.pk])).content.decode()
    assert ("RAG from dates" in page) is (words is not None)
    assert words is None or words in page


def test_an_action_not_started_shows_what_its_dates_say_once_that_is_not_green(
    cast: Cast, signed_in: Any
) -> None:
    client = signed_in("manager")
    late = ActionFactory(cast=cast, allocated=True, ref="M-1", due=LATE)
    fresh = ActionFactory(cast=cast, allocated=True, ref="M-2", due=FAR)
    Action.objects.filter(pk=fresh.pk).update(allocated_on=TODAY)
    pages = [
        client.get(reverse("actions:action", args=[action.pk])).content.decode() for action in (late, fresh)
    ]
    assert "Overdue by 3 days." in pages[0]
    assert "RAG from dates" not in pages[1]
