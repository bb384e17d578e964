"""Marking and disclosure: who may decide what, with which words, and what an edit may not take out of sight."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from actions.actions.services import allocate_action, create_action, edit_action
from actions.core.states import State
from actions.disclosure.services import decide_publication, publication_decision_of
from actions.history.services import timeline_of
from actions.models import Action
from audit.models import Entry
from audit.services import verify
from tests.actions.actions.test_action_form import filled
from tests.actions.core.opening import listed_actions
from tests.actions.core.test_life import IN_STATE
from tests.cast import AT, EARLIER, PEOPLE, Cast
from tests.factories import ActionFactory

LIST = reverse("actions:action-list")
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver group only."}
WITHHELD = {"publication": "withhold", "exemption": "s31", "reason": "It would help offenders."}


def page(action: Action, name: str = "action-publication") -> str:
    return reverse(f"actions:{name}", args=[action.pk])


def decide(cast: Cast, action: Action, **changes: Any) -> Action:
    return decide_publication(**{"actor": cast.manager, "action": action, "at": AT} | WITHHELD | changes)


# Deciding -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
def test_publication_is_decided_in_any_state(cast: Cast, state: str) -> None:
    action = decide(cast, IN_STATE[state](cast))
    stored = Action.objects.get(pk=action.pk)
    assert (stored.publication, stored.exemption, stored.state) == ("withhold", "s31", state)
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_publication_is_decided_for_what_districts_deliver(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    Action.objects.filter(pk=action.pk).update(by_districts=True)
    action.refresh_from_db()
    client = signed_in("manager")
    assert client.get(page(action)).status_code == 200
    answer = {"version": action.version, "publication": "publish", "reason": "Nothing in it harms."}
    assert client.post(page(action), answer).status_code == 302
    action.refresh_from_db()
    assert action.publication == "publish"


@pytest.mark.parametrize("person", PEOPLE)
def test_publication_is_the_managers_to_decide(cast: Cast, signed_in: Any, person: str) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    client = signed_in(person)
    may_see = person in ("bradford_spoc", "leeds_spoc", "gold", "auditor")
    status = 302 if person == "manager" else 403 if may_see else 404
    assert client.get(page(action)).status_code == (200 if status == 302 else status)
    assert client.post(page(action), {"version": action.version} | WITHHELD).status_code == status
    if person != "manager":
        with pytest.raises(PermissionDenied):
            decide(cast, action, actor=cast.person(person))
        assert Action.objects.get().publication == "undecided"
    if may_see:
        words = client.get(page(action, "action")).content.decode()
        assert "Publication decision" in words
        assert page(action) not in words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"exemption": ""}, "exemption"),
        ({"exemption": "s99"}, "exemption"),
        ({"publication": "publish"}, "exemption"),
        ({"publication": "undecided", "exemption": ""}, "publication"),
        ({"publication": "burn", "exemption": ""}, "publication"),
        ({"reason": " "}, "reason"),
    ],
)
def test_an_unknown_decision_is_an_error_of_its_field(
    cast: Cast, signed_in: Any, changes: dict[str, str], field: str
) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(ValidationError) as refused:
        decide(cast, action, **changes)
    assert list(refused.value.message_dict) == [field]
    answer = {"version": action.version} | WITHHELD | changes
    response = signed_in("manager").post(page(action), answer)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Action.objects.get().version == action.version


def test_a_decision_can_be_reversed_and_the_latest_is_shown(cast: Cast, signed_in: Any) -> None:
    action = decide(cast, ActionFactory(cast=cast, in_progress=True))
    decide(cast, action, publication="undecided", exemption="", reason="The board asked again.")
    entry = publication_decision_of(action=action)
    assert entry is not None
    assert (entry.actor_label, entry.note) == ("Manager", "The board asked again.")
    decide(cast, action, exemption="s24")
    words = signed_in("leeds_spoc").get(page(action, "action")).content.decode()
    for part in ("s.24 National security", "By Manager, 19 June 2020", "It would help offenders."):
        assert part in words
    newest, *_ = timeline_of(action=action)
    assert (newest.title, newest.text) == ("Publication decided", "It would help offenders.")
    assert "Exemption set to s.24 National security" in newest.lines
    assert Entry.objects.filter(verb="publication.decided").count() == 3


def test_a_decision_made_meanwhile_is_a_conflict(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    version = action.version
    decide(cast, action)
    answer = {"version": version, "publication": "publish", "reason": "Nothing in it harms."}
    response = signed_in("manager").post(page(action), answer)
    assert response.status_code == 409
    assert "It would help offenders." in response.content.decode()
    assert Action.objects.get().publication == "withhold"


def test_the_list_finds_each_decision(cast: Cast, signed_in: Any) -> None:
    decide(cast, ActionFactory(cast=cast, in_progress=True, ref="WY20-01"))
    decide(
        cast, ActionFactory(cast=cast, in_progress=True, ref="WY20-02"), publication="publish", exemption=""
    )
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    client = signed_in("manager")
    for value, ref in (("withhold", "WY20-01"), ("publish", "WY20-02"), ("undecided", "WY20-03")):
        assert [action.ref for action in listed_actions(client, {"publication": value})] == [ref]
    assert client.get(LIST, {"publication": "burn"}).status_code == 422


def test_a_decision_is_not_an_edit(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    for name, value in (("publication", "publish"), ("exemption", "s24")):
        with pytest.raises(TypeError):
            edit_action(actor=cast.manager, action=action, at=AT, **{name: value})
        with pytest.raises(TypeError):
            create_action(
                actor=cast.manager,
                plan=cast.plan,
                ref="WY20-9",
                title="x",
                pillar=cast.identify,
                at=AT,
                **{name: value},
            )
    answer = filled(action, publication="publish", exemption="s24")
    assert signed_in("manager").post(page(action, "action-edit"), answer).status_code == 302
    assert Action.objects.get().publication == "undecided"


# Marking ------------------------------------------------------------------------------------------------------


def test_an_action_is_official_by_default(cast: Cast) -> None:
    assert ActionFactory(cast=cast, unallocated=True).marking == "OFFICIAL"


def test_sensitive_demands_a_handling_instruction(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    with pytest.raises(ValidationError, match="needs a handling instruction"):
        edit_action(actor=cast.manager, action=action, marking="OFFICIAL-SENSITIVE", at=AT)
    answer = filled(action, marking="OFFICIAL-SENSITIVE")
    response = signed_in("manager").post(page(action, "action-edit"), answer)
    assert list(response.context["form"].errors) == ["handling_instruction"]
    assert Action.objects.get().marking == "OFFICIAL"


def owned_by_leeds(cast: Cast, **people: Any) -> Action:
    """Bradford's action that Leeds's SPOC owns: seen while it is OFFICIAL, and no longer."""
    fields = {"owner": cast.leeds_spoc, "lead": cast.bradford_district, "due": date(2020, 9, 30)} | people
    return allocate_action(
        actor=cast.manager, action=ActionFactory(cast=cast, unallocated=True), at=EARLIER, **fields
    )


def test_an_edit_does_not_take_an_action_out_of_its_owners_sight(cast: Cast, signed_in: Any) -> None:
    action = owned_by_leeds(cast)
    with pytest.raises(ValidationError) as refused:
        edit_action(actor=cast.manager, action=action, at=AT, **SENSITIVE)
    assert refused.value.message_dict == {
        "marking": ["Leeds spoc would lose access to this action. Change its owner or alternate first."]
    }
    response = signed_in("manager").post(page(action, "action-edit"), filled(action, **SENSITIVE))
    assert response.status_code == 422
    assert "Leeds spoc would lose access" in response.context["form"].errors["marking"][0]
    assert Action.objects.get().marking == "OFFICIAL"


def test_nor_out_of_the_alternates(cast: Cast) -> None:
    action = owned_by_leeds(cast, owner=cast.bradford_spoc, alternate=cast.leeds_spoc)
    with pytest.raises(ValidationError, match="Leeds spoc would lose access"):
        edit_action(actor=cast.manager, action=action, at=AT, **SENSITIVE)
    edit_action(actor=cast.manager, action=action, at=AT, supporting=[cast.leeds_district], **SENSITIVE)
    assert Action.objects.get().marking == "OFFICIAL-SENSITIVE"


def test_the_field_named_is_the_one_that_would_do_it(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True, **SENSITIVE)
    with pytest.raises(ValidationError) as refused:
        edit_action(actor=cast.manager, action=action, lead=cast.leeds_district, at=AT)
    assert list(refused.value.message_dict) == ["lead"]
    supported = ActionFactory(
        cast=cast,
        allocated=True,
        ref="WY20-02",
        owner=cast.leeds_spoc,
        supporting=[cast.leeds_district],
        **SENSITIVE,
    )
    with pytest.raises(ValidationError) as refused:
        edit_action(actor=cast.manager, action=supported, supporting=[], at=AT)
    assert list(refused.value.message_dict) == ["supporting"]


def test_an_owner_who_left_does_not_keep_an_action_from_being_marked(cast: Cast) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    Action.objects.filter(pk=action.pk).update(owner=cast.former_spoc)
    edit_action(actor=cast.manager, action=action, at=AT, **SENSITIVE)
    assert Action.objects.get().marking == "OFFICIAL-SENSITIVE"
