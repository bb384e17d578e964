from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse

from audit import clock
from partners.context import membership_context
from tests.cast import Cast

get = RequestFactory().get


def test_roles_are_those_of_the_signed_in_user(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2020, 6, 19))
    request = get("/actions/7/")
    request.user = cast.auditor
    context = membership_context(request)
    assert set(context["nav_roles"]) == {"auditor"}
    assert list(context["sandboxes"]) == []


@pytest.mark.parametrize("user", [AnonymousUser(), None])
def test_a_visitor_has_no_roles(user: AnonymousUser | None) -> None:
    request = get("/")
    if user:
        request.user = user
    context = membership_context(request)
    assert set(context["nav_roles"]) == set()
    assert list(context["sandboxes"]) == []


@pytest.mark.parametrize(
    ("person", "is_offered"),
    [("opcc_officer", False), ("observer", False), ("wakefield_contact", True), ("stranger", True)],
)
def test_the_menu_offers_plans_and_actions_to_whoever_may_get_some(
    cast: Cast, signed_in: Any, person: str, is_offered: bool
) -> None:
    menu = signed_in(person).get(reverse("desk:my-work")).content.decode().partition('id="navigation"')[2]
    menu = menu.partition("</nav>")[0]
    for route in ("actions:plan-list", "actions:action-list"):
        assert (f'href="{reverse(route)}"' in menu) == is_offered, route
