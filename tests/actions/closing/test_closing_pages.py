"""A manager proposes on the page that an action be withdrawn or superseded, and a board member decides there."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.actions.services import allocate_action, edit_action
from actions.closing.services import decide_closure
from actions.core.states import State
from actions.models import Action, ClosureProposal
from standards.marking import Marking
from tests.cast import AT, Cast
from tests.factories import ActionFactory, ClosureProposalFactory, close_action
from tests.meetings.factories import CITED, board_minute

NAMES = ["action-withdraw", "action-supersede"]
REASON = "The region now does this."
DECISION = {"approve": "approve", "reason": "Agreed as proposed."}


def decision(cast: Cast) -> dict[str, Any]:
    return DECISION | {"minute": board_minute(cast).pk}


def page(action: Action, name: str = "action-withdraw") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def answer(action: Action, **changes: Any) -> dict[str, Any]:
    return {"reason": REASON, "version": action.version, "superseded_by": "wy20-02"} | changes


def deciding(proposal: ClosureProposal, name: str = "closure-decide") -> str:
    return reverse(f"actions:{name}", args=[proposal.action_id, proposal.pk])


def page_html(client: Any, action: Action) -> str:
    content: str = client.get(page(action, "action")).content.decode()
    return content


# The manager proposes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_manager_proposes_and_the_work_goes_on(cast: Cast, signed_in: Any, name: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    client = signed_in("manager")
    assert f'href="{page(action, name)}"' in page_html(client, action)
    assert client.get(page(action, name)).status_code == 200
    assert client.post(page(action, name), answer(action)).status_code == 302
    proposal = ClosureProposal.objects.get()
    assert (proposal.reason, proposal.requested_by) == (REASON, cast.manager)
    assert proposal.superseded_by == (other if name == "action-supersede" else None)
    action.refresh_from_db()
    assert action.state == State.IN_PROGRESS
    text = page_html(client, action)
    assert "Waiting for the board" in text
    assert REASON in text
    assert f'href="{page(action, name)}"' not in text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": ""}, "reason"), ({"reason": "x" * 2001}, "reason"), ({"version": ""}, "version")],
)
def test_a_proposal_has_its_reason(
    cast: Cast, signed_in: Any, name: str, changes: dict[str, str], field: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    response = signed_in("manager").post(page(action, name), answer(action, **changes))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert not ClosureProposal.objects.exists()


@pytest.mark.parametrize("ref", ["", "WY20-99", "WY20-01", "LE20-01", "x" * 25, "a\x00b"])
def test_a_replacement_is_another_action_of_the_partnership(cast: Cast, signed_in: Any, ref: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    foreign = ActionFactory(cast=cast, allocated=True, ref="LE20-01")
    Action.objects.filter(pk=foreign.pk).update(partnership=cast.leicestershire)
    response = signed_in("manager").post(page(action, "action-supersede"), answer(action, superseded_by=ref))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"superseded_by"}


def test_two_actions_do_not_supersede_each_other(cast: Cast, signed_in: Any) -> None:
    first = ActionFactory(cast=cast, in_progress=True)
    second = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    close_action(cast, first, superseded_by=second)
    back = answer(second, superseded_by="WY20-01")
    response = signed_in("manager").post(page(second, "action-supersede"), back)
    assert response.status_code == 422
    assert "cannot supersede itself" in response.context["form"].errors["superseded_by"][0]


@pytest.mark.parametrize("name", NAMES)
def test_a_stale_proposal_shows_what_changed(cast: Cast, signed_in: Any, name: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    client = signed_in("manager")
    response = client.post(page(action, name), answer(action, version=action.version - 1))
    assert response.status_code == 409
    assert "Two of five teams are briefed." in response.content.decode()
    assert REASON in response.content.decode()
    fresh = response.context["form"]["version"].value()
    assert client.post(page(action, name), answer(action, version=fresh)).status_code == 302


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200),
        ("gold", 403),
        ("bradford_spoc", 403),
        ("leeds_spoc", 403),
        ("auditor", 403),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("leicestershire_manager", 404),
        ("administrator", 404),
        ("stranger", 404),
    ],
)
def test_roles_that_may_propose(cast: Cast, signed_in: Any, name: str, who: str, status: int) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    client = signed_in(who)
    assert client.get(page(action, name)).status_code == status
    expected = 302 if status == 200 else status
    assert client.post(page(action, name), answer(action)).status_code == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_closed_action_stays_closed(cast: Cast, signed_in: Any, name: str) -> None:
    action = close_action(cast, ActionFactory(cast=cast, awaiting_assurance=True))
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    client = signed_in("manager")
    response = client.get(page(action, name))
    assert response.status_code == 409
    assert "This action is withdrawn" in response.content.decode()
    assert client.post(page(action, name), answer(action)).status_code == 409
    assert f'href="{page(action, name)}"' not in page_html(client, action)


@pytest.mark.parametrize("name", NAMES)
def test_an_open_proposal_prevents_another(cast: Cast, signed_in: Any, name: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    ClosureProposalFactory(cast=cast, action=action)
    action.refresh_from_db()
    client = signed_in("manager")
    assert client.get(page(action, name)).status_code == 409
    response = client.post(page(action, name), answer(action))
    assert response.status_code == 409
    assert "Manager proposed on 12 June 2020 to withdraw this action" in response.content.decode()


# The board decides ---------------------------------------------------------------------------------------------


def test_a_board_member_reads_the_proposal_and_approves(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    successor = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    proposal = ClosureProposalFactory(cast=cast, action=action, superseded_by=successor)
    client = signed_in("gold")
    assert page_html(client, action).count(f'href="{deciding(proposal)}"') == 2  # a button and a link
    text = client.get(deciding(proposal)).content.decode()
    assert REASON in text
    assert f'href="{page(successor, "action")}"' in text
    assert client.post(deciding(proposal), decision(cast)).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.superseded_by) == (State.SUPERSEDED, successor)
    assert action.board_reference == CITED
    after = page_html(client, action)
    assert "Superseded by" in after
    assert DECISION["reason"] in after
    assert deciding(proposal) not in after
    after = page_html(client, successor)
    assert ">Supersedes<" in after
    assert f'href="{page(action, "action")}"' in after


def test_a_rejection_is_shown_on_the_action(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    proposal = ClosureProposalFactory(cast=cast, action=action)
    refused = {"approve": "reject", "reason": "Nobody else does it.", "minute": ""}
    assert signed_in("gold").post(deciding(proposal), refused).status_code == 302
    text = page_html(signed_in("manager"), action)
    assert "Rejected" in text
    assert "Nobody else does it." in text
    assert f'href="{page(action)}"' in text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"approve": ""}, "approve"),
        ({"approve": "perhaps"}, "approve"),
        ({"minute": ""}, "minute"),
        ({"minute": "0"}, "minute"),
        ({"minute": "Gold 12 May 2020"}, "minute"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
    ],
)
def test_a_decision_has_its_minute_and_its_reason(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    response = signed_in("gold").post(deciding(proposal), decision(cast) | changes)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {field}
    assert ClosureProposal.objects.get().is_open


@pytest.mark.parametrize("name", ["closure-decide", "closure-retract"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("gold", 403),
        ("manager", 403),
        ("bradford_spoc", 403),
        ("leeds_spoc", 403),
        ("auditor", 403),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("leicestershire_manager", 404),
        ("administrator", 404),
        ("stranger", 404),
    ],
)
def test_roles_that_may_decide_and_withdraw(
    cast: Cast, signed_in: Any, name: str, who: str, status: int
) -> None:
    may = {"closure-decide": "gold", "closure-retract": "manager"}[name]
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    client = signed_in(who)
    address = deciding(proposal, name)
    assert client.get(address).status_code == (200 if who == may else status)
    assert client.post(address, decision(cast)).status_code == (302 if who == may else status)


def test_no_one_decides_on_an_action_of_their_own(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True, owner=cast.gold, lead=cast.police)
    proposal = ClosureProposalFactory(cast=cast, action=action)
    client = signed_in("gold")
    assert client.get(deciding(proposal)).status_code == 403
    assert client.post(deciding(proposal), decision(cast)).status_code == 403
    assert deciding(proposal) not in page_html(client, action)


def test_a_manager_takes_a_proposal_back(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    proposal = ClosureProposalFactory(cast=cast, action=action)
    client, address = signed_in("manager"), deciding(proposal, "closure-retract")
    assert f'href="{address}"' in page_html(client, action)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Found the money."}).status_code == 302
    assert "Withdrawn" in page_html(client, action)


@pytest.mark.parametrize(("who", "name"), [("gold", "closure-decide"), ("manager", "closure-retract")])
def test_a_decided_proposal_says_who_decided_and_when(
    cast: Cast, signed_in: Any, who: str, name: str
) -> None:
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    decide_closure(actor=cast.gold, proposal=proposal, approve=False, reason="No.", at=AT)
    client = signed_in(who)
    for response in (
        client.get(deciding(proposal, name)),
        client.post(deciding(proposal, name), DECISION),
    ):
        assert response.status_code == 409
        assert "rejected by Gold on 19 June 2020 at 10:00am" in response.content.decode()


def test_a_proposal_of_another_action_is_not_found(cast: Cast, signed_in: Any) -> None:
    proposal = ClosureProposalFactory(cast=cast, action=ActionFactory(cast=cast, in_progress=True))
    other = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    for who, name in (("gold", "closure-decide"), ("manager", "closure-retract")):
        address = reverse(f"actions:{name}", args=[other.pk, proposal.pk])
        assert signed_in(who).get(address).status_code == 404


def test_a_successor_out_of_sight_is_not_named(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    successor = ActionFactory(
        cast=cast, allocated=True, ref="WY20-02", title="Surveillance of a place of worship"
    )
    close_action(cast, action, superseded_by=successor)
    assert "Surveillance" in page_html(signed_in("leeds_spoc"), action)
    edit_action(
        actor=cast.manager,
        action=successor,
        marking=Marking.OFFICIAL_SENSITIVE,
        handling_instruction="Named readers only.",
        at=AT,
    )
    for who in ("wakefield_contact", "leeds_spoc"):
        text = page_html(signed_in(who), action)
        assert "Surveillance" not in text
        assert "WY20-02" not in text
        assert "an action you do not have access to" in text


def test_the_page_costs_the_same_for_one_proposal_and_many(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    client = signed_in("manager")

    def refuse_one() -> None:
        proposal = ClosureProposalFactory(cast=cast, action=action, superseded_by=other)
        decide_closure(actor=cast.gold, proposal=proposal, approve=False, reason="No.", at=AT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page_html(client, action)
        return len(captured)

    refuse_one()
    few = queries()
    for _ in range(4):
        refuse_one()
    assert queries() == few


def test_a_manager_who_came_to_own_the_action_may_still_propose(cast: Cast, signed_in: Any) -> None:
    """Proposing is not deciding."""
    action = ActionFactory(cast=cast, allocated=True, owner=cast.manager, lead=cast.police)
    allocate_action(actor=cast.manager, action=action, lead=cast.police, owner=cast.manager, at=AT)
    action.refresh_from_db()
    assert signed_in("manager").post(page(action), answer(action)).status_code == 302
