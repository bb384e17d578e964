"""What is left without an owner is found, said, and not assured."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from actions.assurance.services import assure_action, return_action, submit_action
from actions.core.states import State
from actions.handover.services import owner_departure
from actions.models import Action
from audit.actors import SYSTEM
from partners.accounts.services.users import change_user
from partners.memberships.services import end_membership
from partners.models import Role
from partners.policies import CAN_OWN
from tests.actions.handover.handover import YESTERDAY, give, leaves, over
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory


def _goes(cast: Cast, how: str) -> None:
    person, membership = cast.bradford_spoc, cast.bradford_spoc.memberships.get()
    ends = {"yesterday": YESTERDAY, "today": TODAY, "tomorrow": TODAY + timedelta(days=1)}
    if how in ends:
        end_membership(actor=cast.manager, membership=membership, ends_on=ends[how], at=AT)
    if how == "account":
        change_user(actor=SYSTEM, user=person, is_active=False, at=AT)
    if how in Role.values:
        leaves(cast)
        give(cast, person, cast.police, how, alternate=how == Role.SPOC, starts_on=TODAY)
    if how == "elsewhere":
        leaves(cast)
        give(cast, person, cast.city_council, Role.PARTNER_CONTACT)
    if how == "later":
        leaves(cast)
        give(cast, person, cast.police, Role.BOARD_MEMBER, starts_on=TODAY + timedelta(days=1))
    if how == "never":
        Action.objects.filter(state=State.IN_PROGRESS).update(owner=cast.stranger)


LEFT = "Bradford spoc left on 18 June 2020"
WAYS = {
    "stays": "",
    "today": "",
    "tomorrow": "",
    "yesterday": LEFT,
    "elsewhere": LEFT,
    "later": LEFT,
    "account": "The account of Bradford spoc is closed",
    "never": "Stranger has no role here that can own an action",
    **{role: "" if role in CAN_OWN else LEFT for role in Role.values},
}


@pytest.mark.parametrize("how", WAYS)
def test_an_owner_who_left(cast: Cast, how: str) -> None:
    """The list rule and the object rule agree, and the words say how."""
    action = ActionFactory(cast=cast, in_progress=True)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    _goes(cast, how)
    action = Action.objects.select_related("owner").get(pk=action.pk)
    assert owner_departure(action=action, on=TODAY) == WAYS[how]
    assert set(Action.objects.orphaned(TODAY)) == ({action} if WAYS[how] else set())
    tallies = list(Action.objects.tally("plan", on=TODAY))
    assert sum(tally["orphaned"] for tally in tallies) == (1 if WAYS[how] else 0)


@pytest.mark.parametrize("how", ["complete", "withdrawn", "unowned"])
def test_closed_and_unallocated_actions_need_no_new_owner(cast: Cast, how: str) -> None:
    action = (
        ActionFactory(cast=cast, unallocated=True)
        if how == "unowned"
        else ActionFactory(cast=cast, awaiting_assurance=True)
    )
    if how == "complete":
        assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    if how == "withdrawn":
        Action.objects.filter(pk=action.pk).update(
            state=State.WITHDRAWN, closed_on=TODAY, rag="", board_reference="CSB 1/20"
        )
    leaves(cast)
    action = Action.objects.select_related("owner").get(pk=action.pk)
    assert owner_departure(action=action, on=TODAY) == ""
    assert not Action.objects.orphaned(TODAY).exists()


def test_an_action_is_not_assured_while_its_owner_has_left(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    leaves(cast)
    with pytest.raises(ValidationError) as error:
        assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    assert error.value.code == "state"
    assert error.value.messages == [f"{LEFT}. Allocate the action to a new owner before you assure it."]
    over(cast)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    action.refresh_from_db()
    assert action.state == State.COMPLETE


def test_it_is_returned_and_submitted_all_the_same(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    leaves(cast)
    return_action(actor=cast.auditor, action=action, note="Which teams?", at=AT)
    give(cast, cast.stranger, cast.bradford_district, Role.SPOC, starts_on=TODAY)
    again = submit_action(actor=cast.stranger, action=action, note="All five.", at=AT)
    assert again.state == State.AWAITING_ASSURANCE
