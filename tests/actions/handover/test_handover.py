"""Handing over: everything open goes to the successor at once, or nothing does."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action, create_action
from actions.assurance.services import assure_action
from actions.closing.services import decide_closure
from actions.dates.services import decide_date_change
from actions.handover.services import outgoing_owners, workload_of
from actions.history.services import timeline_of
from actions.models import Action, Pillar
from actions.plans.services import save_pillar
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from partners.accounts.services.users import create_user
from partners.models import Role, User
from tests.actions.dates.dates import ask
from tests.actions.handover.handover import give, leaves, over
from tests.cast import AT, EARLIER, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory, ClosureProposalFactory
from tests.meetings.factories import board_minute

SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named officers only."}


def held_by(user: User) -> dict[str, set[str]]:
    rows = Action.objects.order_by("ref")
    return {
        "owner": {action.ref for action in rows.filter(owner=user)},
        "alternate": {action.ref for action in rows.filter(alternate=user)},
    }


def handed_over(cast: Cast) -> list[tuple[str, str]]:
    entries = Entry.objects.filter(ledger=cast.yorkshire.ledger_id, verb__endswith=".handed_over")
    return list(entries.order_by("sequence").values_list("verb", "target_label"))


# What moves --------------------------------------------------------------------------------------------------


def test_all_that_is_open_moves_and_each_is_recorded(cast: Cast) -> None:
    draft = ActionFactory(cast=cast, unallocated=True, ref="WY20-01", draft=True)
    Action.objects.filter(pk=draft.pk).update(owner=cast.bradford_spoc)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-04")
    done = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-05")
    assure_action(actor=cast.auditor, action=done, note="Seen.", at=AT)
    others = ActionFactory(cast=cast, allocated=True, ref="WY20-06", owner=cast.gold, lead=cast.police)
    Action.objects.filter(pk=others.pk).update(alternate=cast.bradford_spoc)
    ActionFactory(cast=cast, allocated=True, ref="WY20-07", owner=cast.gold, lead=cast.police)
    moved = over(cast)
    assert [action.ref for action in moved] == ["WY20-01", "WY20-02", "WY20-03", "WY20-04", "WY20-06"]
    assert held_by(cast.leeds_spoc) == {
        "owner": {"WY20-01", "WY20-02", "WY20-03", "WY20-04"},
        "alternate": {"WY20-06"},
    }
    assert held_by(cast.bradford_spoc) == {"owner": {"WY20-05"}, "alternate": set()}
    assert handed_over(cast) == [("action.handed_over", str(action)) for action in moved]
    entry = Entry.objects.get(verb="action.handed_over", target_id=str(draft.pk))
    assert entry.note == "Moves to Leeds."
    assert entry.changes == {
        "owner": [cast.bradford_spoc.pk, cast.leeds_spoc.pk],
        "version": [draft.version, draft.version + 1],
    }


def test_states_dates_and_ratings_stay(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    (moved,) = over(cast)
    for name in ("state", "rag", "percent", "due", "original_due", "lead_id", "last_reported_on"):
        assert getattr(moved, name) == getattr(action, name)
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_leaver_or_a_present_owner_can_hand_over(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    leaves(cast)
    assert [action.ref for action in over(cast)] == ["WY20-01"]
    assert [action.ref for action in over(cast, outgoing=cast.leeds_spoc, successor=cast.gold)] == ["WY20-01"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("bradford_spoc", "leeds_spoc"), ("leeds_spoc", None)),
        (("leeds_spoc", "bradford_spoc"), ("leeds_spoc", None)),
        (("bradford_spoc", "gold"), ("leeds_spoc", "gold")),
        (("gold", "bradford_spoc"), ("gold", "leeds_spoc")),
    ],
)
def test_the_places_of_owner_and_alternate(
    cast: Cast, before: tuple[str, str], after: tuple[str, str | None]
) -> None:
    owner, alternate = (cast.person(name) for name in before)
    action = ActionFactory(cast=cast, unallocated=True)
    allocate_action(
        actor=cast.manager,
        action=action,
        lead=cast.bradford_district,
        owner=owner,
        alternate=alternate,
        due=date(2020, 9, 30),
        at=EARLIER,
    )
    (moved,) = over(cast)
    assert (moved.owner, moved.alternate) == tuple(cast.person(name) if name else None for name in after)


def test_an_action_that_districts_deliver_moves_as_a_whole(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    Action.objects.filter(pk=action.pk).update(by_districts=True)
    (moved,) = over(cast)
    assert moved.owner == cast.leeds_spoc


def test_work_of_another_partnership_stays(cast: Cast) -> None:
    give(cast, cast.bradford_spoc, cast.city_council, Role.PARTNER_CONTACT)
    pillar = save_pillar(
        actor=cast.leicestershire_manager, pillar=Pillar(plan=cast.leicestershire_plan, name="Aware"), at=AT
    )
    there = create_action(
        actor=cast.leicestershire_manager,
        plan=cast.leicestershire_plan,
        ref="LEI-1",
        title="Brief the wards",
        pillar=pillar,
        lead=cast.city_council,
        at=AT,
    )
    Action.objects.filter(pk=there.pk).update(owner=cast.bradford_spoc)
    here = ActionFactory(cast=cast, in_progress=True)
    assert [action.pk for action in over(cast)] == [here.pk]
    there.refresh_from_db()
    assert there.owner == cast.bradford_spoc


# Requests ----------------------------------------------------------------------------------------------------


def test_an_open_request_is_handed_over_and_its_new_requester_cannot_decide_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    request = ask(actor=cast.bradford_spoc, action=action)
    over(cast, successor=cast.manager)
    request.refresh_from_db()
    assert (request.requested_by, request.taken_over_by) == (cast.bradford_spoc, cast.manager)
    assert request.answerable == cast.manager
    with pytest.raises(PermissionDenied):
        decide_date_change(actor=cast.manager, date_change=request, approve=True, reason="Yes.", at=AT)
    assert handed_over(cast) == [
        ("request.handed_over", str(request)),
        ("action.handed_over", str(action)),
    ]
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_request_about_another_owners_action_is_handed_over_without_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    proposal = ClosureProposalFactory(cast=cast, action=action)
    action.refresh_from_db()
    assert over(cast, outgoing=cast.manager, successor=cast.gold, actor=cast.manager) == []
    proposal.refresh_from_db()
    assert proposal.taken_over_by == cast.gold
    with pytest.raises(PermissionDenied):
        decide_closure(
            actor=cast.gold, proposal=proposal, approve=True, reason="Yes.", minute=board_minute(cast), at=AT
        )
    version = action.version
    action.refresh_from_db()
    assert (action.owner, action.version) == (cast.bradford_spoc, version)
    assert handed_over(cast) == [("request.handed_over", str(proposal))]


def test_a_requester_withdraws_their_own_request(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    request = ask(actor=cast.bradford_spoc, action=action)
    over(cast)
    workload = workload_of(
        actor=cast.manager, partnership=cast.yorkshire, outgoing=cast.bradford_spoc, on=TODAY
    )
    assert not workload  # what was taken over is no longer theirs
    over(cast, outgoing=cast.leeds_spoc, successor=cast.bradford_spoc)
    request.refresh_from_db()
    assert (request.taken_over_by, request.answerable) == (None, cast.bradford_spoc)


def test_a_decided_request_stays_as_it_was(cast: Cast) -> None:
    request = ask(actor=cast.bradford_spoc, action=ActionFactory(cast=cast, in_progress=True))
    decide_date_change(actor=cast.manager, date_change=request, approve=False, reason="No.", at=AT)
    over(cast)
    request.refresh_from_db()
    assert request.taken_over_by is None


def test_the_timeline_says_who_took_over_and_why(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ask(actor=cast.bradford_spoc, action=action)
    ClosureProposalFactory(cast=cast, action=action)
    over(cast)
    newest, *earlier = timeline_of(action=action)
    assert (newest.title, newest.byline, newest.text) == ("Handed over", "Manager", "Moves to Leeds.")
    assert "Owner changed from Bradford spoc to Leeds spoc" in newest.lines
    assert "Open request handed over to Leeds spoc" in newest.lines
    assert "Open request handed over" not in [event.title for event in earlier]


def test_a_request_handed_over_alone_is_notified(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ClosureProposalFactory(cast=cast, action=action)
    over(cast, outgoing=cast.manager, successor=cast.gold)
    newest = timeline_of(action=action)[0]
    assert newest.title == "Open request handed over"
    assert newest.lines == ["Open request handed over to Gold"]


# What is refused ---------------------------------------------------------------------------------------------


def refused(cast: Cast, **arguments: Any) -> dict[str, list[str]]:
    before = (held_by(cast.bradford_spoc), Entry.objects.count())
    with pytest.raises(ValidationError) as error:
        over(cast, **arguments)
    assert (held_by(cast.bradford_spoc), Entry.objects.count()) == before
    messages: dict[str, list[str]] = error.value.message_dict
    return messages


@pytest.mark.parametrize("person", PEOPLE)
def test_only_the_plans_manager_hands_over(cast: Cast, person: str) -> None:
    ActionFactory(cast=cast, in_progress=True)
    if person == "manager":
        assert len(over(cast)) == 1
        return
    with pytest.raises(PermissionDenied):
        over(cast, actor=cast.person(person))
    assert held_by(cast.leeds_spoc) == {"owner": set(), "alternate": set()}


@pytest.mark.parametrize("person", PEOPLE)
def test_people_who_can_take_over(cast: Cast, person: str) -> None:
    """Those with a role here that can own, of whom a partner's contact does not see what the partner has no part in."""
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    if person in ("leeds_spoc", "manager", "gold"):
        assert len(over(cast, successor=cast.person(person))) == 2
        return
    (message,) = refused(cast, successor=cast.person(person))["successor"]
    if person == "bradford_spoc":
        assert message == "Choose someone other than the person who hands over."
    elif person == "wakefield_contact":
        assert message.startswith("Wakefield contact does not have access to WY20-01, WY20-02.")
    else:
        assert "has no role in this partnership that can own actions" in message
        assert "WY20-01, WY20-02" in message


def test_one_that_cannot_be_seen_holds_back_all(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", **SENSITIVE)
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03", supporting=[cast.leeds_district], **SENSITIVE)
    (message,) = refused(cast)["successor"]
    assert message.startswith("Leeds spoc does not have access to WY20-02")


def test_a_request_that_cannot_be_seen_holds_back_all(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, **SENSITIVE)
    ask(actor=cast.manager, action=action)
    (message,) = refused(cast, outgoing=cast.manager)["successor"]
    assert message.startswith("Leeds spoc does not have access to WY20-01")


def test_a_partners_system_takes_nothing_over(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    system = create_user(
        actor=SYSTEM, email="system@example.org", name="Case system", kind=User.Kind.CLIENT, at=EARLIER
    )
    give(cast, system, cast.wakefield_council, Role.PARTNER_CONTACT)
    assert "can own actions" in refused(cast, successor=system)["successor"][0]


def test_an_empty_workload_is_stated(cast: Cast) -> None:
    assert refused(cast)["outgoing"] == ["Bradford spoc has no open actions or requests here."]


def test_actions_outside_the_preview_do_not_move(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    digest = workload_of(
        actor=cast.manager, partnership=cast.yorkshire, outgoing=cast.bradford_spoc, on=TODAY
    ).digest
    ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    with pytest.raises(ValidationError) as error:
        over(cast, digest=digest)
    assert error.value.code == "conflict"
    assert held_by(cast.leeds_spoc)["owner"] == set()


def test_outgoing_owners_are_those_who_answer_for_something(cast: Cast) -> None:
    assert not outgoing_owners(actor=cast.manager, partnership=cast.yorkshire, on=TODAY).exists()
    action = ActionFactory(cast=cast, in_progress=True)
    ClosureProposalFactory(cast=cast, action=action)
    others = ActionFactory(
        cast=cast, allocated=True, ref="WY20-02", owner=cast.leeds_spoc, lead=cast.leeds_district
    )
    Action.objects.filter(pk=others.pk).update(alternate=cast.former_spoc)
    done = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-03", owner=cast.gold, lead=cast.police)
    assure_action(actor=cast.auditor, action=done, note="Seen.", at=AT)
    owners = set(outgoing_owners(actor=cast.manager, partnership=cast.yorkshire, on=TODAY))
    assert owners == {cast.bradford_spoc, cast.manager, cast.leeds_spoc, cast.former_spoc}
    assert not outgoing_owners(
        actor=cast.leicestershire_manager, partnership=cast.yorkshire, on=TODAY
    ).exists()
