"""The action list and an action's page: who sees what, filters, order, and the manager's form."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.assurance.services import return_action
from actions.core.states import State
from actions.evidence.services import add_evidence
from actions.lists.filters import SORTS
from actions.models import Action
from tests.actions.core.opening import copies, listed_actions
from tests.cast import AT, Cast
from tests.factories import ActionFactory, ClosureProposalFactory, submit_progress
from tests.support.snapshots import reuse_snapshot

LIST = reverse("actions:action-list")
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver group only"}


def refs(client: Client, **query: Any) -> list[str]:
    return [action.ref for action in listed_actions(client, query)]


def page(client: Client, action: Action, status: int = 200) -> str:
    response = client.get(reverse("actions:action", args=[action.pk]))
    assert response.status_code == status
    return response.content.decode()


# Seeing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("manager", ["WY20-01", "WY20-02", "WY20-03"]),
        ("gold", ["WY20-01", "WY20-02", "WY20-03"]),
        ("auditor", ["WY20-01", "WY20-02", "WY20-03"]),
        ("bradford_spoc", ["WY20-01", "WY20-02", "WY20-03"]),
        ("leeds_spoc", ["WY20-01", "WY20-03"]),
        ("wakefield_contact", ["WY20-03"]),
        ("observer", []),
        ("former_spoc", []),
        ("administrator", []),
        ("stranger", []),
        ("leicestershire_manager", []),
    ],
)
def test_each_reader_finds_their_own_actions_and_no_others(
    who: str, expected: list[str], cast: Cast, signed_in: Any
) -> None:
    rows = [
        ActionFactory(cast=cast, allocated=True, ref="WY20-01"),
        ActionFactory(cast=cast, allocated=True, ref="WY20-02", **SENSITIVE),
        ActionFactory(cast=cast, unallocated=True, ref="WY20-03", supporting=[cast.wakefield_council]),
    ]
    client = signed_in(who)
    assert refs(client) == expected
    for row in rows:
        assert (row.title in page(client, row, 200 if row.ref in expected else 404)) is (row.ref in expected)


def test_a_visitor_is_asked_to_sign_in(cast: Cast) -> None:
    for address in (
        LIST,
        reverse("actions:action", args=[ActionFactory(cast=cast, allocated=True).pk]),
        reverse("actions:plan-list"),
    ):
        assert Client().get(address).status_code == 302


# Filters ------------------------------------------------------------------------------------------------------


@pytest.fixture
@reuse_snapshot
def plan_of_six(cast: Cast) -> Cast:
    ActionFactory(
        cast=cast, unallocated=True, ref="WY20-01", title="Map the 100% gaps", area=None, mou_area=None
    )
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", draft=True, lead=None)
    ActionFactory(cast=cast, allocated=True, ref="WY20-03", due=date(2020, 5, 31), area=cast.leeds)
    ActionFactory(
        cast=cast,
        in_progress=True,
        ref="WY20-04",
        pillar=cast.safeguard,
        description="Panels in five districts",
    )
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-05", due=date(2020, 7, 31))
    ActionFactory(cast=cast, allocated=True, ref="WY20-06", owner=cast.manager, **SENSITIVE)
    return cast


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "123456"),
        ({"q": "panels DISTRICTS"}, "4"),
        ({"q": "wy20-05"}, "5"),
        ({"q": "100%"}, "1"),
        ({"q": "nothing like it"}, ""),
        ({"pillar": "Safeguard"}, "4"),
        ({"state": "open"}, "123456"),
        ({"state": "closed"}, ""),
        ({"state": ["draft", "awaiting_assurance"]}, "25"),
        ({"state": "not_started"}, "36"),
        ({"rag": "green"}, "45"),
        ({"rag": "green", "state": "in_progress"}, "4"),
        ({"rag": "none"}, "1236"),
        ({"area": "none"}, "1"),
        ({"lead": "none"}, "2"),
        ({"owner": "none"}, "12"),
        ({"owner": "me"}, "6"),
        ({"overdue": "yes"}, "3"),
        ({"overdue": "no"}, "12456"),
        ({"stale": "yes"}, "36"),
        ({"due_from": "2020-06-01", "due_to": "2020-07-31"}, "5"),
        ({"due_to_day": "31", "due_to_month": "May", "due_to_year": "2020"}, "3"),
        ({"marking": "OFFICIAL-SENSITIVE"}, "6"),
        ({"mou_area": "none"}, "123456"),
    ],
)
def test_a_filter_keeps_exactly_its_rows(
    query: dict[str, Any], expected: str, plan_of_six: Cast, signed_in: Any
) -> None:
    assert "".join(ref[-1] for ref in refs(signed_in("manager"), **query)) == expected


def test_filters_by_row_take_the_ids_of_rows_the_reader_sees(plan_of_six: Cast, signed_in: Any) -> None:
    cast, client = plan_of_six, signed_in("manager")
    assert refs(client, area=cast.leeds.pk) == ["WY20-03"]
    assert refs(client, plan=cast.plan.pk, owner=cast.manager.pk) == ["WY20-06"]
    assert len(refs(client, lead=cast.bradford_district.pk)) == 5
    for name, foreign in (
        ("plan", cast.leicestershire_plan),
        ("lead", cast.city_council),
        ("owner", cast.leicestershire_manager),
    ):
        response = client.get(LIST, {name: foreign.pk})
        assert response.status_code == 422
        assert name in response.context["form"].errors


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"state": "half_done"}, "state"),
        ({"rag": "blue"}, "rag"),
        ({"area": "99999"}, "area"),
        ({"area": "x"}, "area"),
        ({"owner": "0x1"}, "owner"),
        ({"overdue": "perhaps"}, "overdue"),
        ({"due_from": "31/02/2020"}, "due_from"),
        ({"due_to": "2020-13-01"}, "due_to"),
        ({"due_from": "2020-06-02", "due_to": "2020-06-01"}, "due_to"),
        ({"q": "x" * 101}, "q"),
        ({"q": "nul\x00"}, "q"),
    ],
)
def test_a_wrong_filter_is_named_and_shows_no_rows(
    query: dict[str, str], field: str, plan_of_six: Cast, signed_in: Any
) -> None:
    response = signed_in("manager").get(LIST, query)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["pages"].total == 0
    assert "There is a problem" in response.content.decode()


def test_an_unknown_order_and_page_are_refused(plan_of_six: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    response = client.get(LIST, {"sort": "password"})
    assert response.status_code == 422
    assert "Sort by one of" in response.content.decode()
    for wrong in ("0", "99", "x", "9" * 30):
        assert client.get(LIST, {"page": wrong}).status_code == 404


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("ref", "123456"),
        ("-ref", "654321"),
        ("due", "354612"),
        ("-due", "465312"),
        ("state", "213645"),
        ("rag", "451236"),
        ("-percent", "451236"),
        ("updated", "451236"),
        ("area", "245631"),
    ],
)
def test_rows_come_in_the_requested_order(
    sort: str, expected: str, plan_of_six: Cast, signed_in: Any
) -> None:
    assert "".join(ref[-1] for ref in refs(signed_in("manager"), sort=sort)) == expected


def test_every_column_sorts_both_ways(plan_of_six: Cast, signed_in: Any) -> None:
    manager = signed_in("manager")
    for sort in SORTS:
        assert len(refs(manager, sort=sort)) == len(refs(manager, sort=f"-{sort}")) == 6
    listed = manager.get(LIST, {"sort": "-due"}).content.decode()
    assert listed.count('aria-sort="descending"') == 1


def test_chosen_filters_are_links_that_remove_them(plan_of_six: Cast, signed_in: Any) -> None:
    response = signed_in("manager").get(LIST, {"rag": "none", "owner": "me", "sort": "due"})
    chosen = {item.label: (item.text, item.href) for item in response.context["chosen"]}
    assert chosen["Declared RAG"] == ("Not rated", "?owner=me&sort=due")
    assert chosen["Owner"] == ("Me, as owner or alternate", "?rag=none&sort=due")
    assert "Remove this filter" in response.content.decode()


def test_long_lists_come_in_pages(cast: Cast, signed_in: Any) -> None:
    copies(
        ActionFactory(cast=cast, unallocated=True, ref="WY20-01"),
        [f"WY20-{number:02}" for number in range(2, 28)],
    )
    client = signed_in("manager")
    first, second = client.get(LIST), client.get(LIST, {"page": 2})
    assert "Showing 1 to 25 of 27 actions" in first.content.decode()
    assert [action.ref for action, *_ in second.context["rows"]] == ["WY20-26", "WY20-27"]
    assert "<title>Actions (page 2 of 2)" in second.content.decode()


def test_lists_without_rows_say_what_to_do(cast: Cast, signed_in: Any) -> None:
    assert "There are no actions yet" in signed_in("manager").get(LIST).content.decode()
    assert "You do not have access to any actions yet" in signed_in("stranger").get(LIST).content.decode()
    ActionFactory(cast=cast, unallocated=True)
    empty = signed_in("manager").get(LIST, {"state": "complete"}).content.decode()
    assert "No action matches these filters" in empty


def test_the_page_has_the_highest_marking_of_its_rows(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", **SENSITIVE)
    assert signed_in("manager").get(LIST).context["page_marking"] == "OFFICIAL-SENSITIVE"
    assert signed_in("leeds_spoc").get(LIST).context["page_marking"] == "OFFICIAL"


def test_the_number_of_queries_does_not_grow_with_rows_or_history(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    client = signed_in("manager")

    def queries() -> list[int]:
        counts = []
        for address in (LIST, reverse("actions:action", args=[action.pk])):
            with CaptureQueriesContext(connection) as captured:
                client.get(address)
            counts.append(len(captured))
        return counts

    few = queries()
    for number in range(2, 8):
        ActionFactory(
            cast=cast, allocated=True, ref=f"WY20-{number:02}", area=cast.leeds, pillar=cast.safeguard
        )
        submit_progress(
            actor=cast.bradford_spoc,
            action=action,
            narrative=f"Week {number}",
            rag="green",
            percent=50,
            at=AT,
        )
    assert queries() == few


# The page of an action ----------------------------------------------------------------------------------------


RATE = "Record a board\u2019s rating"


@pytest.mark.parametrize(
    ("make", "who", "expected"),
    [
        (
            lambda cast: ActionFactory(cast=cast, unallocated=True),
            "manager",
            ["Allocate", "Change the details"],
        ),
        (lambda cast: ActionFactory(cast=cast, unallocated=True), "leeds_spoc", []),
        (
            lambda cast: ActionFactory(cast=cast, allocated=True),
            "bradford_spoc",
            ["Report progress", "Add evidence"],
        ),
        (
            lambda cast: ActionFactory(cast=cast, in_progress=True),
            "bradford_spoc",
            ["Report progress", "Submit for assurance", "Add evidence"],
        ),
        (lambda cast: ActionFactory(cast=cast, in_progress=True), "leeds_spoc", []),
        (lambda cast: ActionFactory(cast=cast, in_progress=True), "auditor", []),
        (
            lambda cast: ActionFactory(cast=cast, in_progress=True),
            "manager",
            ["Change the owner", "Ask for an update", "Change the details"],
        ),
        (lambda cast: ActionFactory(cast=cast, in_progress=True), "gold", [RATE]),
        (
            lambda cast: (
                ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True)).action
            ),
            "gold",
            ["Decide on the proposal to withdraw", RATE],
        ),
        (lambda cast: ActionFactory(cast=cast, by_districts=True), "manager", ["Change the details"]),
        (lambda cast: ActionFactory(cast=cast, by_districts=True), "gold", [RATE]),
        (
            lambda cast: ActionFactory(cast=cast, awaiting_assurance=True),
            "auditor",
            ["Give assurance or return"],
        ),
        (lambda cast: ActionFactory(cast=cast, awaiting_assurance=True), "bradford_spoc", ["Add evidence"]),
    ],
)
def test_buttons_are_what_the_reader_may_do(
    make: Any, who: str, expected: list[str], cast: Cast, signed_in: Any
) -> None:
    response = signed_in(who).get(reverse("actions:action", args=[make(cast).pk]))
    assert [ability.text for ability in response.context["abilities"]] == expected


def test_a_draft_is_released_by_its_manager(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True, draft=True)
    address = reverse("actions:action-release", args=[action.pk])
    assert signed_in("bradford_spoc").post(address).status_code == 403
    assert signed_in("leicestershire_manager").post(address).status_code == 404
    assert signed_in("manager").get(address)["Location"] == reverse("actions:action", args=[action.pk])
    assert signed_in("manager").post(address, {"version": action.version}).status_code == 302
    action.refresh_from_db()
    assert action.state == State.AWAITING_ALLOCATION
    again = signed_in("manager").post(address, {"version": action.version}, follow=True)
    assert "cannot be released" in again.content.decode()


def test_the_page_tells_the_declared_from_the_computed_rating(cast: Cast, signed_in: Any) -> None:
    late = ActionFactory(cast=cast, in_progress=True, due=date(2020, 6, 10))
    html = page(signed_in("manager"), late)
    assert "Overdue by 9 days" in html
    assert "RAG from dates" in html
    assert "RAG from dates" not in page(
        signed_in("manager"), ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    )


def test_the_page_shows_corrections_evidence_and_judgements(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    wrong = action.updates.get()
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="Three of five, not two.",
        rag="red",
        reason="Two teams were redeployed.",
        path_to_green="Brief them in July.",
        percent=60,
        corrects=wrong,
        at=AT,
    )
    add_evidence(
        actor=cast.bradford_spoc, action=action, title="Briefing note", url="https://example.org/n", at=AT
    )
    html = page(signed_in("manager"), action)
    for words in (
        "Corrected",
        "Correction",
        "Two teams were redeployed.",
        "Brief them in July.",
        "Briefing note",
    ):
        assert words in html
    action = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    return_action(actor=cast.auditor, action=action, note="No list of who was briefed.", at=AT)
    assert "No list of who was briefed." in page(signed_in("manager"), action)


def test_markings_are_printed_at_top_and_bottom(cast: Cast, signed_in: Any) -> None:
    html = page(signed_in("manager"), ActionFactory(cast=cast, unallocated=True, **SENSITIVE))
    assert html.count("OFFICIAL-SENSITIVE \N{EN DASH} Silver group only") == 2


def test_text_is_escaped_on_every_page(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(
        cast=cast, unallocated=True, title="<script>alert(1)</script>", description="<b>bold</b>"
    )
    client = signed_in("manager")
    for address in (LIST, reverse("actions:action", args=[action.pk])):
        html = client.get(address).content.decode()
        assert "<script>alert" not in html
        assert "<b>bold" not in html
