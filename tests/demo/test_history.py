"""The demonstration on 19 June 2020, after its history was replayed."""

from collections import Counter
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from actions.assurance.policies import why_not_assure
from actions.core.states import OPEN, REPORTABLE, State
from actions.models import Action, Assurance, DateChange, Dependency, ProgressUpdate, Question
from audit.models import Ledger
from demo.loading import ADMIN, PASSWORD
from demo.reading import TABLES, moment, rows
from desk.my_work.services.lists import my_tasks
from importing.engine.services.flow import preview_import
from importing.plans.services.importer import PlanImporter
from partners.access_reviews.queries import memberships_to_decide
from partners.models import AccessReview, Partnership, User
from partners.policies import rights_of
from returns.models import Return, ReturnRow
from tests.demo.loaded import QUICK, loaded
from tests.demo.year import Year, reconcile
from tests.support.module_fixtures import ModuleState

__all__ = ["loaded"]

TODAY = date(2020, 6, 19)
NOW = moment("2020-06-19T10:00:00")
DISTRICTS = ("BRA", "CAL", "KIR", "LEE", "WAK")
# What the report of 8 October 2019 says was done.
DONE_BY_THE_REPORT = {
    "WY19-ID-09",  # Prevent Champions launched
    "WY19-ID-12",  # Military Liaison Officers
    "WY19-SG-06",  # senior leaders nominated
    *(f"WY19-SG-09-{district}" for district in DISTRICTS),  # Bronze reports
    "WY19-SG-10",  # boards briefed
    "WY19-SG-11",  # Practitioners Guide
    "WY19-SG-12",  # Good Practice Guide
    "WY19-SG-13",  # Parsons Green
    "WY19-SG-14",  # local authority toolkit
    "WY19-SG-15",  # clinicians embedded
    "WY19-MR-06",  # Managed Nominal Team
}
# docs/operations.md shows the same figures.
SIMULATED = {
    "mails": 485,
    "reminders": 32,
    "escalated to step 1": 80,
    "escalated to step 2": 80,
    "escalated to step 3": 54,
    "acknowledged": 93,
    "returns missed": 30,
    "returns submitted": 50,
}
pytestmark = [pytest.mark.usefixtures("loaded"), pytest.mark.django_db]


@pytest.fixture
def printed(loaded: ModuleState) -> str:
    """What the command printed."""
    output: str = loaded.base
    return output


def user(name: str) -> User:
    return User.objects.get_by_natural_key(f"{name}@example.org")


def visible_to(name: str) -> Any:
    return Action.objects.visible_to(user(name), TODAY)


def heads() -> dict[str, tuple[int, str]]:
    return {ledger.name: (ledger.sequence, ledger.digest) for ledger in Ledger.objects.all()}


def test_loading_twice_changes_nothing(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    before = heads()
    out = StringIO()
    with django_assert_max_num_queries(3):
        call_command("load_demo", without_sandbox=True, stdout=out)
    assert "Nothing changed" in out.getvalue()
    assert heads() == before


def test_the_ledgers_verify() -> None:
    call_command("verify_ledger", stdout=StringIO())
    assert heads()["West Yorkshire"][0] > 900


@pytest.mark.parametrize(
    ("prefix", "states"),
    [
        ("WY19-", {"complete": 22, "superseded": 28, "withdrawn": 1}),
        ("WY20-", {"awaiting_allocation": 14, "not_started": 2, "in_progress": 31, "awaiting_assurance": 2}),
        ("LLR-", {"awaiting_allocation": 7, "in_progress": 4, "complete": 4}),
    ],
)
def test_each_plan_has_the_states_of_its_history(prefix: str, states: dict[str, int]) -> None:
    plan_states = Action.objects.filter(ref__startswith=prefix).values_list("state", flat=True)
    assert Counter(plan_states) == states


def test_every_action_names_its_source() -> None:
    sources = Action.objects.values_list("ref", "source")
    assert [ref for ref, source in sources if not source.startswith(("WY19, ", "PCC20, ", "LEI17, "))] == []


def test_actions_that_the_report_calls_done_were_assured_by_8_october_2019() -> None:
    assured = Assurance.objects.filter(
        opinion=Assurance.Opinion.ASSURED,
        assessed_at__lt=moment("2019-10-08T00:00"),
        action__ref__startswith="WY19-",
    )
    assert set(assured.values_list("action__ref", flat=True)) == DONE_BY_THE_REPORT


@pytest.mark.parametrize(
    ("ref", "opinions"),
    [("WY19-MR-07-BRA", ["returned", "assured"]), ("WY19-SG-09-KIR", ["assured", "reopened", "assured"])],
)
def test_a_returned_and_a_reopened_action_were_assured_later(ref: str, opinions: list[str]) -> None:
    action = Action.objects.get(ref=ref)
    assurances = action.assurances.order_by("assessed_at")
    assert [assurance.opinion for assurance in assurances] == opinions
    assert all(assurance.note for assurance in assurances)
    assert action.state == State.COMPLETE


def test_the_withdrawn_action_names_the_boards_minute() -> None:
    action = Action.objects.get(state=State.WITHDRAWN)
    assert (action.ref, action.closed_on) == ("WY19-ID-13", date(2019, 12, 12))
    assert "minute 7" in action.board_reference


def test_the_memorandums_due_date_changed_twice_the_second_time_by_the_board() -> None:
    action = Action.objects.get(ref="WY19-SG-07")
    moved = action.datechanges.order_by("requested_at")
    assert [(change.level, change.state) for change in moved] == [
        ("manager", "approved"),
        ("board", "approved"),
    ]
    assert (action.original_due, action.due) == (date(2019, 12, 20), date(2020, 3, 31))
    assert "minute 5" in moved[1].reference


def test_a_due_date_change_was_rejected_and_requested_again() -> None:
    due_changes = DateChange.objects.filter(action__ref="WY19-ID-04").order_by("requested_at")
    assert [change.state for change in due_changes] == ["rejected", "approved"]
    assert all(change.reason and change.decision_reason for change in due_changes)


def test_one_due_date_change_waits_for_the_manager_and_one_for_the_board() -> None:
    waiting = DateChange.objects.open().values_list("action__ref", "level")
    assert set(waiting) == {("WY20-SG-05", "manager"), ("WY20-SG-09", "board")}


def test_the_plan_waits_on_two_councils_and_one_has_not_answered() -> None:
    waits = Dependency.objects.open().filter(action__ref="WY20-SG-03")
    assert dict(waits.values_list("organisation__short_name", "state")) == {
        "Wakefield Council": "acknowledged",
        "Leeds Council": "requested",
    }
    tasks = my_tasks(actor=user("wakefield.council"), on=TODAY)
    assert "WY20-MR-02" in {task.subject.ref for task in tasks if task.verb == "Answer the request on"}


def test_one_question_waits_for_the_owner_and_one_was_answered() -> None:
    questions = Question.objects.values_list("action__ref", "addressee", "answered_by__email")
    assert set(questions) == {
        ("WY20-SG-05", "owner", None),
        ("WY20-SG-09", "organisation", "wakefield.council@example.org"),
    }
    tasks = my_tasks(actor=user("silver"), on=TODAY)
    assert "WY20-SG-05" in {task.subject.ref for task in tasks if task.verb == "Answer the question on"}


def test_a_joint_action_has_five_district_parts_each_with_its_own_council() -> None:
    parent = Action.objects.get(ref="WY20-SG-01")
    assert (parent.by_districts, parent.state, parent.rag) == (True, State.IN_PROGRESS, "amber")
    parts = {part.ref: part for part in parent.children.all()}
    assert set(parts) == {f"WY20-SG-01-{district}" for district in DISTRICTS}
    leeds = parts["WY20-SG-01-LEE"].supporting.values_list("short_name", flat=True)
    assert "Leeds Council" in leeds
    assert "Bradford Council" not in leeds


def test_the_disruptions_strategy_is_sensitive_and_withheld() -> None:
    action = Action.objects.get(ref="WY20-MR-03")
    assert (action.marking, action.publication, action.exemption) == ("OFFICIAL-SENSITIVE", "withhold", "s31")
    assert not visible_to("leeds.spoc").filter(pk=action.pk).exists()
    assert visible_to("auditor").filter(pk=action.pk).exists()


def test_a_re_test_is_due_and_an_owner_has_left() -> None:
    assert [action.ref for action in visible_to("auditor").retest_due(TODAY)] == ["WY19-SG-09-KIR"]
    assert [action.ref for action in visible_to("manager").orphaned(TODAY)] == ["WY20-SG-12"]
    assert Action.objects.get(ref="WY20-ID-03").owner == user("ctpne.prevent")


def test_actions_carried_over_name_each_other() -> None:
    for action in Action.objects.filter(state=State.SUPERSEDED).select_related("superseded_by"):
        assert action.superseded_by is not None
        assert f"Carried over from {action.ref}." in action.superseded_by.description, action.ref


def test_the_bradford_spoc_has_four_live_actions_and_a_draft_return() -> None:
    mine = visible_to("bradford.spoc").filter(owner__email="bradford.spoc@example.org", state__in=OPEN)
    computed = {action.ref: action.computed_rag(TODAY) for action in mine.select_related("plan")}
    assert set(computed) == {"WY20-ID-02-BRA", "WY20-ID-04-BRA", "WY20-ID-08-BRA", "WY20-SG-01-BRA"}
    assert {rag.rag for rag in computed.values() if rag} == {"green"}
    mays = Return.objects.filter(period_start=date(2020, 5, 1), due_on=TODAY)
    assert mays.get(organisation__name="Bradford District").rows.count() == 1


def test_the_returns_of_april_and_may_add_up() -> None:
    counted = Counter(Return.objects.values_list("period_start__month", "state"))
    assert counted == {
        (4, "submitted"): 5,
        (4, "missed"): 2,
        (4, "returned"): 1,
        (5, "submitted"): 3,
        (5, "open"): 5,
    }
    submitted_rows = ReturnRow.objects.filter(report__submitted_at__isnull=False)
    assert submitted_rows.count() == submitted_rows.filter(update__isnull=False).count() == 33
    assert ProgressUpdate.objects.filter(return_rows__isnull=False).count() == 33


def test_one_action_is_red_and_overdue_and_one_amber_is_stale() -> None:
    live = Action.objects.filter(ref__startswith="WY20-", state__in=REPORTABLE).select_related("plan")
    assert [action.ref for action in live if action.is_overdue(TODAY)] == ["WY20-SG-05"]
    assert Action.objects.get(ref="WY20-SG-05").rag == "red"
    stale = Action.objects.select_related("plan").get(ref="WY20-SG-03")
    rag = stale.computed_rag(TODAY)
    assert stale.rag == "amber"
    assert rag is not None
    assert rag.rule == "No update for 50 days"


def test_the_auditor_can_assure_what_awaits_assurance() -> None:
    rights = rights_of(user("auditor"), TODAY)
    waiting = visible_to("auditor").filter(state=State.AWAITING_ASSURANCE)
    assert {action.ref for action in waiting} == {"WY20-ID-01", "WY20-SG-01-LEE"}
    for action in waiting:
        assert why_not_assure(rights, action, set(action.updates.values_list("author", flat=True))) == ""
        assert action.evidence.exists()


def test_wakefield_council_has_a_part_in_the_plan() -> None:
    mine = visible_to("wakefield.council").filter(ref__startswith="WY20-", state__in=OPEN)
    assert mine.filter(lead__short_name="Wakefield Council").count() == 3
    assert mine.count() > 3


def test_one_access_review_is_complete_and_one_waits_for_the_manager() -> None:
    reviews = AccessReview.objects.filter(partnership__slug="west-yorkshire").order_by("quarter_start")
    assert [(str(row), row.state) for row in reviews] == [
        ("Access review, January to March 2020", "complete"),
        ("Access review, April to June 2020", "open"),
    ]
    first, second = reviews
    [ended] = first.lines.filter(outcome="ended").select_related("membership__user")
    assert ended.membership.user == user("kirklees.alternate")
    assert (ended.membership.ends_on, ended.note != "") == (date(2020, 2, 19), True)
    waiting = {row.user.email for row in memberships_to_decide(second, TODAY)}
    decided = second.lines.values_list("membership__user__email", flat=True)
    assert {"leeds.spoc@example.org", "manager@example.org"} <= waiting
    assert "bradford.spoc@example.org" in set(decided) - waiting
    task = next(task for task in my_tasks(actor=user("manager"), on=TODAY) if "access" in task.verb.lower())
    assert str(len(waiting) - 1) in str(task)


def test_nothing_crosses_partnerships() -> None:
    slugs = {
        name: set(visible_to(name).values_list("partnership__slug", flat=True))
        for name in ("manager", "gold")
    }
    assert slugs == {"manager": {"west-yorkshire"}, "gold": {"west-yorkshire"}}
    assert set(visible_to("leicestershire.manager").values_list("partnership__slug", flat=True)) == {
        "leicestershire"
    }


def test_every_printed_account_signs_in_with_the_printed_password(printed: str, settings: Any) -> None:
    settings.PASSWORD_HASHERS = QUICK
    assert f"Password for all accounts: {PASSWORD}" in printed
    for account in User.objects.all():
        assert account.email in printed
        assert account.check_password(PASSWORD)
    assert User.objects.filter(is_staff=True).get().email == ADMIN


@pytest.mark.parametrize("plan", [row for row in rows("west_yorkshire/plans.csv") if not row["closed_at"]])
def test_importing_a_plan_again_would_change_nothing(plan: Any) -> None:
    preview = preview_import(
        actor=user("manager"),
        importer=PlanImporter(
            partnership=Partnership.objects.get(slug="west-yorkshire"), plan_title=plan["title"]
        ),
        data=(TABLES / "west_yorkshire" / plan["file"]).read_bytes(),
        filename=plan["file"],
        at=NOW,
    )
    assert preview.problems == []
    assert not preview.changes_anything


@pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="only on PostgreSQL, which is production's: what a year comes to does not depend on the database",
)
def test_the_figures_of_a_year_add_up(
    monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any], settings: Any
) -> None:
    """A year of daily jobs: reminders, escalations and missed returns."""
    # The script acts without signing in, and nobody in it completes access reviews.
    settings.UNUSED_ACCOUNT_DAYS, settings.MEMBERSHIP_REVIEW_GRACE_DAYS = 0, 400
    year = Year(
        TODAY, date(2021, 6, 18), lambda moment: monkeypatch.setattr("audit.clock.now", lambda: moment)
    )
    year.walk()
    figures = reconcile(year, mailoutbox)
    assert figures == SIMULATED
