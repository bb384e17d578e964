"""The response to each recommendation, its draft from the actions, and what is still missing."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import edit_action
from actions.models import Action
from audit.models import Entry
from inspections.models import Response
from inspections.responses.services.responses import Draft, draft_text, findings_of, missing_responses
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory, close_action, submit_progress
from tests.inspections.factories import RecommendationFactory
from tests.inspections.findings import stage as register
from tests.inspections.letters import letters
from tests.inspections.letters.letters import findings, respond

RESPONDERS = {"manager", "gold", "opcc_officer", "opcc_director"}


def drafted(cast: Cast, row: Any, person: str = "manager") -> Draft:
    return draft_text(actor=cast.person(person), recommendation=row, on=TODAY)


def state_code(raised: Any) -> str | None:
    return getattr(raised.value, "code", None)


@pytest.mark.parametrize("person", PEOPLE)
def test_who_writes_a_response(cast: Cast, person: str) -> None:
    row = findings(letters.report(cast))[0]
    actor = cast.person(person)
    if person in RESPONDERS:
        assert respond(cast, row, actor=actor).written_by == actor
        assert Entry.objects.filter(verb="response.written", actor_id=str(actor.pk)).count() == 1
    else:
        with pytest.raises(PermissionDenied):
            respond(cast, row, actor=actor)


@pytest.mark.parametrize("person", PEOPLE)
def test_a_response_is_read_by_those_who_see_everything_and_the_opcc(cast: Cast, person: str) -> None:
    """It draws on actions that others may not see; they read the published letter."""
    response = respond(cast, findings(letters.report(cast))[0])
    is_visible = Response.objects.visible_to(cast.person(person), TODAY).filter(pk=response.pk).exists()
    assert is_visible == (person in {"auditor", *RESPONDERS})


def test_a_response_is_written_anew_and_the_ledger_keeps_both(cast: Cast) -> None:
    row = findings(letters.report(cast))[0]
    first = respond(cast, row, "Done in May.")
    second = respond(cast, row, "Done in June.", kind="none", actor=cast.gold, version=1)
    assert (second.pk, second.version, second.kind, second.written_by) == (first.pk, 2, "none", cast.gold)
    texts = [entry.state["text"] for entry in Entry.objects.filter(verb="response.written")]
    assert texts == ["Done in May.", "Done in June."]


@pytest.mark.parametrize("version", [0, 1])
def test_a_response_saved_meanwhile_is_a_conflict(cast: Cast, version: int) -> None:
    row = findings(letters.report(cast))[0]
    respond(cast, row)
    respond(cast, row, "Better words.", actor=cast.gold)
    with pytest.raises(ValidationError) as raised:
        respond(cast, row, "My words.", version=version)
    assert state_code(raised) == "conflict"
    assert Response.objects.get().text == "Better words."


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"text": " "}, "text"), ({"kind": "perhaps"}, "kind"), ({"text": "x" * 6001}, "text")],
)
def test_a_response_says_what_it_is(cast: Cast, fields: dict[str, str], wrong: str) -> None:
    row = findings(letters.report(cast))[0]
    with pytest.raises(ValidationError) as raised:
        respond(cast, row, **fields)
    assert set(raised.value.message_dict) == {wrong}


@pytest.mark.parametrize("fields", [{"published_on": None}, {"body_kind": "internal_audit"}])
def test_no_response_is_written_where_none_is_required(cast: Cast, fields: Any) -> None:
    row = findings(letters.report(cast, **fields))[0]
    with pytest.raises(ValidationError) as raised:
        respond(cast, row)
    assert state_code(raised) == "state"


def test_a_cause_of_concern_is_answered_through_its_recommendations(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast, kind="cause_of_concern")
    with pytest.raises(ValidationError) as raised:
        respond(cast, row)
    assert state_code(raised) == "state"


def test_missing_responses_are_named_by_number_or_place(cast: Cast) -> None:
    inspection = letters.report(cast)
    RecommendationFactory(cast=cast, inspection=inspection, number="7")
    names = [finding.name for finding in missing_responses(inspection=inspection)]
    assert names == ["Recommendation 1 of 3", "Recommendation 2 of 3", "Recommendation 7"]
    respond(cast, findings(inspection)[0])
    names = [finding.name for finding in missing_responses(inspection=inspection)]
    assert names == ["Recommendation 2 of 3", "Recommendation 7"]
    named = [finding.name for finding in findings_of(inspections=[inspection])[inspection.pk]]
    assert named[-1] == "Area for improvement 1 of 1"


# The draft -----------------------------------------------------------------------------------------------------


def test_without_actions_there_is_no_draft(cast: Cast) -> None:
    assert drafted(cast, RecommendationFactory(cast=cast)) == Draft("", "", 0)


def test_completed_and_planned_work_is_in_plain_sentences(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    done = register.complete(cast, "WY20-01", title="Brief the teams.")
    moving = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", title="Train the officers")
    submit_progress(
        actor=cast.bradford_spoc,
        action=moving,
        narrative="Three of five\n\nteams are trained",
        next_steps="the last two in July",
        rag="green",
        percent=60,
        at=datetime(2020, 6, 15, 9, tzinfo=LONDON),
    )
    idle = ActionFactory(cast=cast, allocated=True, ref="WY20-03", title="Write the guide")
    unowned = ActionFactory(cast=cast, unallocated=True, ref="WY20-04", title="Map the practice")
    for action in (idle, done, unowned, moving):
        register.linked(cast, row, action)
    draft = drafted(cast, row)
    assert draft.kind == "proposed"
    assert draft.text.split("\n\n") == [
        "Bradford District: “Brief the teams” was completed on 15 June 2020. Two of five teams are briefed.",
        (
            "Bradford District: “Train the officers” is under way, due on 30 September 2020. "
            "Three of five teams are trained. Next: the last two in July."
        ),
        "Bradford District: “Write the guide” is planned, due on 30 September 2020.",
        "Bradford District: “Map the practice” is planned; its date is not set yet.",
    ]
    assert "spoc" not in draft.text.lower()


def test_the_draft_is_action_taken_when_every_action_is_complete(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    register.linked(cast, row, register.complete(cast))
    assert drafted(cast, row).kind == "taken"


def test_a_withdrawn_action_answers_nothing(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)
    register.linked(cast, row, action)
    close_action(cast, action)
    assert drafted(cast, row) == Draft("", "", 0)


@pytest.mark.parametrize(
    "fields",
    [
        {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver only"},
        {"publication": "withhold", "exemption": "s31"},
    ],
)
def test_a_public_letter_only_counts_what_is_not_public(cast: Cast, fields: dict[str, str]) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True, title="A covert thing")
    register.linked(cast, row, action)
    register.linked(
        cast, row, ActionFactory(cast=cast, in_progress=True, ref="WY20-02", title="An open thing")
    )
    Action.objects.filter(pk=action.pk).update(**fields)
    draft = drafted(cast, row)
    assert draft.held_back == 1
    assert "covert" not in draft.text
    assert "An open thing" in draft.text


def test_the_draft_speaks_of_what_its_reader_sees(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)
    register.linked(cast, row, action)
    assert drafted(cast, row, "wakefield_contact") == Draft("", "", 0)
    edit_action(actor=cast.manager, action=action, supporting=[cast.wakefield_council], at=AT)
    assert drafted(cast, row, "wakefield_contact").text


def test_the_newest_unsaved_text_is_restored_without_controls(cast: Cast) -> None:
    row = RecommendationFactory(cast=cast)
    action = ActionFactory(cast=cast, in_progress=True)
    register.linked(cast, row, action)
    submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Bell\u0007 rung", rag="green", percent=50, at=AT
    )
    assert drafted(cast, row).text.endswith("Bell rung.")
    assert date(2020, 9, 30) == action.due
