"""How far a plan's due dates have moved: figures that add up and open exactly their rows."""

import csv
import io
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from actions.slippage.views import MEASURES
from partners.models import Area, Organisation
from tests.actions.core.opening import listed_actions, rows_behind
from tests.actions.dates.dates import LATER, LATEST, ask, decide, moved
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.meetings.factories import board_minute
from tests.support.rendering import without_content
from tests.support.snapshots import reuse_snapshot

SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver group only"}


@pytest.fixture
@reuse_snapshot
def slipped(cast: Cast) -> Cast:
    """Six actions with dates, four of which moved, and one without."""
    paper = {"source": "Gold paper, page 2"}
    twice = moved(cast, ActionFactory(cast=cast, in_progress=True, ref="WY20-01", **paper))
    again = ask(actor=cast.bradford_spoc, action=twice, new_due=LATEST, reason="The second course is full.")
    decide(actor=cast.gold, date_change=again, minute=board_minute(cast))
    moved(
        cast,
        ActionFactory(
            cast=cast,
            in_progress=True,
            ref="WY20-02",
            source="Gold paper, page 2, and more",
            pillar=cast.safeguard,
        ),
    )
    earlier = ActionFactory(cast=cast, in_progress=True, ref="WY20-03", area=None, **paper)
    ask(actor=cast.bradford_spoc, action=earlier, new_due=date(2020, 8, 31), reason="The course is sooner.")
    council = {"lead": cast.wakefield_council, "area": cast.leeds, "owner": cast.wakefield_contact}
    moved(cast, ActionFactory(cast=cast, in_progress=True, ref="WY20-04", **council, **SENSITIVE))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-05", **council)
    decide(
        actor=cast.manager,
        date_change=ask(actor=cast.wakefield_contact, action=Action.objects.get(ref="WY20-05")),
        approve=False,
    )
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-06")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-07")
    return cast


def address(cast: Cast) -> str:
    return reverse("actions:plan-slippage", args=[cast.plan.pk])


def figures(response: Any) -> dict[str, dict[str, list[int]]]:
    return {
        dimension.label: {line.label: [figure.count.number for figure in line.figures] for line in lines}
        for dimension, lines in response.context["tables"]
    }


def test_date_changes_are_grouped_four_ways(slipped: Cast, signed_in: Any) -> None:
    response = signed_in("manager").get(address(slipped))
    total = [6, 4, 5, 92 + 61 + 61, 1]
    assert figures(response) == {
        "District": {
            "Bradford": [3, 2, 3, 153, 1],
            "Leeds": [2, 1, 1, 61, 0],
            "No district": [1, 1, 1, 0, 0],
            "Total": total,
        },
        "Lead organisation": {
            "Bradford District": [4, 3, 4, 153, 1],
            "Wakefield Council": [2, 1, 1, 61, 0],
            "Total": total,
        },
        "Pillar": {"Identify": [5, 3, 4, 153, 1], "Safeguard": [1, 1, 1, 61, 0], "Total": total},
        "Source": {
            "Gold paper, page 2": [2, 2, 3, 92, 1],
            "Gold paper, page 2, and more": [1, 1, 1, 61, 0],
            "No source": [3, 1, 1, 61, 0],
            "Total": total,
        },
    }
    flagged = [
        (dimension.label, line.label)
        for dimension, lines in response.context["tables"]
        for line in lines
        if any(figure.flagged for figure in line.figures) and not line.is_total
    ]
    assert flagged == [
        ("District", "Bradford"),
        ("Lead organisation", "Bradford District"),
        ("Pillar", "Identify"),
        ("Source", "Gold paper, page 2"),
    ]


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("manager", {}),
        ("manager", {"area": "none"}),
        ("manager", {"state": ["in_progress"], "q": "Brief"}),
        ("leeds_spoc", {"source": "gold PAPER"}),
        ("wakefield_contact", {}),
    ],
)
def test_every_number_opens_exactly_its_rows_and_adds_up(
    slipped: Cast, signed_in: Any, who: str, query: dict[str, Any]
) -> None:
    client = signed_in(who)

    @cache  # the totals of every table lead to the same rows
    def rows_at(href: str) -> list[Action]:
        return rows_behind(href, slipped.person(who))

    response = client.get(address(slipped), query)
    assert response.status_code == 200
    for _, lines in response.context["tables"]:
        *groups, total = lines
        for column, measure in enumerate(MEASURES):
            numbers = [line.figures[column].count.number for line in groups]
            assert sum(numbers) == total.figures[column].count.number
            for line in lines:
                count = line.figures[column].count
                rows = rows_at(count.href)
                value = {
                    "moves": sum(action.moves for action in rows),
                    "days": sum(action.days_slipped for action in rows),
                }.get(measure.key, len(rows))
                assert value == count.number, count.href
    with without_content():
        opened = client.get(count.href)
    assert (opened.status_code, [row[0] for row in opened.context["rows"]]) == (200, rows)


def test_the_rows_below_add_up_to_the_total(slipped: Cast, signed_in: Any) -> None:
    response = signed_in("manager").get(address(slipped))
    rows = [
        (action.ref, action.moves, action.days_slipped, last.reason)
        for action, last in response.context["rows"]
    ]
    assert rows == [
        ("WY20-01", 2, 92, "The second course is full."),
        ("WY20-02", 1, 61, "Illness in the team."),
        ("WY20-04", 1, 61, "Illness in the team."),
        ("WY20-03", 1, -30, "The course is sooner."),
    ]
    assert b"30 September 2020" in response.content
    assert b"31 December 2020" in response.content


def test_hidden_rows_are_not_counted(slipped: Cast, signed_in: Any) -> None:
    table = figures(signed_in("leeds_spoc").get(address(slipped)))
    assert table["District"]["Leeds"] == [1, 0, 0, 0, 0]
    council = figures(signed_in("wakefield_contact").get(address(slipped)))
    assert council["Lead organisation"] == {"Wakefield Council": [2, 1, 1, 61, 0], "Total": [2, 1, 1, 61, 0]}
    assert signed_in("leicestershire_manager").get(address(slipped)).status_code == 404


def test_the_plan_is_fixed_and_a_wrong_filter_shows_nothing(slipped: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    elsewhere = client.get(address(slipped), {"plan": "999999", "moved": "again"})
    assert figures(elsewhere)["District"]["Total"][0] == 6
    assert elsewhere.context["chosen"] == []
    wrong = client.get(address(slipped), {"rag": "purple"})
    assert (wrong.status_code, wrong.context["tables"]) == (422, [])


def test_an_action_that_districts_deliver_is_counted_by_its_parts(cast: Cast, signed_in: Any) -> None:
    parent = ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    part = ActionFactory(cast=cast, in_progress=True, ref="WY20-01-BFD", parent=parent)
    Action.objects.filter(pk=parent.pk).update(
        by_districts=True, due=LATER, original_due=part.original_due, state="in_progress"
    )
    client = signed_in("manager")
    assert figures(client.get(address(cast)))["District"]["Total"] == [1, 0, 0, 0, 0]
    for how, refs in (("any", ["WY20-01-BFD"]), ("later", []), ("", ["WY20-01", "WY20-01-BFD"])):
        rows = client.get(reverse("actions:action-list"), {"moved": how}, follow=True).context["rows"]
        assert [row[0].ref for row in rows] == refs


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ({"moved": "yes"}, [1, 2, 3, 4]),
        ({"moved": "again"}, [1]),
        ({"moved": "later"}, [1, 2, 4]),
        ({"moved": "no"}, [5, 6]),
        ({"moved": "any"}, [1, 2, 3, 4, 5, 6]),
        ({"source": "page 2"}, [1, 2, 3]),
        ({"source": '"Gold paper, page 2"'}, [1, 3]),
        ({"source": '"gold paper"'}, []),
        ({"source": "none"}, [4, 5, 6, 7]),
        ({"source": '"'}, []),
    ],
)
def test_the_list_and_the_api_narrow_alike(
    slipped: Cast, signed_in: Any, query: dict[str, str], refs: list[int]
) -> None:
    client, expected = signed_in("manager"), [f"WY20-0{number}" for number in refs]
    assert [action.ref for action in listed_actions(client, query | {"sort": "ref"})] == expected
    results = client.get("/api/v1/actions/", query).json()["results"]
    assert [row["ref"] for row in results] == expected


def test_the_export_and_the_api_tell_moves_and_days(slipped: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    export = client.get(reverse("actions:action-export", kwargs={"kind": "csv"}), {"sort": "ref"})
    lines = list(csv.reader(io.StringIO(b"".join(export.streaming_content).decode("utf-8-sig"))))
    start = next(number for number, line in enumerate(lines) if line[:1] == ["Reference"])
    exported = [dict(zip(lines[start], line, strict=True)) for line in lines[start + 1 :]]
    days = [(row["Times moved"], row["Days slipped"]) for row in exported]
    assert days == [("2", "92"), ("1", "61"), ("1", "-30"), ("1", "61"), ("0", "0"), ("0", "0"), ("0", "")]
    results = client.get("/api/v1/actions/").json()["results"]
    assert [(row["moves"], row["days_slipped"]) for row in results][:3] == [(2, 92), (1, 61), (1, -30)]


def test_links_carry_the_filters_of_the_page(slipped: Cast, signed_in: Any) -> None:
    response = signed_in("manager").get(address(slipped), {"state": "open", "page": "1"})
    (_, lines), *_ = response.context["tables"]
    parameters = parse_qs(urlsplit(lines[0].figures[1].count.href).query)
    assert parameters == {
        "state": ["open"],
        "plan": [str(slipped.plan.pk)],
        "area": [str(slipped.bradford.pk)],
        "moved": ["yes"],
    }


def test_many_rows_cost_as_much_as_few(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(cast)).context["tables"]
        return len(queries)

    moved(cast, ActionFactory(cast=cast, in_progress=True, ref="WY20-01", source="One"))
    cost()
    few = cost()
    for number in range(2, 6):
        area = Area.objects.create(partnership=cast.yorkshire, name=f"District {number}", order=number)
        lead = Organisation.objects.create(
            partnership=cast.yorkshire, name=f"Council {number}", kind=Organisation.Kind.COUNCIL
        )
        moved(
            cast,
            ActionFactory(
                cast=cast,
                in_progress=True,
                ref=f"WY20-0{number}",
                area=area,
                lead=lead,
                source=f"Paper {number}",
            ),
        )
    assert cost() == few
