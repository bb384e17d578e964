"""A partner's system reads the pillars of the plans it has a part in, and knows whom an organisation's id stands for."""

from datetime import date
from typing import Any

import pytest

from actions.models import Pillar
from actions.plans.services import create_plan, save_pillar
from partners.models import Organisation, OrganisationAlias
from partners.organisations.services import save_reference
from tests.api.asking import all_pages, cost, parameters, problem, results
from tests.api.clients import API, System
from tests.api.test_description import described, validate
from tests.cast import EARLIER, Cast
from tests.factories import ActionFactory

__all__ = ["described"]


@pytest.fixture
def part(cast: Cast) -> None:
    """The council supports an action of the plan, so it has a part in it."""
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])


def another_plan(cast: Cast, title: str = "Prevent Business Plan 2021/22", pillars: int = 1) -> Any:
    year = {"starts_on": date(2021, 4, 1), "ends_on": date(2022, 3, 31), "at": EARLIER}
    plan = create_plan(actor=cast.manager, partnership=cast.yorkshire, title=title, state="live", **year)
    for number in range(pillars):
        row = Pillar(plan=plan, name=f"Manage risk {number}", lead=cast.police)
        save_pillar(actor=cast.manager, pillar=row, at=EARLIER)
    return plan


def named(cast: Cast, name: str, **fields: Any) -> Organisation:
    row = Organisation(partnership=cast.yorkshire, name=name, **{"kind": "council"} | fields)
    made = save_reference(actor=cast.manager, row=row, at=EARLIER)
    assert isinstance(made, Organisation)
    return made


# Pillars -----------------------------------------------------------------------------------------------------


def test_pillars_come_with_their_plan_and_the_way_to_their_actions(
    cast: Cast, council: System, part: None
) -> None:
    rows = results(council.get("/pillars/"))
    assert [row["name"] for row in rows] == ["Identify", "Safeguard"]
    assert rows[0]["plan"] == {"id": cast.plan.pk, "title": cast.plan.title}
    assert council.get(f"/pillars/{cast.identify.pk}/").json() == rows[0]
    actions = council.http.get(rows[0]["links"]["actions"], headers=council.headers())
    assert [row["ref"] for row in results(actions)] == ["WY20-01"]


def test_pillars_of_plans_one_has_no_part_in_do_not_exist(
    cast: Cast, council: System, leicester: System, part: None
) -> None:
    assert results(leicester.get("/pillars/")) == []
    problem(leicester.get(f"/pillars/{cast.identify.pk}/"), 404, "not-found")
    other = another_plan(cast)
    problem(council.get(f"/pillars/{other.pillars.get().pk}/"), 404, "not-found")
    assert parameters(council.get("/pillars/", plan=other.pk)) == {"plan"}


def test_pillars_are_narrowed_and_ordered(cast: Cast, signed_in: Any) -> None:
    later, manager = another_plan(cast), signed_in("manager")

    def names(**query: Any) -> list[str]:
        return [row["name"] for row in results(manager.get(f"{API}/pillars/", query))]

    assert names() == ["Manage risk 0", "Identify", "Safeguard"]
    assert names(ordering="plan") == ["Identify", "Safeguard", "Manage risk 0"]
    assert names(ordering="-name") == ["Safeguard", "Manage risk 0", "Identify"]
    assert names(plan=later.pk) == ["Manage risk 0"]


# Organisations -----------------------------------------------------------------------------------------------


def test_an_organisation_has_its_other_names_and_where_it_belongs(cast: Cast, council: System) -> None:
    alias = OrganisationAlias(partnership=cast.yorkshire, organisation=cast.bradford_district, name="BD")
    save_reference(actor=cast.manager, row=alias, at=EARLIER)
    row = council.get(f"/organisations/{cast.bradford_district.pk}/").json()
    assert (row["name"], row["aliases"], row["kind"]) == ("Bradford District", ["BD"], "police_district")
    assert (row["area"], row["parent"], row["schedule_6_sector"]) == (
        {"id": cast.bradford.pk, "name": "Bradford"},
        None,
        None,
    )
    assert results(council.get("/organisations/", q="bd")) == [row]


def test_organisations_of_another_partnership_do_not_exist(
    cast: Cast, council: System, leicester: System
) -> None:
    assert [row["name"] for row in results(leicester.get("/organisations/"))] == ["Leicester City Council"]
    for system, row in ((leicester, cast.police), (council, cast.city_council)):
        problem(system.get(f"/organisations/{row.pk}/"), 404, "not-found")


@pytest.mark.parametrize("name", ["stranger", "observer", "former_spoc", "administrator"])
def test_a_reader_without_actions_sees_no_organisation(cast: Cast, signed_in: Any, name: str) -> None:
    assert results(signed_in(name).get(f"{API}/organisations/")) == []


def test_organisations_are_narrowed_and_ordered(cast: Cast, council: System) -> None:
    named(cast, "Kirklees Council", short_name="Kirklees", schedule_6_sector="local_government")

    def names(**query: Any) -> list[str]:
        return [row["name"] for row in results(council.get("/organisations/", **query))]

    assert names(kind="council") == ["Kirklees Council", "Wakefield Council"]
    assert names(kind="council", ordering="-name") == ["Wakefield Council", "Kirklees Council"]
    assert names(sector="local_government") == ["Kirklees Council"]
    assert names(area=cast.leeds.pk) == ["Leeds District"]
    assert names(area="none", q="west police") == ["West Yorkshire Police"]
    assert names(ordering="kind")[:2] == ["Kirklees Council", "Wakefield Council"]


# Both --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "query", "wrong"),
    [
        ("/pillars/", {"colour": "red"}, "colour"),
        ("/pillars/", {"plan": "x"}, "plan"),
        ("/pillars/", {"ordering": "colour"}, "ordering"),
        ("/organisations/", {"kind": "tribe"}, "kind"),
        ("/organisations/", {"area": "999999"}, "area"),
        ("/organisations/", {"q": "x" * 101}, "q"),
        ("/organisations/", {"q": "a\x00b"}, "q"),
        ("/organisations/", {"ordering": "--name"}, "ordering"),
        ("/organisations/", {"cursor": "x"}, "cursor"),
    ],
)
def test_a_wrong_filter_is_refused_and_names_itself(
    council: System, path: str, query: dict[str, str], wrong: str
) -> None:
    assert parameters(council.get(path, **query)) == {wrong}


@pytest.mark.parametrize("ordering", ["plan", "-plan", "name", "-name"])
def test_following_the_links_gives_every_pillar_once(
    cast: Cast, council: System, part: None, ordering: str
) -> None:
    whole = results(council.get("/pillars/", ordering=ordering))
    assert all_pages(council, "/pillars/", ordering=ordering) == whole


def test_lists_cost_the_same_for_few_rows_and_for_many(cast: Cast, council: System, part: None) -> None:
    few = [cost(council, path) for path in ("/pillars/", "/organisations/")]
    for number in range(4):
        row = Pillar(plan=cast.plan, name=f"Pillar {number}", lead=cast.police)
        save_pillar(actor=cast.manager, pillar=row, at=EARLIER)
        made = named(cast, f"Council {number}", area=cast.leeds, parent=cast.police)
        alias = OrganisationAlias(partnership=cast.yorkshire, organisation=made, name=f"C{number}")
        save_reference(actor=cast.manager, row=alias, at=EARLIER)
    assert [cost(council, path) for path in ("/pillars/", "/organisations/")] == few


def test_the_answers_are_as_described(council: System, part: None, described: dict[str, Any]) -> None:
    for name, path in (("Pillar", "/pillars/"), ("Organisation", "/organisations/")):
        page = council.get(path).json()
        validate(described, f"Paginated{name}List", page)
        validate(described, name, council.get(f"{path}{page['results'][0]['id']}/").json())
