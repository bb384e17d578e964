"""The list rule and the object rule say the same of every action to everybody."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from actions.actions.services import create_action
from actions.core import policies
from actions.models import Action, Pillar, Plan
from partners.memberships.services import grant_membership
from partners.models import Role
from partners.policies import rights_of
from tests.cast import AT, EARLIER, PEOPLE, SINCE, TODAY, Cast

LEADS = ("bradford_district", "leeds_district", "wakefield_council", "police", None)
SUPPORTS = ((), ("wakefield_council",), ("leeds_district", "wakefield_council"), ("opcc",))
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Named recipients only."}


def varied_actions(cast: Cast) -> Iterator[Action]:
    """One action of each lead, support and marking, and one of the other partnership of each marking."""
    kinds = product(LEADS, SUPPORTS, ({}, SENSITIVE))
    for number, (lead, supporting, marking) in enumerate(kinds):
        yield create_action(
            actor=cast.manager,
            plan=cast.plan,
            pillar=cast.identify,
            ref=f"WY20-{number}",
            title="Varied",
            lead=getattr(cast, lead) if lead else None,
            supporting=[getattr(cast, name) for name in supporting if name != lead],
            at=EARLIER,
            **marking,
        )
    for number, marking in enumerate(({}, SENSITIVE)):
        yield create_action(
            actor=cast.leicestershire_manager,
            plan=cast.leicestershire_plan,
            pillar=Pillar.objects.get(plan=cast.leicestershire_plan),
            ref=f"L-{number}",
            title="Varied",
            lead=cast.city_council,
            at=EARLIER,
            **marking,
        )


def visible_by_object_rule(user: Any, actions: list[Action]) -> set[str]:
    rights = rights_of(user, TODAY)
    return {
        action.ref
        for action in actions
        if policies.may_see(rights, action, set(action.supporting.values_list("pk", flat=True)))
    }


def test_list_rule_and_object_rule_agree_for_everybody(cast: Cast) -> None:
    actions = list(varied_actions(cast))
    grant_membership(  # one who is a partner here and an auditor there
        actor=cast.administrator,
        user=cast.stranger,
        partnership=cast.leicestershire,
        organisation=cast.city_council,
        role=Role.AUDITOR,
        starts_on=SINCE,
        at=AT,
    )
    grant_membership(
        actor=cast.administrator,
        user=cast.stranger,
        partnership=cast.yorkshire,
        organisation=cast.leeds_district,
        role=Role.PARTNER_CONTACT,
        starts_on=SINCE,
        at=AT,
    )
    counts = {}
    for name in PEOPLE:
        user = cast.person(name)
        listed = list(Action.objects.visible_to(user, TODAY).values_list("ref", flat=True))
        assert len(listed) == len(set(listed)), f"{name} sees an action twice"
        assert set(listed) == visible_by_object_rule(user, actions), name
        counts[name] = len(listed)
    assert counts["manager"] == counts["gold"] == counts["auditor"] == 40
    assert counts["leicestershire_manager"] == 2
    assert counts["observer"] == counts["administrator"] == counts["former_spoc"] == 0
    assert counts["wakefield_contact"] == 8 + 16  # what the council leads, and what it supports
    assert counts["bradford_spoc"] == 20 + 4  # everything OFFICIAL, and of the rest what the district leads
    assert not Action.objects.visible_to(AnonymousUser(), TODAY).exists()


SEES = {
    # who: (OFFICIAL of Bradford, OFFICIAL-SENSITIVE of Bradford, the same that Wakefield's council supports)
    "bradford_spoc": (True, True, True),
    "leeds_spoc": (True, False, False),
    "wakefield_contact": (False, False, True),
    "manager": (True, True, True),
    "gold": (True, True, True),
    "auditor": (True, True, True),
    "observer": (False, False, False),
    "opcc_officer": (False, False, False),
    "opcc_director": (False, False, False),
    "administrator": (False, False, False),
    "stranger": (False, False, False),
    "former_spoc": (False, False, False),
    "leicestershire_manager": (False, False, False),
}


@pytest.mark.parametrize("person", PEOPLE)
def test_sensitive_actions_are_for_those_with_a_part_in_them(cast: Cast, person: str) -> None:
    kinds: list[dict[str, Any]] = [{}, SENSITIVE, SENSITIVE | {"supporting": [cast.wakefield_council]}]
    for number, fields in enumerate(kinds):
        create_action(
            actor=cast.manager,
            plan=cast.plan,
            pillar=cast.identify,
            ref=f"WY20-{number}",
            title="Varied",
            lead=cast.bradford_district,
            at=EARLIER,
            **fields,
        )
    refs = set(Action.objects.visible_to(cast.person(person), TODAY).values_list("ref", flat=True))
    assert tuple(f"WY20-{number}" in refs for number in range(3)) == SEES[person]


def test_a_plan_is_seen_whole_or_for_the_part_one_has_in_it(cast: Cast) -> None:
    def seeing() -> set[str]:
        return {name for name in PEOPLE if cast.plan in Plan.objects.visible_to(cast.person(name), TODAY)}

    whole = {"bradford_spoc", "leeds_spoc", "manager", "gold", "auditor"}
    assert seeing() == whole
    create_action(
        actor=cast.manager,
        plan=cast.plan,
        pillar=cast.identify,
        ref="WY20-1",
        title="Ours",
        supporting=[cast.wakefield_council],
        at=EARLIER,
    )
    assert seeing() == whole | {"wakefield_contact"}
