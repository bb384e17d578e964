"""A plan's spreadsheet becomes the record, once, and again when it changed; the app's own record is never overwritten."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test.utils import CaptureQueriesContext

from actions.actions.services import edit_action
from actions.assurance.services import submit_action
from actions.core.states import State
from actions.models import Action, Plan, ProgressUpdate
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from importing.engine.services.contents import Outcome
from partners.models import Organisation
from partners.organisations.services import save_reference
from tests.cast import AT, EARLIER, Cast
from tests.factories import ActionFactory, submit_progress
from tests.importing.plans.tables import (
    HEADER,
    ROWS,
    comma_separated,
    import_plan,
    name_as_in_plans,
    preview,
    rows,
    with_cell,
    workbook,
)

LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def names(cast: Cast) -> None:
    name_as_in_plans(cast)


# What is read ---------------------------------------------------------------------------------------------------


def test_a_real_plan_becomes_actions(cast: Cast) -> None:
    done = import_plan(cast)
    assert done.counts == {"created": 3, "updated": 0, "unchanged": 0, "skipped": 0, "rejected": 0}
    assert done.not_imported == ["RAG"]
    assert done.notes == [
        "Note: dates are provisional until the funding is known.",
        "Key: R: will miss. A: at risk. G: on track.",
    ]
    first, second, third = Action.objects.order_by("ref")
    assert (first.ref, first.title, first.pillar) == ("1.1", "Brief the neighbourhood teams", cast.identify)
    assert (first.lead, first.area, first.owner) == (
        cast.bradford_district,
        cast.bradford,
        cast.bradford_spoc,
    )
    assert set(first.supporting.all()) == {cast.wakefield_council, cast.opcc}
    assert (first.success_measure, first.due) == ("Every team briefed", date(2020, 9, 30))
    assert (second.lead, second.area, second.owner, second.due) == (cast.police, None, None, None)
    assert (third.title, third.pillar, third.due) == (
        "Train all officers and staff",
        cast.safeguard,
        date(2020, 12, 31),
    )


def test_rows_with_lead_owner_and_date_are_not_started_and_others_await_allocation(cast: Cast) -> None:
    import_plan(cast)
    first, second, third = Action.objects.order_by("ref")
    assert first.state == State.NOT_STARTED
    assert first.original_due == date(2020, 9, 30)
    assert first.allocated_on == date(2020, 6, 19)
    assert second.state == third.state == State.AWAITING_ALLOCATION
    assert third.original_due is None


def test_progress_to_date_becomes_an_imported_update_and_no_rating(cast: Cast) -> None:
    import_plan(cast)
    update = ProgressUpdate.objects.get()
    assert (update.action.ref, update.narrative, update.author) == ("1.1", "Dates agreed", cast.manager)
    assert update.imported
    assert (update.rag, update.state, update.period) == ("", State.NOT_STARTED, date(2020, 6, 1))


def test_csv_is_imported_like_a_workbook(cast: Cast) -> None:
    done = import_plan(cast, comma_separated(ROWS), filename="Action plan.csv")
    assert done.counts["created"] == 3
    assert import_plan(cast).counts["unchanged"] == 3


def test_a_new_plan_is_opened_as_a_draft_for_the_year_in_its_title_with_the_pillars_of_the_file(
    cast: Cast,
) -> None:
    data = workbook(with_cell(10, 1, "Pillar 3 \u2013 MANAGE RISK & PREVENT", with_cell(6, 1, "9.1")))
    import_plan(cast, data, plan_title="Second plan 2020/21")
    plan = Plan.objects.get(title="Second plan 2020/21")
    assert (plan.state, plan.starts_on, plan.ends_on) == (
        Plan.State.DRAFT,
        date(2020, 4, 1),
        date(2021, 3, 31),
    )
    assert list(plan.pillars.values_list("name", flat=True)) == ["Identify", "MANAGE RISK & PREVENT".title()]


def test_a_heading_over_a_pillar_and_its_aim_below_are_notes(cast: Cast) -> None:
    data = workbook((HEADER, ("Delivery",), ("Identify",), ("Aim: to know more.",), ("1", "Brief")), ())
    plan_preview = preview(cast, data)
    assert plan_preview.notes == ["Delivery", "Aim: to know more."]
    assert plan_preview.rows[0].new_value("pillar") == cast.identify


def test_a_pillar_column_overrides_a_heading(cast: Cast) -> None:
    data = workbook(
        (("Ref", "Action", "Pillar"), ("Identify",), ("1", "Brief", "2. Safeguard"), ("2", "Map", None)), ()
    )
    assert [row.new_value("pillar") for row in preview(cast, data).rows] == [cast.safeguard, cast.identify]


@pytest.mark.parametrize("name", ["wyp", "WEST YORKSHIRE POLICE", "West  Yorkshire Police "])
def test_organisations_are_known_by_name_and_alias_in_any_case(cast: Cast, name: str) -> None:
    assert preview(cast, rows(("1", "Brief", name))).rows[0].new_value("lead") == cast.police


@pytest.mark.parametrize(
    "text",
    ["OPCC; Wakefield Council", "OPCC, Wakefield Council", "OPCC/Wakefield Council", "OPCC\nWakefield Council",
     "OPCC and Wakefield Council", "Bradford District, OPCC & Wakefield Council"],
)  # fmt: skip
def test_supporting_organisations_are_separated_in_any_usual_way(cast: Cast, text: str) -> None:
    row = preview(cast, rows(("1", "Brief", "Bradford District", text))).rows[0]
    assert {one.name for one in row.new_value("supporting")} == {cast.opcc.name, cast.wakefield_council.name}


def test_a_name_with_and_in_it_is_tried_whole_first(cast: Cast) -> None:
    kind = Organisation.Kind.OTHER
    fire = Organisation(partnership=cast.yorkshire, name="Fire, Rescue and Resilience", kind=kind)
    save_reference(actor=SYSTEM, row=fire, at=EARLIER)
    row = preview(cast, rows(("1", "Brief", None, "Fire, Rescue and Resilience; OPCC"))).rows[0]
    assert row.new_value("supporting") == [cast.opcc, fire] or row.new_value("supporting") == [
        fire,
        cast.opcc,
    ]


def test_an_owner_is_known_by_role_title(cast: Cast) -> None:
    assert (
        preview(cast, rows(("1", "Brief", None, None, None, "BRADFORD SPOC"))).rows[0].new_value("owner")
        == cast.bradford_spoc
    )


def test_choices_are_known_by_words_figures_and_initials(cast: Cast) -> None:
    data = workbook(
        (("Ref", "Action", "Pillar", "Tier", "Priority", "Marking", "Handling"),
         ("1", "Brief", "Identify", "2 Targeted", "H", "Official-Sensitive", "Silver group only"),
         ("2", "Map", "Identify", "Tier 4", "low", "OFFICIAL", None)),
        (),
    )  # fmt: skip
    import_plan(cast, data)
    one, two = Action.objects.order_by("ref")
    assert (one.tier, one.priority, one.marking) == ("targeted", "high", "OFFICIAL-SENSITIVE")
    assert (one.handling_instruction, two.tier, two.priority) == ("Silver group only", "enforcement", "low")


# What is recorded -----------------------------------------------------------------------------------------------


def test_the_ledger_names_file_row_and_counts_and_stays_whole(cast: Cast) -> None:
    done = import_plan(cast)
    entries = list(Entry.objects.filter(ledger=cast.yorkshire.ledger).order_by("sequence"))
    assert [entry.verb for entry in entries[-5:]] == [
        "action.imported", "action.imported", "action.imported", "progress.imported", "plan.imported",
    ]  # fmt: skip
    assert entries[-3].note == "plan.xlsx, sheet Action plan, row 11; due as printed: Q3 2020/21"
    assert entries[-1].actor_label == cast.manager.name
    assert entries[-1].note == (
        f"plan.xlsx, SHA-256 {done.sha256}, sheet Action plan: created 3, updated 0, unchanged 0, skipped 0, rejected 0"
    )
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_second_import_of_the_same_file_changes_nothing(cast: Cast) -> None:
    import_plan(cast)
    before = Entry.objects.count()
    again = import_plan(cast, at=LATER)
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 3, "skipped": 0, "rejected": 0}
    assert not again.changes_anything
    assert Entry.objects.count() == before


def test_a_changed_file_updates_what_changed_field_by_field(cast: Cast) -> None:
    import_plan(cast)
    data = workbook(with_cell(7, 4, "Wakefield Council", with_cell(6, 2, "Brief every team")))
    plan_preview = preview(cast, data)
    assert [row.outcome for row in plan_preview.rows] == [Outcome.UPDATED, Outcome.UPDATED, Outcome.UNCHANGED]
    assert [(c.label, c.old, c.new) for row in plan_preview.rows for c in row.changes] == [
        ("Title", "Brief the neighbourhood teams", "Brief every team"),
        ("Supporting organisations", "", "Wakefield Council"),
    ]
    import_plan(cast, data, at=LATER)
    first = Action.objects.get(ref="1.1")
    assert (first.title, first.version) == ("Brief every team", 2)
    assert list(Action.objects.get(ref="1.2").supporting.all()) == [cast.wakefield_council]
    entry = Entry.objects.get(verb="action.reimported", target_id=str(first.pk))
    assert entry.changes == {
        "title": ["Brief the neighbourhood teams", "Brief every team"],
        "version": [1, 2],
    }
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_blank_cell_changes_nothing_and_a_missing_row_is_listed(cast: Cast) -> None:
    import_plan(cast)
    blank = with_cell(6, 8, None, with_cell(6, 3, None, with_cell(6, 7, None)))
    outcome = import_plan(
        cast, workbook([*blank[:6], *blank[7:]], ("A1:J1", "A2:J2", "A5:J5", "A9:J9")), at=LATER
    )
    assert outcome.counts == {"created": 0, "updated": 0, "unchanged": 2, "skipped": 0, "rejected": 0}
    assert [action.ref for action in outcome.not_in_file] == ["1.2"]
    assert Action.objects.get(ref="1.1").success_measure == "Every team briefed"


def test_a_later_owner_and_date_allocate_an_action(cast: Cast) -> None:
    import_plan(cast)
    data = workbook(with_cell(11, 6, "Manager"))
    assert preview(cast, data).rows[2].allocates
    import_plan(cast, data, at=LATER)
    third = Action.objects.get(ref="2.1")
    assert (third.state, third.owner, third.original_due) == (
        State.NOT_STARTED,
        cast.manager,
        date(2020, 12, 31),
    )
    assert third.allocated_on == date(2020, 6, 20)
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_references_are_the_same_in_any_case_and_with_the_words_around_them(cast: Cast) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01", title="Brief")
    plan_preview = preview(cast, rows(("Action wy20-01.", "Brief", None)))
    assert [(row.ref, row.outcome) for row in plan_preview.rows] == [("wy20-01", Outcome.UNCHANGED)]


# What is never overwritten --------------------------------------------------------------------------------------


def test_owner_and_dates_of_an_allocated_action_are_skipped(cast: Cast) -> None:
    import_plan(cast)
    data = workbook(with_cell(6, 7, date(2020, 12, 1), with_cell(6, 6, "Leeds SPOC")))
    outcome = import_plan(cast, data, at=LATER)
    assert outcome.rows[0].outcome == Outcome.SKIPPED
    assert [(skipped.label, skipped.app, skipped.file) for skipped in outcome.rows[0].skipped] == [
        ("Owner", "Bradford spoc", "Leeds spoc"),
        ("Due date", "30 September 2020", "1 December 2020"),
    ]
    assert "request a new due date" in outcome.rows[0].skipped[1].reason
    assert Action.objects.get(ref="1.1").due == date(2020, 9, 30)


def test_progress_made_in_the_app_is_never_overwritten(cast: Cast) -> None:
    import_plan(cast)
    first = Action.objects.get(ref="1.1")
    submit_progress(
        actor=cast.bradford_spoc, action=first, narrative="Two teams briefed.", rag="green", percent=40, at=AT
    )
    data = workbook(with_cell(6, 9, "Nothing yet", with_cell(6, 8, "All teams briefed")))
    outcome = import_plan(cast, data, at=LATER)
    assert [(skipped.label, skipped.file) for skipped in outcome.rows[0].skipped] == [
        ("Progress", "Nothing yet")
    ]
    first.refresh_from_db()
    assert (first.state, first.percent, first.rag) == (State.IN_PROGRESS, 40, "green")
    assert first.success_measure == "All teams briefed"
    assert first.updates.count() == 2


def test_new_progress_in_the_file_is_added_while_nobody_reported_in_the_app(cast: Cast) -> None:
    import_plan(cast)
    data = workbook(with_cell(6, 9, "First team briefed"))
    assert import_plan(cast, data, at=LATER).counts["updated"] == 1
    assert import_plan(cast, data, at=LATER).counts["unchanged"] == 3
    assert list(ProgressUpdate.objects.values_list("narrative", flat=True)) == [
        "First team briefed",
        "Dates agreed",
    ]


def test_edits_in_the_app_are_not_overwritten_until_the_file_has_a_new_value(cast: Cast) -> None:
    import_plan(cast)
    first = Action.objects.get(ref="1.1")
    edit_action(actor=cast.manager, action=first, title="Brief all five teams", at=AT)
    outcome = import_plan(cast, at=LATER)
    assert [(skipped.label, skipped.app) for skipped in outcome.rows[0].skipped] == [
        ("Title", "Brief all five teams")
    ]
    import_plan(cast, workbook(with_cell(6, 8, "Five of five")), at=LATER)
    first.refresh_from_db()
    assert (first.title, first.success_measure) == ("Brief all five teams", "Five of five")
    assert import_plan(cast, at=LATER).rows[0].skipped[0].label == "Title"
    import_plan(cast, workbook(with_cell(6, 2, "Brief six teams")), at=LATER)
    first.refresh_from_db()
    assert first.title == "Brief six teams"


def test_an_action_awaiting_assurance_or_closed_does_not_change(cast: Cast) -> None:
    import_plan(cast)
    first = Action.objects.get(ref="1.1")
    submit_progress(
        actor=cast.bradford_spoc, action=first, narrative="Done.", rag="green", percent=100, at=AT
    )
    first.refresh_from_db()
    submit_action(actor=cast.bradford_spoc, action=first, note="All briefed.", at=AT)
    outcome = import_plan(cast, workbook(with_cell(6, 2, "Something else")), at=LATER)
    assert (
        outcome.rows[0].skipped[0].reason
        == "The action is awaiting assurance, so an import does not change it."
    )
    first.refresh_from_db()
    assert first.title == "Brief the neighbourhood teams"


def test_a_marking_is_not_changed_by_a_file(cast: Cast) -> None:
    ActionFactory(
        cast=cast,
        unallocated=True,
        ref="1",
        title="Brief",
        marking="OFFICIAL-SENSITIVE",
        handling_instruction="Silver only",
    )
    data = workbook((("Ref", "Action", "Marking"), ("1", "Brief", "OFFICIAL")), ())
    outcome = import_plan(cast, data)
    assert outcome.rows[0].outcome == Outcome.SKIPPED
    assert Action.objects.get(ref="1").marking == "OFFICIAL-SENSITIVE"


# What it costs --------------------------------------------------------------------------------------------------


def many(number: int, title: str = "Brief team") -> bytes:
    data = [
        (f"B-{n}", f"{title} {n}", "WYP", "OPCC", "Leeds", "Manager", "March 2021", None, "Begun")
        for n in range(number)
    ]
    return rows(*data)


def test_the_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    def cost(data: bytes, title: str) -> list[int]:
        costs = []
        for step in (preview, import_plan):
            with CaptureQueriesContext(connection) as queries:
                step(cast, data, plan_title=title)
            costs.append(len(queries))
        return costs

    # Fewer rows than SQLite takes in one insert: beyond that a batch of rows costs one query more.
    few = cost(many(2), "Small plan 2020/21")
    Action.objects.filter(plan__title="Small plan 2020/21").update(ref=Concat("ref", Value("-old")))
    assert cost(many(20), "Large plan 2020/21") == few
    few_again = cost(
        rows(("B-0", "Other words", "OPCC", "Leeds District"), ("B-1", "Other words")), "Large plan 2020/21"
    )
    assert cost(many(20, "Train team"), "Large plan 2020/21") == few_again
