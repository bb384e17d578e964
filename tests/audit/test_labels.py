"""The label of a choice, which lists show in each row."""

import pytest
from django.utils import translation

from actions.models import Action


def test_no_label_but_the_one_that_is_shown_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    translated: list[str] = []
    monkeypatch.setattr(translation._trans, "gettext", lambda text: translated.append(text) or text.upper())  # type: ignore[attr-defined]
    assert Action(state="in_progress").get_state_display() == "IN PROGRESS"
    assert translated == ["In progress"]


def test_a_value_without_a_label_is_shown_as_it_is() -> None:
    assert Action(state="unheard-of").get_state_display() == "unheard-of"
    assert Action(state=None).get_state_display() is None
