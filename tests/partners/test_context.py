from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

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
