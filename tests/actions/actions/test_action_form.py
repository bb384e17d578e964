"""The manager's form: adding an action and changing what it says."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from actions.actions.services import allocate_action, edit_action
from actions.core.states import State
from actions.models import Action
from tests.cast import AT, Cast
from tests.factories import ActionFactory

LIST = reverse("actions:action-list")
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver group only"}


def page(client: Client, action: Action, status: int = 200) -> str:
    response = client.get(reverse("actions:action", args=[action.pk]))
    assert response.status_code == status
    return response.content.decode()


def filled(action: Action, **changed: Any) -> dict[str, Any]:
    return {
        "version": action.version,
        "title": action.title,
        "pillar": action.pillar_id,
        "area": action.area_id,
        "priority": action.priority,
        "marking": action.marking,
        "lead": action.lead_id or "",
    } | changed


def new_action(cast: Cast, **changed: Any) -> dict[str, Any]:
    blank = Action(title="Brief the schools", pillar=cast.identify, area=cast.leeds, lead=cast.leeds_district)
    return filled(blank, ref="WY20-50") | changed


def test_the_manager_adds_an_action(cast: Cast, signed_in: Any) -> None:
    address = reverse("actions:action-create", args=[cast.plan.pk])
    data = new_action(cast, supporting=[cast.wakefield_council.pk], draft="on")
    response = signed_in("manager").post(address, data)
    action = Action.objects.get(ref="WY20-50")
    assert response.headers["Location"] == reverse("actions:action", args=[action.pk])
    assert (action.state, action.area, list(action.supporting.all())) == (
        State.DRAFT,
        cast.leeds,
        [cast.wakefield_council],
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ref": "wy20-01"}, "ref"),
        ({"ref": "WY20*1"}, "ref"),
        ({"ref": "W" * 25}, "ref"),
        ({"ref": ""}, "ref"),
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "x" * 4001}, "description"),
        ({"pillar": "99999"}, "pillar"),
        ({"area": "x"}, "area"),
        ({"priority": "urgent"}, "priority"),
        ({"marking": "SECRET"}, "marking"),
        ({"marking": "OFFICIAL-SENSITIVE"}, "handling_instruction"),
    ],
)
def test_each_error_of_an_action_is_at_its_field(
    wrong: dict[str, str], field: str, cast: Cast, signed_in: Any
) -> None:
    ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    address = reverse("actions:action-create", args=[cast.plan.pk])
    response = signed_in("manager").post(address, new_action(cast, **wrong))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Action.objects.count() == 1


def test_rows_of_another_partnership_cannot_be_chosen(cast: Cast, signed_in: Any) -> None:
    address = reverse("actions:action-create", args=[cast.plan.pk])
    foreign_pillar = cast.leicestershire_plan.pillars.get()
    wrongs = {"lead": cast.city_council.pk, "supporting": cast.city_council.pk, "pillar": foreign_pillar.pk}
    for field, value in wrongs.items():
        response = signed_in("manager").post(address, new_action(cast, **{field: value}))
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]


def test_the_manager_changes_the_details(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    client = signed_in("manager")
    address = reverse("actions:action-edit", args=[action.pk])
    assert action.title in client.get(address).content.decode()
    assert client.post(address, filled(action, title="Brief every team")).status_code == 302
    changed = Action.objects.get()
    assert (changed.title, changed.owner, changed.version) == (
        "Brief every team",
        cast.bradford_spoc,
        action.version + 1,
    )


def test_a_stale_form_shows_what_changed_keeps_what_was_typed_and_applies_when_sent_again(
    cast: Cast, signed_in: Any
) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    client = signed_in("manager")
    address = reverse("actions:action-edit", args=[action.pk])
    typed = filled(action, title="Typed by the manager", description="Typed, too")
    allocate_action(
        actor=cast.manager,
        action=action,
        lead=cast.bradford_district,
        owner=cast.bradford_spoc,
        due=date(2020, 9, 30),
        at=AT,
    )
    edit_action(actor=cast.manager, action=action, title="Changed meanwhile", at=AT)

    refused = client.post(address, typed)
    html = refused.content.decode()
    assert refused.status_code == 409
    for words in ("Changed meanwhile", "Owner set to Bradford spoc", "Due date set to 30 September 2020"):
        assert words in html
    assert 'value="Typed by the manager"' in html
    assert "Typed, too" in html
    assert Action.objects.get().title == "Changed meanwhile"

    again = typed | {"version": refused.context["form"]["version"].value()}
    assert client.post(address, again).status_code == 302
    stored = Action.objects.get()
    assert (stored.title, stored.owner) == ("Typed by the manager", cast.bradford_spoc)


@pytest.mark.parametrize("version", ["", "0", "x", "9" * 40])
def test_a_form_without_a_version_is_refused(version: str, cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    address = reverse("actions:action-edit", args=[action.pk])
    response = signed_in("manager").post(address, filled(action, version=version, title="Anything"))
    assert response.status_code in (409, 422)
    assert Action.objects.get().title == action.title


def test_only_the_manager_opens_the_form(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    address = reverse("actions:action-edit", args=[action.pk])
    for who, status in (("bradford_spoc", 403), ("auditor", 403), ("gold", 403), ("stranger", 404)):
        response = signed_in(who).get(address)
        assert response.status_code == status
        assert signed_in(who).post(address, filled(action)).status_code == status
        assert ("Ask the programme manager" in response.content.decode()) is (status == 403)
