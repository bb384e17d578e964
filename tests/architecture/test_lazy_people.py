"""Every service works with `request.user` as it works with the person's own row."""

import ast

import pytest
from django.utils.functional import SimpleLazyObject

from partners import policies
from partners.accounts.services.users import change_user
from tests.architecture.source import ROOT
from tests.cast import AT, Cast
from tests.support.lazy_people import lazy_people, services
from tests.support.lazy_walk import SYSTEM_ONLY, WALK


def test_every_service_is_walked_or_called_by_the_system_alone() -> None:
    walked = {name for names in WALK.values() for name in names.split()}
    assert sorted(services().keys() - walked - SYSTEM_ONLY) == [], (
        "name a test that calls each in tests/support/lazy_walk.py"
    )
    assert sorted((walked | SYSTEM_ONLY) - services().keys()) == [], "no longer there"
    assert sorted(walked & SYSTEM_ONLY) == []


def test_every_test_of_the_walk_is_there() -> None:
    for nodeid in WALK:
        path, name = nodeid.split("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, nodeid


def test_the_walk_hands_on_lazy_objects(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    people = []
    monkeypatch.setattr(policies, "why_not_administer", lambda actor: people.append(type(actor)) or "")
    with lazy_people() as called:
        change_user(actor=cast.administrator, user=cast.gold, name="Chair", at=AT)
    assert people == [SimpleLazyObject]
    assert "partners.accounts.services.users.change_user" in called
