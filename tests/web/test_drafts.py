"""Long forms save themselves: for their own person, encrypted, until they are saved, discarded or a week old."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from actions.actions.services import edit_action
from actions.models import Action
from audit.actors import SYSTEM
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory
from web import services
from web.drafts import NOT_SAVED
from web.models import Draft
from web.services import delete_old_drafts

BANNER = "This is your draft, saved on"
TEXT = "Brief the night shift too"


@pytest.fixture
def action(cast: Cast) -> Action:
    action: Action = ActionFactory(cast=cast, in_progress=True)
    return action


def page(action: Action) -> str:
    return reverse("actions:action-edit", args=[action.pk])


def autosave(client: Client, action: Action, **other: Any) -> dict[str, Any]:
    answer = client.post(
        page(action), {"version": action.version, "title": TEXT, "autosave": "1"} | other
    ).json()
    assert answer["versions"] == {}
    return dict(answer)


def test_a_draft_is_back_until_the_form_is_saved(
    action: Action, signed_in: Callable[[str], Client], cast: Cast
) -> None:
    client = signed_in("manager")
    assert "data-autosave" in client.get(page(action)).content.decode()
    assert autosave(client, action)["text"].startswith("Draft saved at ")
    assert TEXT not in Draft.objects.get().sealed
    shown = client.get(page(action)).content.decode()
    assert BANNER in shown
    assert f'value="{TEXT}"' in shown
    assert Action.objects.get().title != TEXT
    form = client.get(page(action)).context["form"]
    answer = {name: value for name, value in form.initial.items() if value is not None} | {"title": TEXT}
    answer |= {"supporting": [], "version": action.version}
    for name in ("pillar", "area", "lead", "mou_area"):
        answer[name] = getattr(answer.get(name), "pk", answer.get(name)) or ""
    assert client.post(page(action), answer).status_code == 302
    assert Action.objects.get().title == TEXT
    assert not Draft.objects.exists()


def test_a_draft_is_its_writers_and_of_one_form(
    action: Action, signed_in: Callable[[str], Client], cast: Cast
) -> None:
    client = signed_in("manager")
    autosave(client, action)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-77")
    assert BANNER not in client.get(page(other)).content.decode()
    Draft.objects.update(account=cast.gold.pk)
    assert BANNER not in client.get(page(action)).content.decode()
    # A row that was given another account does not open what was sealed for the first.
    Draft.objects.update(account=cast.manager.pk, sealed=Draft.objects.get().sealed[:-4] + "AAAA")
    assert BANNER not in client.get(page(action)).content.decode()


def test_a_change_by_somebody_else_is_shown_before_a_draft_overwrites_it(
    action: Action, signed_in: Callable[[str], Client], cast: Cast
) -> None:
    client = signed_in("manager")
    autosave(client, action)
    edit_action(actor=cast.manager, action=action, title="Brief all", at=AT)
    shown = client.get(page(action)).content.decode()
    assert f'name="version" value="{action.version}"' in shown


def test_a_draft_is_discarded_with_a_button(action: Action, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("manager")
    autosave(client, action)
    client.post(reverse("web:unsaved-discard"), {"path": page(action), "next": page(action)})
    assert BANNER not in client.get(page(action)).content.decode()


def test_who_may_not_open_a_form_saves_no_draft_of_it(
    action: Action, signed_in: Callable[[str], Client]
) -> None:
    answer = signed_in("bradford_spoc").post(page(action), {"autosave": "1"})
    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_drafts_are_limited_and_end_after_a_week(
    action: Action, signed_in: Callable[[str], Client], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("manager")
    autosave(client, action)
    monkeypatch.setattr(services, "DRAFTS_PER_ACCOUNT", 1)
    assert autosave(client, action)["text"] != NOT_SAVED
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-77")
    assert autosave(client, other)["text"] == NOT_SAVED
    assert delete_old_drafts(actor=SYSTEM, at=AT + timedelta(days=6)) == 0
    assert delete_old_drafts(actor=SYSTEM, at=AT + timedelta(days=9)) == 1
    with pytest.raises(PermissionDenied):
        delete_old_drafts(actor=cast.manager, at=AT)


def test_every_long_form_saves_itself(action: Action, signed_in: Callable[[str], Client], cast: Cast) -> None:
    inspection: Any = InspectionFactory(cast=cast)
    pages = {
        "manager": [
            reverse("actions:action-create", args=[cast.plan.pk]),
            reverse("inspections:recommendation-create", args=[inspection.pk]),
        ],
        "bradford_spoc": [reverse("actions:progress-create", args=[action.pk])],
    }
    for person, addresses in pages.items():
        client = signed_in(person)
        for address in addresses:
            assert "data-autosave" in client.get(address).content.decode(), address
