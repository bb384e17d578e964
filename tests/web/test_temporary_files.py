"""A file that was sent with a form that has an error: for its person and form only, within limits, for a day at most."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from actions.models import Action, Evidence
from audit import clock
from audit.actors import SYSTEM
from tests.cast import Cast
from tests.factories import ActionFactory
from web import temporary_files
from web.services import delete_old_temporary_files, delete_temporary_file, store_temporary_file

CSV = b"team,briefed\nEast,yes\n"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "temporary"


@pytest.fixture
def action(cast: Cast) -> Action:
    action: Action = ActionFactory(cast=cast, in_progress=True)
    return action


def page(action: Action) -> str:
    return reverse("actions:evidence-add", args=[action.pk])


def refused(client: Client, action: Action, **other: Any) -> Any:
    """Send evidence with a date that is none."""
    file = SimpleUploadedFile("list.csv", CSV)
    return client.post(
        page(action), {"version": action.version, "file": file, "effective_on": "30 February"} | other
    )


def token_of(response: Any) -> str:
    token: str = response.context["form"].stored_files["file"].token
    return token


def send(client: Client, action: Action, token: str, **other: Any) -> Any:
    return client.post(page(action), {"version": action.version, "file-token": token} | other)


def test_a_file_stays_with_its_form_until_the_form_is_saved(
    action: Action, signed_in: Callable[[str], Client], files: Path
) -> None:
    client = signed_in("bradford_spoc")
    first = refused(client, action)
    assert "File kept: list.csv. Select a file only to replace it." in first.content.decode()
    again = send(client, action, token_of(first), effective_on="31 June")
    assert "File kept: list.csv" in again.content.decode()
    assert len(list(files.iterdir())) == 1
    assert send(client, action, token_of(again)).status_code == 302
    evidence = Evidence.objects.get()
    assert (evidence.title, evidence.filename) == ("list.csv", "list.csv")
    with evidence.file.open() as file:
        assert file.read() == CSV
    assert list(files.iterdir()) == []


def test_another_file_replaces_it(action: Action, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("bradford_spoc")
    token = token_of(refused(client, action))
    send(client, action, token, file=SimpleUploadedFile("other.csv", CSV))
    assert Evidence.objects.get().filename == "other.csv"


def test_it_can_be_removed_from_the_form(action: Action, signed_in: Callable[[str], Client]) -> None:
    client = signed_in("bradford_spoc")
    link = {"url": "https://example.org/list", "effective_on": ""}
    both = refused(client, action, **link)
    assert "Choose a file or a link, not both" in both.content.decode()
    assert send(client, action, token_of(both), **link).status_code == 422
    assert send(client, action, token_of(both), **link | {"file-remove": "yes"}).status_code == 302
    assert Evidence.objects.get().kind == Evidence.Kind.LINK


def test_it_is_of_one_person_and_one_form(
    cast: Cast, action: Action, signed_in: Callable[[str], Client]
) -> None:
    client = signed_in("bradford_spoc")
    stored = refused(client, action).context["form"].stored_files["file"]
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-77")
    for answer in (
        send(client, action, replace(stored, account=cast.leeds_spoc.pk).token),
        send(client, other, stored.token),
        send(client, action, f"{stored.token}x"),
    ):
        assert "Select a file, or enter a link" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_file_with_an_error_of_its_own_is_not_stored(
    action: Action, signed_in: Callable[[str], Client], files: Path
) -> None:
    response = refused(signed_in("bradford_spoc"), action, file=SimpleUploadedFile("list.exe", CSV))
    assert "The selected file must be one of" in response.content.decode()
    assert not files.exists()


def test_who_stored_too_much_selects_the_file_again(
    action: Action, signed_in: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary_files, "MOST_PIECES", 0)
    response = refused(signed_in("bradford_spoc"), action)
    assert response.context["form"].errors["file"] == ["Select the file again"]


def test_the_job_of_the_day_removes_what_nobody_used(cast: Cast, files: Path) -> None:
    path = store_temporary_file(actor=cast.manager, file=SimpleUploadedFile("list.csv", CSV))
    now = clock.system()
    assert delete_old_temporary_files(actor=SYSTEM, at=now) == 0
    old = (now - timedelta(days=2)).timestamp()
    os.utime(files.parent / path, (old, old))
    assert delete_old_temporary_files(actor=SYSTEM, at=now) == 1
    with pytest.raises(PermissionDenied):
        delete_old_temporary_files(actor=cast.manager, at=now)
    delete_temporary_file(actor=cast.manager, path=path)
