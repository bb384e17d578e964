"""Many actions changed at once: each by its own service and with its own entry, all or none."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actions.actions.services import edit_action
from actions.bulk.services import Outcome, change_many, changed_ids, preview_change, visible_actions
from actions.districts.services import split_by_district
from actions.models import Action, DateChange, UpdateRequest
from actions.update_requests.queries import awaiting_update
from actions.update_requests.services import request_update
from audit.models import Entry
from tests.actions.dates.dates import ask
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory, district_parts, submit_progress

BECAUSE = "The district was split in two."
OCTOBER = date(2020, 10, 30)


def of(cast: Cast, *refs: str, actor: str = "manager") -> list[Action]:
    rows = visible_actions(actor=cast.person(actor), on=TODAY)
    return list(rows.filter(ref__in=refs) if refs else rows)


def rehearsed(cast: Cast, name: str, actor: str = "manager", **value: Any) -> dict[str, Outcome]:
    actions = of(cast, actor=actor)
    outcomes = preview_change(actor=cast.person(actor), name=name, actions=actions, at=AT, **value)
    return {outcome.action.ref: outcome for outcome in outcomes}


def confirmed(cast: Cast, name: str, *refs: str, actor: str = "manager", **value: Any) -> list[Action]:
    versions = {action.pk: action.version for action in of(cast, *refs)}
    arguments = {"partnership": cast.yorkshire, "versions": versions, "reason": BECAUSE, "at": AT} | value
    return change_many(actor=cast.person(actor), name=name, **arguments)


def entries_of(action: Action) -> Any:
    return Entry.objects.filter(target_type="actions.action", target_id=str(action.pk)).order_by("sequence")


def test_a_rehearsal_says_what_becomes_of_each_and_leaves_no_trace(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, allocated=True, ref="WY20-03"))
    ActionFactory(cast=cast, by_districts=True, ref="WY20-04")
    before, head = list(Action.objects.values()), Entry.objects.count()
    outcomes = rehearsed(cast, "date", new_due=OCTOBER)
    assert (outcomes["WY20-01"].current, outcomes["WY20-01"].new) == (
        "30 September 2020",
        "30 October 2020: the board will decide",
    )
    assert outcomes["WY20-02"].problem.startswith("This action is awaiting assurance")
    assert "has already requested 30 November 2020" in outcomes["WY20-03"].problem
    assert outcomes["WY20-04"].problem.startswith("This action is delivered by its districts")
    assert list(Action.objects.values()) == before
    assert Entry.objects.count() == head
    assert not DateChange.objects.filter(new_due=OCTOBER).exists()


def test_a_bulk_change_needs_the_rights_of_a_single_change(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", lead=cast.leeds_district, owner=cast.leeds_spoc)
    outcomes = rehearsed(cast, "date", "bradford_spoc", new_due=OCTOBER)
    assert outcomes["WY20-01"].new == "30 October 2020: the programme manager will decide"
    assert outcomes["WY20-02"].problem == (
        "Only the owner, the alternate, the lead organisation or the programme manager can do this."
    )
    for name, value in (
        ("owner", {"owner": cast.leeds_spoc}),
        ("pillar", {"pillar": "Safeguard"}),
        ("publication", {"publication": "publish", "exemption": ""}),
        ("update", {"due_on": OCTOBER}),
    ):
        outcomes = rehearsed(cast, name, "bradford_spoc", **value)
        assert outcomes["WY20-01"].problem.endswith("Ask the programme manager."), name
        with pytest.raises(ValidationError) as refused:
            confirmed(cast, name, actor="bradford_spoc", **value)
        assert refused.value.code == "conflict"


def test_dates_are_requested_together(cast: Cast) -> None:
    actions = [ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}") for number in range(1, 4)]
    assert len(confirmed(cast, "date", new_due=OCTOBER, actor="bradford_spoc")) == 3
    requests = DateChange.objects.open()
    assert {(row.action.ref, row.new_due, row.reason) for row in requests} == {
        (action.ref, OCTOBER, BECAUSE) for action in actions
    }
    assert {entries_of(action).last().verb for action in actions} == {"action.date_requested"}


def test_an_owner_for_all_keeps_the_lead_and_vacates_the_place_of_the_alternate(cast: Cast) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    second = ActionFactory(cast=cast, unallocated=True, ref="WY20-02", lead=None)
    Action.objects.filter(pk=first.pk).update(alternate=cast.leeds_spoc)
    outcomes = rehearsed(cast, "owner", owner=cast.leeds_spoc)
    assert (outcomes["WY20-01"].current, outcomes["WY20-01"].new) == (
        "Bradford spoc",
        "Leeds spoc (no alternate)",
    )
    assert "Choose to allocate actions instead" in outcomes["WY20-02"].problem
    confirmed(cast, "owner", "WY20-01", owner=cast.leeds_spoc)
    first.refresh_from_db()
    assert (first.owner, first.alternate, first.lead) == (cast.leeds_spoc, None, cast.bradford_district)
    assert entries_of(first).last().note == BECAUSE
    assert (
        rehearsed(cast, "owner", owner=cast.leeds_spoc)["WY20-01"].problem
        == "Leeds spoc already owns this action."
    )
    assert second.owner is None


def test_pillars_and_publication_leave_the_reason_with_each_entry(cast: Cast) -> None:
    actions = [
        ActionFactory(cast=cast, in_progress=True, ref="WY20-01"),
        ActionFactory(cast=cast, by_districts=True, ref="WY20-02"),
    ]
    refs = [action.ref for action in actions]
    confirmed(cast, "pillar", *refs, pillar="Safeguard")
    confirmed(cast, "publication", *refs, publication="withhold", exemption="s31")
    for action in actions:
        action.refresh_from_db()
        assert (action.pillar, action.publication, action.exemption) == (cast.safeguard, "withhold", "s31")
        last = entries_of(action).order_by("-sequence")[:2]
        assert [(entry.verb, entry.note) for entry in last] == [
            ("publication.decided", BECAUSE),
            ("action.edited", BECAUSE),
        ]
    assert (
        rehearsed(cast, "pillar", pillar="Safeguard")["WY20-01"].problem
        == "This action is already under Safeguard."
    )
    assert "no pillar with this name" in rehearsed(cast, "pillar", pillar="Venues")["WY20-01"].problem
    again = rehearsed(cast, "publication", publication="withhold", exemption="s31")
    assert again["WY20-01"].problem == "This action already has this decision."


def test_a_row_changed_since_the_preview_stops_the_bulk_change(cast: Cast) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    second = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    versions = {first.pk: first.version, second.pk: second.version}
    edit_action(actor=cast.manager, action=second, at=AT, title="Brief them all")
    assert changed_ids(actor=cast.manager, versions=versions, on=TODAY) == [second.pk]
    with pytest.raises(ValidationError) as refused:
        confirmed(cast, "pillar", pillar="Safeguard", versions=versions)
    assert refused.value.code == "conflict"
    assert set(Action.objects.values_list("pillar__name", flat=True)) == {"Identify"}


def test_one_that_cannot_be_changed_stops_all_of_it(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    head = Entry.objects.count()
    with pytest.raises(ValidationError, match="awaiting assurance"):
        confirmed(cast, "date", new_due=OCTOBER)
    assert not DateChange.objects.exists()
    assert Entry.objects.count() == head


def test_a_reason_and_a_number_of_actions_are_needed(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(ValidationError) as refused:
        confirmed(cast, "pillar", pillar="Safeguard", reason="  ")
    assert "reason" in refused.value.error_dict
    for versions in ({}, dict.fromkeys(range(1, 502), 1)):
        with pytest.raises(ValidationError, match="between 1 and 500"):
            confirmed(cast, "pillar", pillar="Safeguard", versions=versions)


def test_an_update_request_is_answered_by_the_next_update(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    version = action.version
    confirmed(cast, "update", due_on=OCTOBER)
    request = UpdateRequest.objects.get()
    assert (request.action, request.question, request.requested_by) == (action, BECAUSE, cast.manager)
    entry = Entry.objects.get(target_type="actions.updaterequest")
    assert (entry.verb, entry.state["question"]) == ("update.requested", BECAUSE)
    action.refresh_from_db()
    assert action.version == version
    assert list(awaiting_update(Action.objects.all())) == [action]
    assert (
        "requested an update on 19 June 2020" in rehearsed(cast, "update", due_on=OCTOBER)["WY20-01"].problem
    )
    arguments = {"actor": cast.bradford_spoc, "action": action, "rag": "green", "percent": 50}
    update = submit_progress(**arguments, narrative="Three of five.", at=AT - timedelta(hours=1))
    submit_progress(**arguments, narrative="Four of five.", corrects=update, at=AT + timedelta(minutes=1))
    assert UpdateRequest.objects.open().exists()
    submit_progress(**arguments, narrative="All five.", at=AT + timedelta(hours=1))
    assert not UpdateRequest.objects.open().exists()


def test_a_joint_action_needs_no_update_of_its_own(cast: Cast) -> None:
    action = ActionFactory(cast=cast, allocated=True, area=None)
    request_update(actor=cast.manager, action=action, question="How far?", due_on=OCTOBER, at=AT)
    split_by_district(actor=cast.manager, action=action, parts=district_parts(cast), at=AT)
    assert not UpdateRequest.objects.open().exists()


def test_an_update_is_requested_for_a_reportable_action_by_a_future_day(cast: Cast) -> None:
    arguments = {"actor": cast.manager, "question": "Where does it stand?", "at": AT}
    for action, words in (
        (
            ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-01"),
            "awaiting assurance, so it cannot be reported on",
        ),
        (ActionFactory(cast=cast, by_districts=True, ref="WY20-02"), "delivered by its districts"),
    ):
        with pytest.raises(ValidationError, match=words):
            request_update(**arguments, action=action, due_on=OCTOBER)
    with pytest.raises(ValidationError, match="has passed. Enter today"):
        request_update(
            **arguments,
            action=ActionFactory(cast=cast, in_progress=True, ref="WY20-03"),
            due_on=date(2020, 6, 18),
        )
