"""The plans page and a plan's page: who sees what, and that every count equals the rows behind it."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Pillar, Plan
from tests.actions.core.opening import rows_behind
from tests.cast import Cast
from tests.factories import ActionFactory, PlanFactory
from tests.support.rendering import without_content
from tests.support.snapshots import reuse_snapshot

LINK = re.compile(r'<a class="govuk-link[^"]*" href="([^"]*/actions/\?[^"]*)">(\d+)')


@reuse_snapshot
def a_busy_plan(cast: Cast) -> None:
    """One action of each kind, some late, some without a district."""
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02", draft=True, area=None)
    ActionFactory(cast=cast, allocated=True, ref="WY20-03", due=date(2020, 5, 1))
    ActionFactory(cast=cast, in_progress=True, ref="WY20-04", area=cast.leeds)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-05", pillar=cast.safeguard, due=date(2020, 6, 1))
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-06", pillar=cast.safeguard, area=None)


def body(client: Client, route: str, *args: Any, status: int = 200) -> str:
    response = client.get(reverse(route, args=args))
    assert response.status_code == status
    return response.content.decode()


def counted_links(page: str) -> list[tuple[str, int]]:
    return [(unescape(href), int(number)) for href, number in LINK.findall(page)]


@pytest.mark.parametrize("who", ["manager", "bradford_spoc", "wakefield_contact", "gold", "auditor"])
def test_every_count_leads_to_exactly_its_rows(who: str, cast: Cast, signed_in: Any) -> None:
    a_busy_plan(cast)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-07", supporting=[cast.wakefield_council])
    client = signed_in(who)
    links = counted_links(body(client, "actions:plan", cast.plan.pk))
    links += counted_links(body(client, "actions:plan-list"))
    assert len(links) > 5
    for href, number in set(links):
        assert len(rows_behind(href, cast.person(who))) == number, href
    with without_content():
        listed = client.get(href)
    assert (listed.status_code, listed.context["pages"].total) == (200, number), href


def test_the_parts_add_up_to_the_total(cast: Cast, signed_in: Any) -> None:
    a_busy_plan(cast)
    context = signed_in("manager").get(reverse("actions:plan", args=[cast.plan.pk])).context
    *pillars, total = context["lines"]
    assert total.counts[0].number == 6
    for line in context["lines"]:
        numbers = {count.label: count.number for count in line.counts}
        whole, under = numbers.pop("Total"), numbers["In progress"]
        flags = [numbers.pop(label) for label in ("Overdue", "Waiting on a partner", "Needs an owner")]
        rated = [numbers.pop(label) for label in ("Red", "Amber", "Green", "Not rated")]
        assert sum(numbers.values()) == whole
        assert sum(rated) == under
        assert max(flags) <= whole
    for column, whole in enumerate(total.counts):
        assert sum(line.counts[column].number for line in pillars) == whole.number


def test_the_matrix_adds_up_both_ways(cast: Cast, signed_in: Any) -> None:
    a_busy_plan(cast)
    context = signed_in("manager").get(reverse("actions:plan", args=[cast.plan.pk])).context
    *rows, (_, bottom) = context["matrix"]
    assert [row.label for row, _ in rows] == ["Bradford", "Leeds", "No district"]
    for _, (*cells, end) in rows:
        assert sum(cell.total.number for cell in cells) == end.total.number
    for column, whole in enumerate(bottom):
        assert sum(cells[column].total.number for _, cells in rows) == whole.total.number
    assert bottom[-1].total.number == context["total"] == 6
    overdue = [warning for warning in bottom[-1].warnings if warning.label == "Overdue"]
    assert [warning.number for warning in overdue] == [2]


def test_a_plan_counts_only_what_its_reader_sees(cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    ActionFactory(
        cast=cast,
        unallocated=True,
        ref="WY20-02",
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Silver group only",
    )
    ActionFactory(cast=cast, unallocated=True, ref="WY20-03", supporting=[cast.wakefield_council])
    totals = {
        who: signed_in(who).get(reverse("actions:plan", args=[cast.plan.pk])).context["total"]
        for who in ("manager", "leeds_spoc", "wakefield_contact")
    }
    assert totals == {"manager": 3, "leeds_spoc": 2, "wakefield_contact": 1}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leicestershire_manager", 404),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("former_spoc", 404),
        ("stranger", 404),
        ("leeds_spoc", 200),
        ("manager", 200),
    ],
)
def test_a_plan_exists_for_those_with_a_part_in_it(who: str, status: int, cast: Cast, signed_in: Any) -> None:
    ActionFactory(cast=cast, unallocated=True)
    body(signed_in(who), "actions:plan", cast.plan.pk, status=status)
    assert (cast.plan.title in body(signed_in(who), "actions:plan-list")) is (status == 200)


def test_lists_that_are_empty_say_what_to_do(cast: Cast, signed_in: Any) -> None:
    assert "programme manager" in body(signed_in("stranger"), "actions:plan-list")
    page = body(signed_in("manager"), "actions:plan", cast.plan.pk)
    assert "This plan has no actions yet" in page
    assert reverse("actions:action-create", args=[cast.plan.pk]) in page


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")

    def queries() -> list[int]:
        counts = []
        for route, args in (("actions:plan-list", []), ("actions:plan", [cast.plan.pk])):
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(route, args=args))
            counts.append(len(captured))
        return counts

    ActionFactory(cast=cast, allocated=True, ref="WY20-01")
    few = queries()
    for number in range(2, 12):
        ActionFactory(
            cast=cast, allocated=True, ref=f"WY20-{number:02}", pillar=cast.safeguard, area=cast.leeds
        )
        PlanFactory(actor=cast.manager, partnership=cast.yorkshire, title=f"Plan {number}")
    assert queries() == few


# Changing plans ----------------------------------------------------------------------------------------------

A_PLAN = {
    "title": "Prevent Business Plan 2021/22",
    "starts_on_day": "1",
    "starts_on_month": "4",
    "starts_on_year": "2021",
    "ends_on_day": "31",
    "ends_on_month": "3",
    "ends_on_year": "2022",
    "state": "draft",
    "cadence": "quarterly",
    "return_nth": "3",
    "return_counted": "friday",
    "return_grace": "5",
    "marking": "OFFICIAL",
}


def test_the_manager_opens_a_plan_and_adds_a_pillar(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    assert client.post(reverse("actions:plan-create"), A_PLAN).status_code == 302
    plan = Plan.objects.get(title=A_PLAN["title"])
    assert (plan.partnership, plan.starts_on, plan.cadence, plan.return_day) == (
        cast.yorkshire,
        date(2021, 4, 1),
        "quarterly",
        "friday 3",
    )
    pillar = {"name": "Manage Risk", "order": "1", "lead": cast.police.pk, "aim": "Close the gaps"}
    assert client.post(reverse("actions:pillar-create", args=[plan.pk]), pillar).status_code == 302
    assert plan.pillars.get().lead == cast.police


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"title": "prevent business plan 2020/21"}, "title"),
        ({"ends_on_year": "2020"}, "ends_on"),
        ({"ends_on_month": "13"}, "ends_on"),
        ({"starts_on_year": "20201"}, "starts_on"),
        ({"state": "half-open"}, "state"),
        ({"return_nth": "5"}, "return_nth"),
        ({"return_nth": "16", "return_counted": "working_day"}, "return_nth"),
        ({"return_grace": "21"}, "return_grace"),
        ({"returns_from_day": "1", "returns_from_month": "4", "returns_from_year": "2022"}, "returns_from"),
        ({"marking": "SECRET"}, "marking"),
        ({"marking": "OFFICIAL-SENSITIVE"}, "handling_instruction"),
    ],
)
def test_each_error_of_a_plan_is_at_its_field(
    wrong: dict[str, str], field: str, cast: Cast, signed_in: Any
) -> None:
    response = signed_in("manager").post(reverse("actions:plan-create"), A_PLAN | wrong)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Plan.objects.filter(partnership=cast.yorkshire).count() == 1


def test_a_plan_says_when_returns_are_due(cast: Cast, signed_in: Any) -> None:
    client, address = signed_in("manager"), reverse("actions:plan-edit", args=[cast.plan.pk])
    assert "This plan does not use returns." in body(client, "actions:plan", cast.plan.pk)
    form = body(client, "actions:plan-edit", cast.plan.pk)
    assert '<option value="working_day" selected>' in form
    returns_from = {"returns_from_day": "1", "returns_from_month": "6", "returns_from_year": "2020"}
    form_data = A_PLAN | returns_from | {"state": "live", "starts_on_year": "2020", "ends_on_year": "2021"}
    assert client.post(address, form_data).status_code == 302
    html = body(client, "actions:plan", cast.plan.pk)
    assert "a return for each quarter from 1 June 2020. Returns are due on the third Friday of" in html
    assert '<option value="friday" selected>' in body(client, "actions:plan-edit", cast.plan.pk)


def test_a_plan_is_changed_and_does_not_become_a_draft_again(cast: Cast, signed_in: Any) -> None:
    client, address = signed_in("manager"), reverse("actions:plan-edit", args=[cast.plan.pk])
    refused = client.post(address, A_PLAN)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["state"]
    assert client.post(address, A_PLAN | {"state": "closed"}).status_code == 302
    cast.plan.refresh_from_db()
    assert (cast.plan.title, cast.plan.state) == (A_PLAN["title"], "closed")


def test_a_pillar_needs_a_unique_name_and_a_lead_of_its_partnership(cast: Cast, signed_in: Any) -> None:
    address = reverse("actions:pillar-create", args=[cast.plan.pk])
    duplicate = {"name": "identify", "order": "3"}
    foreign = {"name": "Manage Risk", "order": "3", "lead": cast.city_council.pk}
    for data, field in ((duplicate, "name"), (foreign, "lead")):
        response = signed_in("manager").post(address, data)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
    assert cast.plan.pillars.count() == 2


def test_a_pillar_is_changed_within_its_own_plan_only(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    data = {"name": "Identify and notice", "order": "0"}
    address = reverse("actions:pillar-edit", args=[cast.plan.pk, cast.identify.pk])
    assert client.post(address, data).status_code == 302
    cast.identify.refresh_from_db()
    assert cast.identify.name == "Identify and notice"
    foreign = Pillar.objects.get(plan=cast.leicestershire_plan)
    body(client, "actions:pillar-edit", cast.plan.pk, foreign.pk, status=404)


@pytest.mark.parametrize(
    ("route", "needs_plan"),
    [
        ("actions:plan-create", False),
        ("actions:plan-edit", True),
        ("actions:pillar-create", True),
        ("actions:action-create", True),
    ],
)
def test_only_the_plans_own_manager_changes_it(
    route: str, needs_plan: bool, cast: Cast, signed_in: Any
) -> None:
    args = [cast.plan.pk] if needs_plan else []
    for who in ("bradford_spoc", "gold", "auditor"):
        assert signed_in(who).get(reverse(route, args=args)).status_code == 403
        assert signed_in(who).post(reverse(route, args=args), A_PLAN).status_code == 403
    foreign = signed_in("leicestershire_manager").get(reverse(route, args=args))
    assert foreign.status_code == (404 if needs_plan else 200)
    assert signed_in("manager").get(reverse(route, args=args)).status_code == 200
