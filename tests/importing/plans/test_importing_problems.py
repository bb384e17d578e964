"""What an import refuses: every problem at once, in words, with its place; and nothing is applied."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.models import Action, Plan
from actions.plans.services import change_plan
from audit.models import Entry
from importing.engine.services.contents import Outcome
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.importing.plans.tables import (
    HEADER,
    import_plan,
    messages,
    name_as_in_plans,
    preview,
    rows,
    with_cell,
    workbook,
)


@pytest.fixture(autouse=True)
def names(cast: Cast) -> None:
    name_as_in_plans(cast)


def test_every_problem_is_reported_at_once_with_its_place_and_nothing_is_applied(cast: Cast) -> None:
    table = with_cell(
        11, 6, "nobody@example.org", with_cell(7, 7, "31/02/2021", with_cell(6, 3, "Acme Consulting"))
    )
    table = with_cell(11, 1, "1.1", with_cell(7, 4, "OPCC; Nobody Ltd", table))
    plan_preview = preview(cast, workbook(table))
    assert messages(plan_preview) == [
        "sheet Action plan, row 6, column C (Lead agency): \u201cAcme Consulting\u201d is not an organisation in this partnership",
        "sheet Action plan, row 7, column D (Supporting partners): \u201cOPCC; Nobody Ltd\u201d includes names that are not organisations in this partnership: Nobody Ltd",
        "sheet Action plan, row 7, column G (By when): \u201c31/02/2021\u201d is not a real date",
        "sheet Action plan, row 11, column A (Action no.): \u201c1.1\u201d is also the reference of row 6",
        "sheet Action plan, row 11, column F (Owner): \u201cnobody@example.org\u201d is not an account that can own an action in this partnership",
    ]
    assert plan_preview.counts == {"created": 0, "updated": 0, "unchanged": 0, "skipped": 0, "rejected": 3}
    before = Entry.objects.count()
    with pytest.raises(ValidationError) as refused:
        import_plan(cast, workbook(table), plan_title="Second plan 2020/21")
    assert {error.code for error in refused.value.error_list} == {"rejected"}
    assert len(refused.value.messages) == 5
    assert not Action.objects.exists()
    assert not Plan.objects.filter(title="Second plan 2020/21").exists()
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ((None, "Brief", "OPCC"), "column A (Action no.): has no reference"),
        (("A 1;2", "Brief"), "\u201cA 1;2\u201d is not a reference"),
        (("Key", "Brief"), "\u201cKey\u201d is not a reference"),
        (("1" * 25, "Brief"), "is longer than 24 characters"),
        ((date(2020, 1, 1), "Brief"), "is a date: format the cell as text"),
        (("1",), "column B (What we will do): has no action"),
        (("1", None, "OPCC"), "column B (What we will do): has no action"),
        (("1", "x" * 201), "has 201 characters: shorten it to 200"),
        (("1", "Brief", "OPCC; Wakefield Council"), "names several organisations: enter one lead and the others as supporting"),
        (("1", "Brief", "Leicester City Council"), "is not an organisation in this partnership"),
        (("1", "Brief", None, "Nobody and Co"), "includes names that are not organisations in this partnership: Nobody and Co"),
        (("1", "Brief", None, None, "Leicester"), "is not a district in this partnership"),
        (("1", "Brief", None, None, None, "Former spoc"), "is not an account"),
        (("1", "Brief", None, None, None, "Auditor"), "is not an account"),
        (("1", "Brief", None, None, None, "Leicestershire manager"), "is not an account"),
        (("1", "Brief", None, None, None, "Wakefield contact"), "owner who cannot see it"),
        (("1", "Brief", None, None, None, None, 44000), "\u201c44000\u201d is a number, not a date"),
        (("1", "Brief", None, None, None, None, "31 Mach 2021"), "includes an unknown month"),
        (("1", "Brief", None, None, None, None, date(2199, 1, 1)), "must have a year between 1990 and 2100"),
        (("1", "Brief", None, None, None, None, "31/03/2019"), "is before the plan starts on 1 April 2020"),
        (("1", "Brief", None, None, None, None, "=TODAY()"), "is a formula whose result is not stored"),
        (("1", "Brief", None, None, None, None, None, "x" * 2001), "has 2,001 characters: shorten it to 2,000"),
        (("1", "Brief", None, None, None, None, None, None, "x" * 4001), "has 4,001 characters: shorten it to 4,000"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_a_problem(cast: Cast, cells: tuple[Any, ...], message: str) -> None:
    plan_preview = preview(cast, rows(cells, ("7", "The last action")))
    assert len(plan_preview.problems) == 1
    assert str(plan_preview.problems[0]).startswith("sheet Action plan, row 3")
    assert message in str(plan_preview.problems[0])
    assert plan_preview.rows[0].outcome == Outcome.REJECTED


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("Priority", "urgent", "is not a priority: use High, Medium, Low"),
        ("Tier", "5", "is not a tier"),
        ("MOU area", "Catering", "is not an MOU area"),
        ("Marking", "SECRET", "is not a marking used here: use OFFICIAL, OFFICIAL-SENSITIVE"),
        ("Marking", "OFFICIAL-SENSITIVE", "needs a handling instruction"),
        ("Pillar", "Prepare", "is not a pillar of this plan. Its pillars are: Identify, Safeguard"),
    ],
)
def test_an_unknown_choice_is_a_problem_that_lists_the_choices(
    cast: Cast, column: str, value: str, message: str
) -> None:
    plan_preview = preview(
        cast, workbook((("Ref", "Action", column), ("Identify",), ("1", "Brief", value)), ())
    )
    (problem,) = plan_preview.problems
    assert (problem.row, problem.letter, problem.value) == (3, "C", value)
    assert message in problem.message


def test_a_due_date_before_the_start_is_refused(cast: Cast) -> None:
    header = ("Ref", "Action", "Pillar", "Start", "Due")
    plan_preview = preview(cast, workbook((header, ("1", "Brief", "Identify", "May 2020", "30/04/2020")), ()))
    assert [problem.message for problem in plan_preview.problems] == [
        "puts the due date 30 April 2020 before the start"
    ]


def test_an_unknown_heading_between_actions_is_refused_with_the_plan_s_pillars(cast: Cast) -> None:
    (problem,) = preview(cast, workbook(with_cell(10, 1, "Prepare"))).problems
    assert (problem.row, problem.value) == (10, "Prepare")
    assert problem.message == "is not a pillar of this plan. Its pillars are: Identify, Safeguard"


def test_an_action_under_no_pillar_is_refused(cast: Cast) -> None:
    plan_preview = preview(cast, workbook((("Ref", "Action"), ("1", "Brief")), ()))
    assert messages(plan_preview) == [
        "sheet Action plan, row 2: has no pillar: put the action under a pillar's heading"
    ]


def test_a_reference_of_another_plan_is_refused(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="wy-1")
    plan_preview = preview(cast, rows(("WY-1", "Brief")), plan_title="Another plan 2021/22")
    assert [p.message for p in plan_preview.problems] == [
        f"is already used in the plan \u201c{cast.plan.title}\u201d: give the action another reference"
    ]


def test_another_partnership_s_references_are_its_own(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="1.1")
    data = workbook((HEADER, ("Engagement",), ("1.1", "Meet the reference group")), ())
    request = {"actor": cast.leicestershire_manager, "partnership": cast.leicestershire}
    import_plan(cast, data, plan_title=cast.leicestershire_plan.title, **request)
    assert Action.objects.get(plan=cast.leicestershire_plan).ref == "1.1"


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"plan_title": "Prevent plan"}, "names no financial year such as 2019/20"),
        ({"plan_title": "x" * 200 + " 2020/21"}, "too long"),
        ({"sheet": "Plan"}, "There is no sheet called Plan. The sheets are: Cover, Action plan."),
        ({"sheet": "Cover"}, "Sheet Cover has no header row"),
        ({"data": b""}, "empty"),
        ({"data": b"PK\x03\x04"}, "damaged"),
        ({"data": b"Ref,Action\n"}, "not a workbook"),
        ({"data": b"x" * (5 * 1024 * 1024 + 1)}, "must be smaller than 5.0"),
    ],
)
def test_an_unusable_file_or_plan_is_refused(cast: Cast, other: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message.replace("(", r"\(")):
        preview(cast, **other)


def test_nothing_is_imported_into_a_closed_plan(cast: Cast) -> None:
    change_plan(actor=cast.manager, plan=cast.plan, state=Plan.State.CLOSED, at=AT)
    with pytest.raises(ValidationError, match="is closed"):
        preview(cast)


@pytest.mark.parametrize(
    "name", ["bradford_spoc", "gold", "auditor", "observer", "administrator", "leicestershire_manager"]
)
def test_only_the_programme_manager_of_the_partnership_imports(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        preview(cast, actor=cast.person(name))
    with pytest.raises(PermissionDenied):
        import_plan(cast, actor=cast.person(name))


def test_an_import_that_differs_from_its_preview_is_refused(cast: Cast) -> None:
    data = workbook()
    confirmed = preview(cast, data).digest
    ActionFactory(cast=cast, unallocated=True, ref="1.1", title="Somebody was faster")
    with pytest.raises(ValidationError) as refused:
        import_plan(cast, data, expected=confirmed)
    assert refused.value.code == "conflict"
    assert Action.objects.count() == 1
    assert import_plan(cast, data, expected=preview(cast, data).digest).counts["updated"] == 1


def test_an_import_does_not_hide_an_action_from_its_alternate(cast: Cast) -> None:
    action = ActionFactory(
        cast=cast,
        allocated=True,
        ref="1.1",
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Silver group only.",
    )
    Action.objects.filter(pk=action.pk).update(alternate=cast.bradford_spoc, owner=cast.gold)
    header = ("Ref", "Action", "Lead agency")
    plan = workbook((header, ("Identify",), ("1.1", action.title, "Leeds District")), ())
    assert [problem.message for problem in preview(cast, plan).problems] == [
        "leaves the action with an alternate who cannot see it"
    ]
