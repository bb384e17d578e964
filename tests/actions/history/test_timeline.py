"""An action's history in words, read from the ledger."""

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from actions.actions.services import allocate_action, edit_action
from actions.assurance.services import assure_action, return_action
from actions.closing.services import decide_closure
from actions.evidence.services import add_evidence
from actions.history.queries import children_of
from actions.history.services import changes_since, timeline_of
from actions.models import Action, Assurance, ProgressUpdate, Question
from audit.services import append, writing
from audit.state import state_of
from tests.cast import AT, LONDON, Cast
from tests.factories import ActionFactory, ClosureProposalFactory, close_action, submit_progress
from tests.meetings.factories import CITED, board_minute


def titles(action: Action) -> list[str]:
    return [event.title for event in timeline_of(action=action)]


def test_a_life_reads_from_the_newest_to_the_oldest(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    return_action(actor=cast.auditor, action=action, note="No list of who was briefed.", at=AT)
    events = timeline_of(action=action)
    assert [(event.title, event.byline) for event in events] == [
        ("Returned with a reason", "Auditor"),
        ("Submitted for assurance", "Bradford spoc"),
        ("Progress reported: work under way", "Bradford spoc"),
        ("Allocated", "Manager"),
        ("Action created", "Manager"),
    ]
    assert events[0].text == "No list of who was briefed."
    assert events[1].text == "All five teams are briefed."
    assert events[2].text == "Two of five teams are briefed."
    assert events[2].at == datetime(2020, 6, 1, 9, tzinfo=LONDON)


def test_changes_are_described_by_name_and_not_by_id(cast: Cast) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    (allocation, _) = timeline_of(action=action)
    assert set(allocation.lines) == {
        "Owner set to Bradford spoc",
        "Due date set to 30 September 2020",
        "Status changed from Awaiting allocation to Not started",
    }
    edit_action(
        actor=cast.manager,
        action=action,
        pillar=cast.safeguard,
        area=None,
        priority="high",
        title="Brief everyone",
        supporting=[cast.wakefield_council, cast.opcc],
        at=AT,
    )
    (edit, *_) = timeline_of(action=action)
    assert set(edit.lines) == {
        "Pillar changed from Identify to Safeguard",
        "District removed (it was Bradford)",
        "Priority changed from Medium to High",
        "Title changed from “Brief the neighbourhood teams (WY20-01)” to “Brief everyone”",
        "Supporting organisations set to Wakefield Council, Office of the Police and Crime Commissioner",
    }


def test_updates_and_evidence_are_listed_once_with_their_change(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    first = action.updates.get()
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="Three, not two.",
        rag="amber",
        reason="Sickness.",
        path_to_green="July.",
        percent=60,
        corrects=first,
        at=AT,
    )
    add_evidence(
        actor=cast.bradford_spoc, action=action, title="Briefing note", url="https://example.org/n", at=AT
    )
    evidence, correction, *_ = timeline_of(action=action)
    assert (evidence.title, list(evidence.lines)) == ("Evidence added", ["Evidence: Briefing note"])
    assert (correction.title, correction.text) == ("Progress reported", "Three, not two.")
    assert list(correction.lines) == [
        "Corrects an earlier update",
        "Declared RAG changed from Green to Amber",
        "Percent done changed from 40% to 60%",
    ]


def test_another_actions_history_stays_out(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    assert titles(action) == ["Action created"]
    assert len(titles(other)) == 3


def test_a_verb_and_a_field_nobody_knows_still_read(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    before = state_of(action) | {"colour": "blue"}
    with writing(cast.yorkshire.ledger_id) as ledger:
        append(
            actor=cast.manager,
            ledger=ledger,
            at=AT,
            verb="action.painted_over",
            target=action,
            before=before,
        )
    (newest, *_) = timeline_of(action=action)
    assert (newest.title, list(newest.lines)) == ("Action painted over", ["Colour removed (it was “blue”)"])


def test_a_boards_decision_gives_its_reason_and_reference(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    close_action(cast, action)
    newest, request, *_ = timeline_of(action=action)
    assert (newest.title, newest.byline, newest.text) == (
        "Withdrawn by a board's decision",
        "Gold",
        "Done nationally.",
    )
    assert f"Board reference set to “{CITED}”" in newest.lines
    assert (request.title, request.byline, request.text) == (
        "Withdrawal proposed to the board",
        "Manager",
        "The region now does this.",
    )


def test_a_refusal_gives_its_reason_and_reference(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    proposal = ClosureProposalFactory(
        cast=cast, action=action, superseded_by=ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    )
    decision = {"approve": False, "reason": "Nobody else does it.", "minute": board_minute(cast)}
    decide_closure(actor=cast.gold, proposal=proposal, at=AT, **decision)
    newest, request, *_ = timeline_of(action=action)
    assert (newest.title, newest.text) == ("Proposal rejected by a board", "Nobody else does it.")
    assert list(newest.lines) == [f"Minute: {CITED}"]
    assert request.title == "Supersession proposed to the board"


def test_a_proposal_that_the_end_of_the_action_ended_says_so(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    ClosureProposalFactory(cast=cast, action=action)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    newest, assured, *_ = timeline_of(action=action)
    assert (newest.title, newest.text) == ("Proposal to withdraw ended", "The action was closed.")
    assert assured.title == "Assured and complete"


def test_the_page_of_an_action_asks_only_for_the_kinds_of_row_that_it_has(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    return_action(actor=cast.auditor, action=action, note="Which teams?", at=AT)
    children = children_of(action)
    assert {Assurance, ProgressUpdate} <= children.keys()
    assert Question not in children
    with CaptureQueriesContext(connection) as captured:
        page = signed_in("auditor").get(f"/actions/{action.pk}/")
    assert page.status_code == 200
    asked = [query["sql"] for query in captured if '"actions_question"."asked_by_id"' in query["sql"]]
    assert asked == []


def test_queries_do_not_grow_with_the_history(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    action = Action.objects.select_related("partnership").get()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            timeline_of(action=action)
        return len(captured)

    few = queries()
    for week in range(6):
        submit_progress(
            actor=cast.bradford_spoc, action=action, narrative=f"Week {week}", rag="green", percent=50, at=AT
        )
    assert queries() == few


# What changed since a form was opened -------------------------------------------------------------------------


def change_titles(cast: Cast, action: Action, version: int, **reader: Any) -> list[str]:
    events = changes_since(actor=reader.get("actor", cast.manager), action=action, version=version)
    return [event.title for event in events]


def test_only_changes_after_the_version_are_listed(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    opened = action.version
    action = allocate_action(
        actor=cast.manager,
        action=action,
        lead=cast.bradford_district,
        owner=cast.bradford_spoc,
        due=date(2020, 9, 30),
        at=AT,
    )
    submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Begun.", rag="green", percent=5, at=AT
    )
    assert change_titles(cast, action, opened) == ["Progress reported: work under way", "Allocated"]
    assert change_titles(cast, action, opened + 1) == ["Progress reported: work under way"]
    assert change_titles(cast, action, opened + 2) == []
    assert len(change_titles(cast, action, 0)) == 3


def test_ones_own_changes_are_marked(cast: Cast) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    newest = changes_since(actor=cast.manager, action=action, version=1)[0]
    assert newest.byline == "Manager (you)"
    newest = changes_since(actor=cast.bradford_spoc, action=action, version=1)[0]
    assert newest.byline == "Manager"
