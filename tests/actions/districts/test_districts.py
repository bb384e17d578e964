"""An action divided among districts: the rules, by service calls."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action, edit_action
from actions.core.states import State
from actions.dates.services import request_date_change
from actions.districts.services import Part, split_by_district, suggested_parts
from actions.evidence.services import add_evidence
from actions.milestones.services import add_milestone
from actions.models import Action
from actions.plans.services import change_plan
from actions.waits.services import request_dependency
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from partners.memberships.services import grant_membership
from partners.models import Area, MouArea
from partners.organisations.services import save_reference
from standards.marking import Marking
from tests.actions.districts.parts import LATER, complete, district
from tests.cast import AT, EARLIER, PEOPLE, SINCE, TODAY, Cast
from tests.factories import ActionFactory, close_action, district_parts, submit_progress

DUE = date(2020, 10, 30)


def divide(cast: Cast, action: Action, parts: list[Part] | None = None, **fields: Any) -> Action:
    chosen = district_parts(cast) if parts is None else parts
    return split_by_district(**{"actor": cast.manager, "action": action, "parts": chosen, "at": AT} | fields)


def refusal(cast: Cast, action: Action, parts: list[Part] | None = None, **arguments: Any) -> ValidationError:
    before, entries = set(Action.objects.values_list("pk", "version")), Entry.objects.count()
    with pytest.raises(ValidationError) as refused:
        divide(cast, action, parts, **arguments)
    assert set(Action.objects.values_list("pk", "version")) == before
    assert Entry.objects.count() == entries
    return refused.value


# In one step ---------------------------------------------------------------------------------------------------


def test_a_parent_and_its_parts_are_made_in_one_step(cast: Cast) -> None:
    mou = save_reference(actor=SYSTEM, row=MouArea(partnership=cast.yorkshire, name="Training"), at=EARLIER)
    descriptive = {
        "title": "Brief the teams",
        "description": "All of them.",
        "success_measure": "Five lists.",
        "source": "PCC, 19 June 2020",
        "mou_area": mou,
        "tier": "targeted",
        "priority": "high",
        "marking": Marking.OFFICIAL_SENSITIVE,
        "handling_instruction": "Named readers only.",
    }
    supporting = [cast.wakefield_council, cast.leeds_district]
    action = ActionFactory(
        cast=cast, allocated=True, lead=cast.police, owner=cast.manager, supporting=supporting, **descriptive
    )
    divide(cast, action)
    action.refresh_from_db()
    assert action.by_districts
    assert (action.owner, action.alternate, action.area, action.lead) == (None, None, None, cast.police)
    bradford, leeds = action.children.order_by("ref")
    assert (bradford.ref, leeds.ref) == ("WY20-01-BRA", "WY20-01-LEE")
    for part, area, lead, owner in (
        (bradford, cast.bradford, cast.bradford_district, cast.bradford_spoc),
        (leeds, cast.leeds, cast.leeds_district, cast.leeds_spoc),
    ):
        assert part.title == f"Brief the teams: {area}"
        assert (part.area, part.lead, part.owner) == (area, lead, owner)
        assert (part.state, part.due, part.original_due) == (State.NOT_STARTED, DUE, DUE)
        assert (part.plan, part.pillar, part.allocated_on) == (cast.plan, cast.identify, TODAY)
        assert {name: getattr(part, name) for name in descriptive if name != "title"} == {
            name: value for name, value in descriptive.items() if name != "title"
        }
    # Leeds District leads one part, and has no business in another district's.
    for part in (bradford, leeds):
        assert set(part.supporting.all()) == {cast.wakefield_council}
    verbs = (
        Entry.objects.filter(ledger=cast.yorkshire.ledger).order_by("sequence").values_list("verb", flat=True)
    )
    assert list(verbs)[-5:] == [*["action.created", "action.allocated"] * 2, "action.divided"]
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_part_without_owner_and_date_awaits_allocation(cast: Cast) -> None:
    action = divide(
        cast, ActionFactory(cast=cast, unallocated=True), [Part(cast.bradford), Part(cast.leeds, due=DUE)]
    )
    bradford, leeds = action.children.order_by("ref")
    assert [part.state for part in (bradford, leeds, action)] == [State.AWAITING_ALLOCATION] * 3
    assert (bradford.lead, bradford.owner, bradford.due) == (cast.bradford_district, None, None)
    assert (leeds.owner, leeds.due, leeds.original_due) == (None, DUE, None)
    allocate_action(actor=cast.manager, action=leeds, lead=cast.leeds_district, owner=cast.leeds_spoc, at=AT)
    action.refresh_from_db()
    assert (action.state, action.due) == (State.NOT_STARTED, DUE)


def test_parts_differ_in_owner_alternate_date_lead_and_reference(cast: Cast) -> None:
    fields = {"lead": cast.wakefield_council, "owner": cast.wakefield_contact, "alternate": cast.manager}
    parts = [Part(cast.bradford, ref="wy20-2b", due=LATER, **fields), district_parts(cast)[1]]
    action = divide(cast, ActionFactory(cast=cast, unallocated=True), parts)
    part = action.children.get(area=cast.bradford)
    assert (part.ref, part.due, part.lead) == ("wy20-2b", LATER, cast.wakefield_council)
    assert (part.owner, part.alternate) == (cast.wakefield_contact, cast.manager)
    assert action.due == LATER


def test_the_reference_takes_as_many_letters_as_it_needs(cast: Cast) -> None:
    areas = [district(cast, name) for name in ("Leeds North", "Leeds South", "Lee", "St. Ives")]
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01-LEE")
    action = divide(
        cast, ActionFactory(cast=cast, unallocated=True), [Part(area) for area in [cast.leeds, *areas]]
    )
    assert {part.area.name: part.ref for part in action.children.select_related("area") if part.area} == {
        "Leeds": "WY20-01-LEED",
        "Leeds North": "WY20-01-LEEDS",
        "Leeds South": "WY20-01-LEEDSS",
        "Lee": "WY20-01-LEE2",
        "St. Ives": "WY20-01-STI",
    }


def test_a_district_without_police_of_its_own_is_led_as_the_whole_is(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True, lead=cast.police)
    divide(cast, action, [Part(district(cast, "Craven"), owner=cast.manager, due=DUE)])
    assert action.children.get().lead == cast.police


def test_a_title_that_is_too_long_is_cut_before_the_district(cast: Cast) -> None:
    action = divide(cast, ActionFactory(cast=cast, unallocated=True, title="x" * 200), [Part(cast.leeds)])
    title = action.children.get().title
    assert len(title) == 200
    assert title.endswith("x…: Leeds")


def test_more_parts_are_added_later(cast: Cast) -> None:
    action = ActionFactory(cast=cast, by_districts=True)
    calderdale = district(cast, "Calderdale")
    complete(cast, action.children.get(area=cast.bradford))
    divide(cast, action, [Part(calderdale)])
    assert action.children.count() == 3
    action.refresh_from_db()
    assert action.state == State.IN_PROGRESS
    error = refusal(cast, action, [Part(calderdale), Part(cast.leeds)])
    assert error.message_dict == {
        f"area_{calderdale.pk}": ["Calderdale already has a district action."],
        f"area_{cast.leeds.pk}": ["Leeds already has a district action."],
    }


def test_the_police_district_and_its_main_spoc_are_suggested(cast: Cast) -> None:
    main = cast.stranger
    grant_membership(
        actor=cast.administrator,
        user=main,
        partnership=cast.yorkshire,
        organisation=cast.leeds_district,
        role="spoc",
        alternate=True,
        starts_on=SINCE,
        at=AT,
    )
    craven = district(cast, "Craven")
    action = ActionFactory(cast=cast, allocated=True, lead=cast.police, owner=cast.manager, due=DUE)
    parts = suggested_parts(actor=cast.manager, action=action, on=TODAY)
    assert parts == [
        Part(cast.bradford, "WY20-01-BRA", cast.bradford_district, cast.bradford_spoc, due=DUE),
        Part(cast.leeds, "WY20-01-LEE", cast.leeds_district, cast.leeds_spoc, due=DUE),
        Part(craven, "WY20-01-CRA", cast.police, None, due=DUE),
    ]
    divide(cast, action, parts[:1])
    assert [part.area for part in suggested_parts(actor=cast.manager, action=action, on=TODAY)] == [
        cast.leeds,
        craven,
    ]


# Refused in words ----------------------------------------------------------------------------------------------


def test_no_district_chosen(cast: Cast) -> None:
    assert refusal(cast, ActionFactory(cast=cast, unallocated=True), []).messages == [
        "Select at least one district."
    ]


def test_a_district_twice(cast: Cast) -> None:
    error = refusal(cast, ActionFactory(cast=cast, unallocated=True), [Part(cast.leeds), Part(cast.leeds)])
    assert error.message_dict == {f"area_{cast.leeds.pk}": ["Leeds already has a district action."]}


@pytest.mark.parametrize(
    ("part", "field", "words"),
    [
        (
            lambda cast: {"ref": "WY20-09"},
            "ref",
            "WY20-09 is already in use. Enter another reference for Leeds.",
        ),
        (lambda cast: {"ref": "not plain!"}, "ref", "Leeds: Use letters"),
        (lambda cast: {"ref": "x" * 25}, "ref", "Leeds: "),
        (
            lambda cast: {"owner": cast.leeds_spoc},
            "due",
            "Enter a due date for Leeds, or choose its owner later.",
        ),
        (
            lambda cast: {"due": date(2020, 3, 31)},
            "due",
            "The plan begins on 1 April 2020. Enter that date or a later one for Leeds.",
        ),
        (
            lambda cast: {"owner": cast.auditor, "due": DUE},
            "owner",
            "Leeds: Auditor has no role in this partnership that can own an action.",
        ),
        (
            lambda cast: {"owner": cast.wakefield_contact, "due": DUE},
            "owner",
            "Leeds: Wakefield contact could not view this action",
        ),
        (
            lambda cast: {"alternate": cast.manager},
            "alternate",
            "Choose an owner for Leeds before its alternate.",
        ),
        (
            lambda cast: {"owner": cast.leeds_spoc, "alternate": cast.leeds_spoc, "due": DUE},
            "area",
            "Leeds: The alternate must be somebody other than the owner.",
        ),
        (lambda cast: {"lead": cast.city_council}, "lead", "Leeds: This belongs to another partnership."),
    ],
)
def test_an_error_of_a_part_names_its_district(
    cast: Cast, part: Callable[[Cast], dict[str, Any]], field: str, words: str
) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-09")
    parts = [district_parts(cast)[0], Part(cast.leeds, **part(cast))]
    error = refusal(cast, ActionFactory(cast=cast, unallocated=True), parts)
    assert set(error.message_dict) == {f"{field}_{cast.leeds.pk}"}
    assert error.message_dict[f"{field}_{cast.leeds.pk}"][0].startswith(words)


def test_a_district_of_another_partnership(cast: Cast) -> None:
    foreign = save_reference(
        actor=SYSTEM, row=Area(partnership=cast.leicestershire, name="Oadby"), at=EARLIER
    )
    error = refusal(cast, ActionFactory(cast=cast, unallocated=True), [Part(foreign)])
    assert error.messages == ["Oadby is in another partnership."]


def test_all_errors_are_reported_together(cast: Cast) -> None:
    parts = [Part(cast.bradford, owner=cast.bradford_spoc), Part(cast.leeds, ref="?")]
    error = refusal(cast, ActionFactory(cast=cast, unallocated=True), parts)
    assert set(error.message_dict) == {f"due_{cast.bradford.pk}", f"ref_{cast.leeds.pk}"}


def _evidenced(cast: Cast) -> Action:
    action = ActionFactory(cast=cast, allocated=True)
    add_evidence(actor=cast.bradford_spoc, action=action, title="Rota", url="https://example.org", at=AT)
    return action


def _paused(cast: Cast) -> Action:
    action = ActionFactory(cast=cast, in_progress=True)
    submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Stopped.", state=State.NOT_STARTED, at=AT
    )
    return action


def _request_date(cast: Cast) -> Action:
    action = ActionFactory(cast=cast, allocated=True)
    request_date_change(actor=cast.bradford_spoc, action=action, new_due=LATER, reason="Illness.", at=AT)
    return action


def _waiting(cast: Cast) -> Action:
    action = ActionFactory(cast=cast, allocated=True)
    request_dependency(
        actor=cast.manager, action=action, organisation=cast.wakefield_council, needed="Trainers.", at=AT
    )
    return action


def _with_a_milestone(cast: Cast) -> Action:
    action = ActionFactory(cast=cast, allocated=True)
    add_milestone(
        actor=cast.bradford_spoc, action=action, title="Trainers named", due=date(2020, 7, 31), at=AT
    )
    return action


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda cast: ActionFactory(cast=cast, unallocated=True, draft=True), "It is draft"),
        (lambda cast: ActionFactory(cast=cast, in_progress=True), "It is in progress"),
        (lambda cast: ActionFactory(cast=cast, awaiting_assurance=True), "It is awaiting assurance"),
        (lambda cast: close_action(cast, ActionFactory(cast=cast, allocated=True)), "It is withdrawn"),
        (_evidenced, "It has updates or evidence of its own"),
        (_paused, "It has updates or evidence of its own"),
        (_request_date, "It has a date change that waits for a decision"),
        (_waiting, "It has a partner's answer that it waits for"),
        (_with_a_milestone, "It has milestones"),
        (
            lambda cast: ActionFactory(cast=cast, by_districts=True).children.first(),
            "It is itself a district's part",
        ),
    ],
)
def test_actions_that_cannot_be_split_by_district(
    cast: Cast, make: Callable[[Cast], Action], words: str
) -> None:
    action = make(cast)
    craven = district(cast, "Craven")
    error = refusal(cast, action, [Part(craven)])
    assert error.code == "state"
    assert error.messages[0].startswith(words)
    with pytest.raises(ValidationError) as refused:
        ActionFactory(cast=cast, unallocated=True, ref="WY20-90", parent=action, area=craven)
    assert "parent" in refused.value.message_dict


def test_a_closed_parent_takes_no_more_parts(cast: Cast) -> None:
    action = ActionFactory(cast=cast, by_districts=True)
    for part in action.children.all():
        complete(cast, part)
    action.refresh_from_db()
    error = refusal(cast, action, [Part(district(cast, "Craven"))])
    assert error.messages == ["It is complete, so no part can be added to it."]


def test_a_closed_plan_takes_no_parts(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    change_plan(actor=cast.manager, plan=cast.plan, state="closed", at=AT)
    assert refusal(cast, action).messages == ["This plan is closed."]


def test_a_stale_version_is_a_conflict(cast: Cast) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    edit_action(actor=cast.manager, action=action, title="Brief every team", at=AT)
    assert refusal(cast, action, version=action.version).code == "conflict"


@pytest.mark.parametrize("who", sorted(PEOPLE.keys() - {"manager"}))
def test_nobody_but_the_manager_divides(cast: Cast, who: str) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    with pytest.raises(PermissionDenied):
        divide(cast, action, actor=cast.person(who))
    assert not Action.objects.get().by_districts
