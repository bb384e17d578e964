"""Who sees which inspection and finding: the list rule and the object rule are one, and nothing shows more than it."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from actions.models import Action
from inspections.core import policies
from inspections.findings.services.register import record_register_status
from inspections.models import ActionLink, Inspection, Recommendation, RegisterStatus
from partners.policies import rights_of
from tests.cast import AT, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.support.snapshots import reuse_snapshot

SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Gold group only."}
WORKS_HERE = {"bradford_spoc", "leeds_spoc", "manager", "gold", "auditor"}
SEES_ALL = {"manager", "gold", "auditor", "opcc_officer", "opcc_director"}


@pytest.fixture
@reuse_snapshot
def findings(cast: Cast) -> dict[str, Recommendation]:
    """Of an open inspection and of a sensitive one: one the council leads, one its action answers, one of others."""
    made = {}
    supported = ActionFactory(cast=cast, in_progress=True, ref="WY20-01", supporting=[cast.wakefield_council])
    others = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    for name, fields in (("open", {}), ("sensitive", SENSITIVE)):
        inspection = InspectionFactory(cast=cast, title=f"Report, {name}", short_title=name, **fields)
        made[f"{name} led"] = RecommendationFactory(
            cast=cast, inspection=inspection, number="1", lead=cast.wakefield_council
        )
        made[f"{name} answered"] = RecommendationFactory(cast=cast, inspection=inspection, number="2")
        made[f"{name} other"] = RecommendationFactory(cast=cast, inspection=inspection, number="3")
        stage.linked(cast, made[f"{name} answered"], supported)
        stage.linked(cast, made[f"{name} answered"], others)
        stage.linked(cast, made[f"{name} other"], others)
    return made


def visible_to_person(cast: Cast, name: str, findings: dict[str, Recommendation]) -> set[str]:
    visible = set(Recommendation.objects.visible_to(cast.person(name), TODAY))
    return {key for key, row in findings.items() if row in visible}


@pytest.mark.parametrize("name", PEOPLE)
def test_the_list_rule_is_the_object_rule(cast: Cast, findings: dict[str, Recommendation], name: str) -> None:
    user = cast.person(name)
    rights = rights_of(user, TODAY)
    actions = Action.objects.visible_to(user, TODAY)
    by_object = {
        key
        for key, row in findings.items()
        if policies.may_see(
            rights, row, set(actions.filter(recommendations=row).values_list("pk", flat=True)), TODAY
        )
    }
    assert visible_to_person(cast, name, findings) == by_object


@pytest.mark.parametrize("published_on", [None, date(2020, 3, 9)])
def test_opcc_officers_see_published_reports_alone(cast: Cast, published_on: date | None) -> None:
    row = RecommendationFactory(cast=cast, inspection=InspectionFactory(cast=cast, published_on=published_on))
    user, eve = cast.opcc_officer, date(2020, 3, 8)
    rights = rights_of(user, eve)
    assert not Inspection.objects.visible_to(user, eve).exists()
    assert not Recommendation.objects.visible_to(user, eve).exists()
    assert not policies.may_see(rights, row, (), eve)
    assert not policies.may_see_inspection(rights, row.inspection, eve, has_part=False)
    assert Inspection.objects.visible_to(user, TODAY).exists() == (published_on is not None)


@pytest.mark.parametrize("name", PEOPLE)
def test_findings_visible_by_role(cast: Cast, findings: dict[str, Recommendation], name: str) -> None:
    every = set(findings)
    expected: set[str] = set()
    if name in SEES_ALL:
        expected = every
    elif name in WORKS_HERE:
        expected = {key for key in every if key.startswith("open")}
    elif name == "wakefield_contact":
        expected = {"open led", "open answered"}
    assert visible_to_person(cast, name, findings) == expected
    inspections = set(Inspection.objects.visible_to(cast.person(name), TODAY))
    assert inspections == {findings[key].inspection for key in expected}
    rights = rights_of(cast.person(name), TODAY)
    has_part = name == "wakefield_contact"
    assert inspections == {
        row
        for row in Inspection.objects.all()
        if policies.may_see_inspection(rights, row, TODAY, has_part=has_part)
    }


def test_a_partner_sees_a_finding_without_the_actions_of_others(
    cast: Cast, findings: dict[str, Recommendation], signed_in: Any
) -> None:
    row = findings["open answered"]
    links = ActionLink.objects.visible_to(cast.wakefield_contact, TODAY)
    assert {(link.recommendation_id, link.action.ref) for link in links} == {(row.pk, "WY20-01")}
    client = signed_in("wakefield_contact")
    page = client.get(reverse("inspections:recommendation", args=[row.pk]))
    assert page.status_code == 200
    assert b"WY20-01" in page.content
    assert b"WY20-02" not in page.content
    listing = client.get(reverse("inspections:recommendation-list"))
    assert {each.pk: each.number_of_actions for each in listing.context["pages"]} == {
        findings["open led"].pk: 0,
        row.pk: 1,
    }


@pytest.mark.parametrize("name", ["bradford_spoc", "leeds_spoc", "wakefield_contact"])
def test_a_sensitive_inspection_is_named_on_no_page(
    cast: Cast, findings: dict[str, Recommendation], signed_in: Any, name: str
) -> None:
    client = signed_in(name)
    sensitive = findings["sensitive answered"]
    record_register_status(actor=cast.manager, recommendation=sensitive, state="complete", as_at=TODAY, at=AT)
    assert not RegisterStatus.objects.visible_to(cast.person(name), TODAY).exists()
    action = Action.objects.get(ref="WY20-01")
    for address in (
        reverse("inspections:inspection-list"),
        reverse("inspections:recommendation-list"),
        reverse("inspections:recommendation-list") + "?disagree=yes",
        reverse("inspections:inspection", args=[findings["open led"].inspection_id]),
        reverse("inspections:recommendation", args=[findings["open answered"].pk]),
        reverse("actions:action", args=[action.pk]),
        reverse("desk:my-work"),
    ):
        page = client.get(address)
        assert page.status_code == 200, address
        assert b"Report, sensitive" not in page.content, address
        assert b"sensitive:" not in page.content, address
    for route, pk in (("inspection", sensitive.inspection_id), ("recommendation", sensitive.pk)):
        assert client.get(reverse(f"inspections:{route}", args=[pk])).status_code == 404


@pytest.mark.parametrize("name", PEOPLE)
def test_an_action_names_the_findings_that_its_reader_sees(
    cast: Cast, findings: dict[str, Recommendation], signed_in: Any, name: str
) -> None:
    page = signed_in(name).get(reverse("actions:action", args=[Action.objects.get(ref="WY20-01").pk]))
    if page.status_code == 404:
        assert name not in {*WORKS_HERE, "wakefield_contact"}
        return
    expected = {"open: Recommendation 2"} | ({"sensitive: Recommendation 2"} if name in SEES_ALL else set())
    for each in ("open: Recommendation 2", "sensitive: Recommendation 2"):
        assert (each in page.content.decode()) == (each in expected)
