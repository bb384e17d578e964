"""References as plans write them, through pages, forms, files and the API."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.actions.services import create_action
from actions.districts.services import Part, split_by_district
from actions.models import Action
from inspections.models import ActionLink
from standards.references import is_reference, plain_reference
from tests.actions.actions.test_action_form import new_action
from tests.api.clients import System, council
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import preview
from tests.importing.plans.test_importing_exports import exported
from tests.inspections.factories import RecommendationFactory

__all__ = ["council"]

LIST = reverse("actions:action-list")


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("REC 4", "REC 4"),
        ("  REC \t 4 ", "REC 4"),
        ("REC\u00a04", "REC 4"),
        ("1.1(a)", "1.1(a)"),
        ("(i)", "(i)"),
        ("[2]", "[2]"),
        ("R1 & R2", "R1 & R2"),
        ("CT4_2", "CT4_2"),
        ("CT4\u20132", "CT4-2"),
        ("WY20\u2011SG\u201102", "WY20-SG-02"),
        ("WY20\u00ad-07\u200b", "WY20-07"),
    ],
)
def test_a_reference_is_saved_in_its_plain_form(text: str, ref: str, cast: Cast, signed_in: Any) -> None:
    address = reverse("actions:action-create", args=[cast.plan.pk])
    assert signed_in("manager").post(address, new_action(cast, ref=text)).status_code == 302
    assert Action.objects.get().ref == ref
    assert is_reference(plain_reference(text))


@pytest.mark.parametrize(
    "text", ["-4", "=1", "+1", "@1", "&1", "/1", ".1", "1*", "1\u20ac", "1;2", "\u00c4 1", '1"', "<b>"]
)
def test_other_signs_are_refused_at_the_field(text: str, cast: Cast, signed_in: Any) -> None:
    address = reverse("actions:action-create", args=[cast.plan.pk])
    response = signed_in("manager").post(address, new_action(cast, ref=text))
    assert response.status_code == 422
    assert "Use letters, digits, spaces, brackets, full stops" in response.text
    assert not Action.objects.exists()


@pytest.mark.parametrize("again", ["rec 4", "REC  4", "Rec\u00a04 "])
def test_a_reference_differs_by_more_than_case_and_spaces(again: str, cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="REC 4")
    with pytest.raises(ValidationError) as refused:
        create_action(
            actor=cast.manager, plan=cast.plan, pillar=cast.identify, title="Again", ref=again, at=AT
        )
    assert refused.value.messages == ["This reference is already in use. References are never used twice."]


def test_district_actions_take_such_references_too(cast: Cast) -> None:
    joint = ActionFactory(cast=cast, unallocated=True, ref="1.1(a)", area=None)
    parts = [Part(cast.bradford, ref=" 1.1(a)  BD"), Part(cast.leeds)]
    split_by_district(actor=cast.manager, action=joint, parts=parts, at=AT)
    assert sorted(joint.children.values_list("ref", flat=True)) == ["1.1(a) BD", "1.1(a)-LEE"]


def test_a_form_that_names_an_action_reads_its_reference_as_plans_write_it(
    cast: Cast, signed_in: Any
) -> None:
    action = ActionFactory(cast=cast, in_progress=True, ref="CT4-2 (b)")
    finding = RecommendationFactory(cast=cast)
    body = {"version": finding.version, "action": "ct4\u20132  (B)", "answers": ""}
    response = signed_in("manager").post(reverse("inspections:link-add", args=[finding.pk]), body)
    assert response.status_code == 302
    assert ActionLink.objects.get().action == action


def test_the_replacement_of_an_action_is_read_as_plans_write_it(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True, ref="REC 4")
    successor = ActionFactory(cast=cast, in_progress=True, ref="REC 5(a)")
    body = {"version": action.version, "superseded_by": "Rec\u00a05(A)", "reason": "One action is enough."}
    response = signed_in("manager").post(reverse("actions:action-supersede", args=[action.pk]), body)
    assert response.status_code == 302
    assert action.closureproposals.get().superseded_by == successor


@pytest.mark.parametrize("words", ["REC 4", "rec", "(a)", "REC 4 (a)"])
def test_lists_pages_and_the_api_show_and_find_them(
    words: str, cast: Cast, council: System, signed_in: Any
) -> None:
    shared = {"supporting": [cast.wakefield_council]}
    action = ActionFactory(cast=cast, in_progress=True, ref="REC 4 (a)", title="Brief", **shared)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", title="Map", **shared)
    page = signed_in("manager").get(LIST, {"q": words})
    assert "REC 4 (a)" in page.text
    assert "WY20-02" not in page.text
    (row,) = council.get("/actions/", q=words).json()["results"]
    assert (row["id"], row["ref"]) == (action.pk, "REC 4 (a)")
    assert council.get(f"/actions/{action.pk}/").json()["ref"] == "REC 4 (a)"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_with_them_is_imported_again_unchanged(kind: str, cast: Cast, signed_in: Any) -> None:
    for ref in ("REC 4", "1.1(a)", "(i)", "R1 & R2", "Action 3", "No. 7"):
        ActionFactory(cast=cast, unallocated=True, ref=ref)
    data = exported(signed_in("manager"), kind)
    assert {row.outcome.name for row in preview(cast, data, filename=f"actions.{kind}").rows} == {"UNCHANGED"}
