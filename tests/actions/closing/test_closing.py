"""A manager proposes that an action be withdrawn or superseded, and a board decides: the rules, by service calls."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action, edit_action
from actions.assurance.services import assure_action
from actions.closing.services import decide_closure, propose_closure, retract_closure
from actions.core.states import RequestState, State
from actions.models import Action, ClosureProposal
from audit.models import Entry
from audit.services import verify
from partners.memberships.services import grant_membership
from partners.models import User
from tests import cast as stage
from tests.cast import AT, PEOPLE, SINCE, Cast
from tests.factories import ActionFactory, ClosureProposalFactory, close_action
from tests.meetings.factories import CITED, board_minute

APPROVED = {"approve": True, "reason": "Agreed.", "at": AT}
REFUSED = {"approve": False, "reason": "Nobody else does it.", "at": AT}


def also(cast: Cast, user: User, role: str) -> None:
    grant_membership(
        actor=cast.administrator,
        user=user,
        partnership=cast.yorkshire,
        organisation=cast.police,
        role=role,
        starts_on=SINCE,
        at=AT,
    )


def refusal(service: Any, **arguments: Any) -> ValidationError:
    entries = Entry.objects.count()
    with pytest.raises(ValidationError) as refused:
        service(**arguments)
    assert Entry.objects.count() == entries
    return refused.value


def verbs(cast: Cast) -> list[str]:
    entries = Entry.objects.filter(ledger=cast.yorkshire.ledger).order_by("sequence")
    return list(entries.values_list("verb", flat=True))


def test_a_proposal_changes_nothing_but_what_is_asked(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ClosureProposalFactory(cast=cast, action=action)
    after = Action.objects.get()
    assert (after.state, after.rag, after.board_reference) == (State.IN_PROGRESS, "green", "")
    assert after.version == action.version + 1
    assert verbs(cast)[-2:] == ["closure.proposed", "action.closure_proposed"]


def test_an_approval_closes_with_both_reasons_and_the_minute(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    successor = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    proposal = ClosureProposalFactory(cast=cast, action=action, superseded_by=successor)
    decide_closure(actor=cast.gold, proposal=proposal, minute=board_minute(cast), **APPROVED)
    action.refresh_from_db()
    proposal.refresh_from_db()
    assert (action.state, action.superseded_by, action.closed_on) == (
        State.SUPERSEDED,
        successor,
        stage.TODAY,
    )
    assert (action.board_reference, action.rag) == (CITED, "")
    assert (proposal.state, proposal.decided_by, proposal.decided_at) == ("approved", cast.gold, AT)
    assert (proposal.reason, proposal.decision_reason) == ("The region now does this.", "Agreed.")
    assert verbs(cast)[-2:] == ["closure.approved", "action.superseded"]
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_a_refusal_leaves_the_action_and_another_proposal_can_follow(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    decide_closure(actor=cast.gold, proposal=ClosureProposalFactory(cast=cast, action=action), **REFUSED)
    action.refresh_from_db()
    assert action.state == State.IN_PROGRESS
    assert ClosureProposal.objects.get().decision_reason == "Nobody else does it."
    assert verbs(cast)[-2:] == ["closure.rejected", "action.closure_rejected"]
    ClosureProposalFactory(cast=cast, action=action)
    assert ClosureProposal.objects.open().count() == 1


def test_a_withdrawn_proposal_allows_another(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    retract_closure(
        actor=cast.manager,
        proposal=ClosureProposalFactory(cast=cast, action=action),
        reason="Found the money.",
        at=AT,
    )
    assert ClosureProposal.objects.get().state == RequestState.WITHDRAWN
    assert verbs(cast)[-2:] == ["closure.withdrawn", "action.closure_retracted"]
    ClosureProposalFactory(cast=cast, action=action)


def test_one_proposal_is_open_at_a_time(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ClosureProposalFactory(cast=cast, action=action)
    error = refusal(
        propose_closure, actor=cast.manager, action=action, kind="withdraw", reason="Again.", at=AT
    )
    assert error.code == "state"
    assert error.messages == [
        "Manager proposed on 12 June 2020 to withdraw this action. That proposal must be decided first."
    ]


@pytest.mark.parametrize(
    ("approve", "reason", "cites", "fields"),
    [
        (True, "", True, {"reason"}),
        (True, "Agreed.", False, {"minute"}),
        (True, " ", False, {"reason", "minute"}),
        (False, "\n", False, {"reason"}),
        (False, "x" * 2001, False, {"decision_reason"}),
    ],
)
def test_a_decision_has_its_reason_and_an_approval_its_minute(
    cast: Cast, approve: bool, reason: str, cites: bool, fields: set[str]
) -> None:
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    minute = board_minute(cast) if cites else None
    arguments = {"approve": approve, "reason": reason, "minute": minute, "at": AT}
    error = refusal(decide_closure, actor=cast.gold, proposal=proposal, **arguments)
    assert set(error.message_dict) & fields == fields
    assert Action.objects.get().state == State.IN_PROGRESS


@pytest.mark.parametrize(
    ("kind", "reason", "field"),
    [("withdraw", " ", "reason"), ("dismiss", "No.", "kind"), ("supersede", "No.", "superseded_by")],
)
def test_a_proposal_has_its_kind_reason_and_successor(cast: Cast, kind: str, reason: str, field: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    error = refusal(propose_closure, actor=cast.manager, action=action, kind=kind, reason=reason, at=AT)
    assert set(error.message_dict) == {field}


def test_a_withdrawal_names_no_successor(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    arguments = {"kind": "withdraw", "superseded_by": other, "reason": "No.", "at": AT}
    error = refusal(propose_closure, actor=cast.manager, action=action, **arguments)
    assert set(error.message_dict) == {"superseded_by"}


def supersession(cast: Cast, action: Action, by: Action) -> str:
    """Propose it and return why it is refused."""
    arguments = {"kind": "supersede", "superseded_by": by, "reason": "Merged.", "at": AT}
    error = refusal(propose_closure, actor=cast.manager, action=action, **arguments)
    (message,) = error.message_dict["superseded_by"]
    return message


def test_a_replacement_must_be_able_to_replace(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    foreign = ActionFactory(cast=cast, allocated=True, ref="LE20-01")
    Action.objects.filter(pk=foreign.pk).update(partnership=cast.leicestershire)
    assert "in this partnership" in supersession(cast, action, foreign)
    assert "cannot supersede itself" in supersession(cast, action, action)
    close_action(cast, other, superseded_by=action)
    assert "cannot supersede itself, directly or through other actions" in supersession(cast, action, other)
    gone = ActionFactory(cast=cast, withdrawn=True, ref="WY20-03")
    assert supersession(cast, action, gone).startswith("WY20-03 is withdrawn, so it cannot")
    third = ActionFactory(cast=cast, allocated=True, ref="WY20-04")
    assert supersession(cast, third, other).startswith(
        "WY20-02 is superseded, so it cannot replace another action."
    )


def test_a_complete_action_can_be_the_replacement(cast: Cast) -> None:
    done = ActionFactory(cast=cast, awaiting_assurance=True, ref="WY20-02")
    assure_action(actor=cast.auditor, action=done, note="Seen.", at=AT)
    closed = close_action(cast, ActionFactory(cast=cast, in_progress=True), superseded_by=done)
    assert closed.superseded_by == done


def test_the_successor_is_looked_at_again_when_the_board_decides(cast: Cast) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    second = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    there = ClosureProposalFactory(cast=cast, action=first, superseded_by=second)
    back = ClosureProposalFactory(cast=cast, action=second, superseded_by=first)
    decide_closure(actor=cast.gold, proposal=there, minute=board_minute(cast), **APPROVED)
    error = refusal(decide_closure, actor=cast.gold, proposal=back, minute=board_minute(cast), **APPROVED)
    assert "cannot supersede itself" in error.message_dict["superseded_by"][0]
    third = ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    waiting = ClosureProposalFactory(cast=cast, action=third, superseded_by=second)
    decide_closure(actor=cast.gold, proposal=back, **REFUSED)
    close_action(cast, second)
    error = refusal(decide_closure, actor=cast.gold, proposal=waiting, minute=board_minute(cast), **APPROVED)
    assert "WY20-02 is withdrawn, so it cannot" in error.message_dict["superseded_by"][0]
    decide_closure(actor=cast.gold, proposal=waiting, **REFUSED)


@pytest.mark.parametrize("approve", [True, False])
def test_a_late_decision_says_who_decided_and_when(cast: Cast, approve: bool) -> None:
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    decide_closure(actor=cast.gold, proposal=proposal, **REFUSED)
    error = refusal(decide_closure, actor=cast.gold, proposal=proposal, **(APPROVED | {"approve": approve}))
    assert error.code == "conflict"
    assert "rejected by Gold on 19 June 2020 at 10:00am" in error.messages[0]
    late = refusal(retract_closure, actor=cast.manager, proposal=proposal, reason="No.", at=AT)
    assert late.code == "conflict"


def test_closing_another_way_ends_the_proposal(cast: Cast) -> None:
    action = ActionFactory(cast=cast, awaiting_assurance=True)
    proposal = ClosureProposalFactory(cast=cast, action=action)
    assure_action(actor=cast.auditor, action=action, note="Seen.", at=AT)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (RequestState.WITHDRAWN, cast.auditor)
    error = refusal(decide_closure, actor=cast.gold, proposal=proposal, minute=board_minute(cast), **APPROVED)
    assert error.code == "conflict"
    assert Action.objects.get().state == State.COMPLETE


def test_nobody_decides_on_an_action_of_their_own(cast: Cast) -> None:
    owned = ActionFactory(cast=cast, in_progress=True, owner=cast.gold, lead=cast.police)
    proposal = ClosureProposalFactory(cast=cast, action=owned)
    with pytest.raises(PermissionDenied):
        decide_closure(actor=cast.gold, proposal=proposal, minute=board_minute(cast), **APPROVED)
    allocate_action(
        actor=cast.manager,
        action=owned,
        lead=cast.police,
        owner=cast.manager,
        alternate=cast.gold,
        at=AT,
    )
    with pytest.raises(PermissionDenied):
        decide_closure(actor=cast.gold, proposal=proposal, **REFUSED)


def test_a_manager_on_the_board_does_not_decide_on_their_own_proposal(cast: Cast) -> None:
    also(cast, cast.manager, "board_member")
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    with pytest.raises(PermissionDenied):
        decide_closure(actor=cast.manager, proposal=proposal, minute=board_minute(cast), **APPROVED)
    decide_closure(actor=cast.gold, proposal=proposal, minute=board_minute(cast), **APPROVED)


def test_a_board_member_who_manages_proposes_and_another_decides(cast: Cast) -> None:
    also(cast, cast.gold, "programme_manager")
    action = ActionFactory(cast=cast, in_progress=True)
    proposal = propose_closure(actor=cast.gold, action=action, kind="withdraw", reason="Not needed.", at=AT)
    with pytest.raises(PermissionDenied):
        decide_closure(actor=cast.gold, proposal=proposal, minute=board_minute(cast), **APPROVED)


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_roles_that_may_propose_decide_and_withdraw(cast: Cast, who: str) -> None:
    person = cast.person(who)
    action = ActionFactory(cast=cast, in_progress=True)

    def may(service: Any, **arguments: Any) -> bool:
        try:
            service(actor=person, at=AT, **arguments)
        except PermissionDenied:
            return False
        return True

    assert may(propose_closure, action=action, kind="withdraw", reason="No.") == (who == "manager")
    proposal = ClosureProposal.objects.first() or ClosureProposalFactory(cast=cast, action=action)
    assert may(decide_closure, proposal=proposal, approve=False, reason="No.") == (who == "gold")
    if who == "gold":
        proposal = ClosureProposalFactory(cast=cast, action=action)
    assert may(retract_closure, proposal=proposal, reason="No.") == (who == "manager")


def test_a_stale_proposal_is_a_conflict(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    edit_action(actor=cast.manager, action=action, title="Brief every team", at=AT)
    arguments = {"kind": "withdraw", "reason": "No.", "at": AT, "version": action.version}
    assert refusal(propose_closure, actor=cast.manager, action=action, **arguments).code == "conflict"
