"""The manager says who leads an action, who owns it and by when."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from actions.core.states import State
from actions.models import Action
from audit.actors import SYSTEM
from partners.accounts.services.users import change_user, create_user
from partners.memberships.services import grant_membership
from partners.models import Organisation, Role, User
from standards.marking import Marking
from tests.cast import AT, EARLIER, SINCE, Cast
from tests.factories import ActionFactory, close_action


def page(action: Action) -> str:
    return reverse("actions:action-allocate", args=[action.pk])


def answer(cast: Cast, action: Action, **changes: Any) -> dict[str, Any]:
    return {
        "version": action.version,
        "lead": cast.bradford_district.pk,
        "owner": cast.bradford_spoc.pk,
        "alternate": "",
        "starts_on": "",
        "due_day": "30",
        "due_month": "9",
        "due_year": "2020",
        "note": "Agreed at Silver.",
    } | changes


def test_an_action_is_allocated(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    client = signed_in("manager")
    assert client.get(page(action)).status_code == 200
    assert client.post(page(action), answer(cast, action, alternate=cast.gold.pk)).status_code == 302
    action.refresh_from_db()
    assert (action.state, action.owner, action.alternate) == (
        State.NOT_STARTED,
        cast.bradford_spoc,
        cast.gold,
    )
    assert action.due == action.original_due == date(2020, 9, 30)


def test_the_next_to_allocate_is_one_link_away(cast: Cast, signed_in: Any) -> None:
    first = ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    second = ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-03", draft=True)
    client = signed_in("manager")
    html = client.post(page(first), answer(cast, first), follow=True).content.decode()
    assert f'href="{page(second)}">Allocate the next one: WY20-02</a>' in html
    html = client.post(page(second), answer(cast, second), follow=True).content.decode()
    assert 'href="/">Go to My work</a>' in html
    first.refresh_from_db()
    again = client.post(page(first), answer(cast, first, owner=cast.leeds_spoc.pk), follow=True)
    assert "next one" not in again.content.decode()


def test_each_allocation_leads_to_the_next_in_one_page(cast: Cast, signed_in: Any) -> None:
    actions = [
        ActionFactory(
            cast=cast, unallocated=True, ref=f"WY20-{number:02}", description=f"Brief team {number}."
        )
        for number in range(1, 4)
    ]
    client = signed_in("manager")
    address, pages = page(actions[0]), 0
    for number, action in enumerate(actions, 1):
        assert address == page(action)
        html = client.get(address).content.decode()
        assert f"Brief team {number}." in html
        assert ("Save and allocate the next" in html) == (number < 3)
        address = client.post(address, answer(cast, action, next="1")).url
        pages += 1
    assert pages == 3
    assert {action.state for action in Action.objects.all()} == {State.NOT_STARTED}


def test_what_was_typed_stays_when_the_next_cannot_be_reached(cast: Cast, signed_in: Any) -> None:
    first = ActionFactory(cast=cast, unallocated=True, ref="WY20-01")
    ActionFactory(cast=cast, unallocated=True, ref="WY20-02")
    refused = signed_in("manager").post(
        page(first), answer(cast, first, next="1", due_day="31", due_month="2")
    )
    assert refused.status_code == 422
    assert "Agreed at Silver." in refused.content.decode()


def test_only_those_who_can_own_are_offered(cast: Cast, signed_in: Any) -> None:
    system = create_user(
        actor=SYSTEM, email="system@example.org", name="Case system", kind=User.Kind.CLIENT, at=EARLIER
    )
    grant_membership(
        actor=SYSTEM,
        user=system,
        partnership=cast.yorkshire,
        organisation=cast.wakefield_council,
        role=Role.PARTNER_CONTACT,
        starts_on=SINCE,
        at=EARLIER,
    )
    form = signed_in("manager").get(page(ActionFactory(cast=cast, unallocated=True))).context["form"]
    assert set(form.fields["owner"].queryset) == {
        cast.bradford_spoc,
        cast.leeds_spoc,
        cast.manager,
        cast.gold,
        cast.wakefield_contact,
    }
    assert set(form.fields["lead"].queryset) == {
        cast.police,
        cast.bradford_district,
        cast.leeds_district,
        cast.wakefield_council,
        cast.opcc,
    }
    assert "Bradford spoc (Main SPOC, Bradford District)" in str(form["owner"])


def stand_in(cast: Cast, user: User, organisation: Organisation, **fields: Any) -> None:
    facts = {
        "partnership": organisation.partnership,
        "role": Role.SPOC,
        "alternate": True,
        "starts_on": SINCE,
    }
    grant_membership(actor=SYSTEM, user=user, organisation=organisation, at=EARLIER, **facts | fields)


def test_the_lead_organisations_alternate_is_proposed(cast: Cast, signed_in: Any) -> None:
    stand_in(cast, cast.stranger, cast.bradford_district)
    stand_in(cast, cast.gold, cast.leeds_district)
    client = signed_in("manager")
    form = client.get(page(ActionFactory(cast=cast, unallocated=True))).context["form"]
    assert form["alternate"].value() == cast.stranger.pk
    assert "Stranger (Alternate SPOC, Bradford District)" in str(form["alternate"])
    undecided = client.get(
        page(ActionFactory(cast=cast, unallocated=True, ref="WY20-02", lead=None))
    ).context["form"]
    assert undecided["alternate"].value() is None
    bound_form = client.get(page(ActionFactory(cast=cast, allocated=True, ref="WY20-03"))).context["form"]
    assert bound_form["alternate"].value() is None  # its manager left it vacant once


@pytest.mark.parametrize("why", ["nobody runs on the day", "two do", "the account is closed"])
def test_an_alternate_who_is_not_obvious_is_not_proposed(cast: Cast, signed_in: Any, why: str) -> None:
    """The cast's former SPOC was an alternate until March."""
    if why != "nobody runs on the day":
        stand_in(cast, cast.stranger, cast.bradford_district)
    if why == "two do":
        stand_in(cast, cast.leeds_spoc, cast.bradford_district)
    if why == "the account is closed":
        change_user(actor=SYSTEM, user=cast.stranger, is_active=False, at=AT)
    form = signed_in("manager").get(page(ActionFactory(cast=cast, unallocated=True))).context["form"]
    assert form["alternate"].value() is None


def test_the_owner_changes_and_the_due_date_stays(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    client = signed_in("manager")
    form = client.get(page(action)).context["form"]
    assert "due" not in form.fields
    assert form["owner"].value() == cast.bradford_spoc.pk
    changes = {"owner": cast.manager.pk, "due_year": "2024"}
    assert client.post(page(action), answer(cast, action, **changes)).status_code == 302
    action.refresh_from_db()
    assert (action.owner, action.due) == (cast.manager, date(2020, 9, 30))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lead": ""}, "lead"),
        ({"lead": "999999"}, "lead"),
        ({"lead": "x"}, "lead"),
        ({"owner": ""}, "owner"),
        ({"owner": "9" * 40}, "owner"),
        ({"alternate": "-1"}, "alternate"),
        ({"due_day": "", "due_month": "", "due_year": ""}, "due"),
        ({"due_day": "31", "due_month": "2"}, "due"),
        ({"due_year": "20"}, "due"),
        ({"due_year": "9999"}, "due"),
        ({"due_year": "2019"}, "due"),
        ({"starts_on_day": "1", "starts_on_month": "10", "starts_on_year": "2020"}, "due"),
        ({"starts_on_day": "x"}, "starts_on"),
        ({"note": "x" * 2001}, "note"),
        ({"version": "0"}, "version"),
    ],
)
def test_bad_input_names_its_field(cast: Cast, signed_in: Any, changes: dict[str, str], field: str) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    response = signed_in("manager").post(page(action), answer(cast, action, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    action.refresh_from_db()
    assert (action.state, action.owner) == (State.AWAITING_ALLOCATION, None)


def test_people_and_organisations_of_elsewhere_are_refused(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    changes = {"owner": cast.leicestershire_manager.pk, "lead": cast.city_council.pk}
    response = signed_in("manager").post(page(action), answer(cast, action, **changes))
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"owner", "lead"}


@pytest.mark.parametrize("who", ["auditor", "former_spoc", "observer", "stranger"])
def test_an_owner_without_the_rights_is_refused(cast: Cast, signed_in: Any, who: str) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    response = signed_in("manager").post(page(action), answer(cast, action, owner=cast.person(who).pk))
    assert response.status_code == 422
    assert "owner" in response.context["form"].errors


def test_the_service_refuses_at_the_field(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(
        cast=cast,
        unallocated=True,
        marking=Marking.OFFICIAL_SENSITIVE,
        handling_instruction="Named officers only.",
    )
    client = signed_in("manager")
    blind = client.post(page(action), answer(cast, action, owner=cast.leeds_spoc.pk))
    assert blind.status_code == 422
    assert "could not view this action" in blind.context["form"].errors["owner"][0]
    twice = client.post(page(action), answer(cast, action, alternate=cast.bradford_spoc.pk))
    assert twice.status_code == 422
    assert "somebody other than the owner" in twice.context["form"].errors["alternate"][0]


def test_a_stale_form_keeps_what_was_chosen(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    stale = answer(cast, action, version=action.version - 1, owner=cast.manager.pk)
    client = signed_in("manager")
    response = client.post(page(action), stale)
    assert response.status_code == 409
    assert "Allocated" in response.content.decode()
    assert response.context["form"]["owner"].value() == str(cast.manager.pk)
    fresh = response.context["form"]["version"].value()
    assert client.post(page(action), stale | {"version": fresh}).status_code == 302


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 200),
        ("bradford_spoc", 403),
        ("leeds_spoc", 403),
        ("gold", 403),
        ("auditor", 403),
        ("wakefield_contact", 404),
        ("observer", 404),
        ("leicestershire_manager", 404),
        ("administrator", 404),
        ("stranger", 404),
    ],
)
def test_only_the_programme_manager_allocates(cast: Cast, signed_in: Any, who: str, status: int) -> None:
    action = ActionFactory(cast=cast, unallocated=True)
    client = signed_in(who)
    assert client.get(page(action)).status_code == status
    assert client.post(page(action), answer(cast, action)).status_code == (302 if status == 200 else status)


def test_a_closed_action_is_not_allocated(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, allocated=True)
    close_action(cast, action)
    response = signed_in("manager").get(page(action))
    assert response.status_code == 409
    assert "This action is withdrawn, so it cannot be allocated." in response.content.decode()
