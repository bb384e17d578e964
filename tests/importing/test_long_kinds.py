"""Long imports of every other kind are done by a worker too, and what goes wrong there is said on their page."""

import errno
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from importing.engine.views import imports
from inspections.models import Inspection, Recommendation
from partners.models import User
from programme.models import TrainingProgramme
from tests.cast import Cast
from tests.inspections.factories import InspectionFactory
from tests.support.task_queue import run_tasks
from web.isolated import FileTooCostlyError

FULL = "The server has no space left, so this was not saved"


class Kind(NamedTuple):
    person: str
    upload: Callable[[Cast], str]
    confirm: Callable[[Cast], str]
    data: str
    rows: Any
    options: dict[str, str] = {}


def _inspection(name: str) -> Callable[[Cast], str]:
    return lambda cast: reverse(name, args=[Inspection.objects.get().pk])


def _training(name: str) -> Callable[[Cast], str]:
    return lambda cast: reverse(name, args=["training", "programmes"])


KINDS = {
    "findings": Kind(
        "manager",
        _inspection("importing:recommendation-import"),
        _inspection("importing:recommendation-import-confirm"),
        "Type,Recommendation\nRecommendation,Review how referrals are shared\nRecommendation,Brief its officers\n",
        Recommendation.objects,
    ),
    "people": Kind(
        "administrator",
        lambda cast: reverse("importing:people-import", args=[cast.yorkshire.pk]),
        lambda cast: reverse("importing:people-import-confirm", args=[cast.yorkshire.pk]),
        "Organisation,Kind,Job title,Email,Role\nElm Council,Council,Lead,safety@elm.example,Partner contact\n"
        "Elm Council,Council,Deputy,deputy@elm.example,Partner contact\n",
        User.objects.filter(email__endswith="@elm.example"),
        {"invite": "yes"},
    ),
    "records": Kind(
        "manager",
        _training("programme:record-import"),
        _training("programme:record-import-confirm"),
        "Name,Audience,Source,As at\nWorkshop,Officers,Register,4 February 2019\nChampions,Staff,Register,4 February 2019\n",
        TrainingProgramme.objects,
    ),
}


@pytest.fixture(autouse=True)
def all_imports_are_long(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    monkeypatch.setattr(imports, "WAIT_SECONDS", 0)
    settings.MEDIA_ROOT = tmp_path


def start(cast: Cast, client: Any, kind: Kind) -> tuple[str, str]:
    """Upload and confirm a file; return the token and the address of the page of the progress."""
    file = SimpleUploadedFile("file.csv", kind.data.encode())
    body = client.post(kind.upload(cast), {"file": file, "sheet": ""}).content.decode()
    token = re.search(r'name="token" value="([^"]+)"', body)
    assert token, body
    return token[1], client.post(kind.confirm(cast), {"token": token[1], **kind.options})["Location"]


@pytest.mark.parametrize("name", KINDS)
def test_a_worker_imports_each_kind_once_and_undoes_it(name: str, cast: Cast, signed_in: Any) -> None:
    if name == "findings":
        InspectionFactory(cast=cast)
    kind = KINDS[name]
    rows = kind.rows.all()
    client = signed_in(kind.person)
    token, page = start(cast, client, kind)
    assert client.post(kind.confirm(cast), {"token": token, **kind.options})["Location"] == page
    assert "It will start in a few seconds" in client.get(page).content.decode()
    assert rows.count() == 0
    run_tasks()
    assert ">2 new</div>" in client.get(page).content.decode()
    assert rows.count() == 2
    run_tasks()  # invitations are mailed by a worker too
    assert {address for each in mail.outbox for address in each.to} == {
        user.email for user in rows.all() if kind.options
    }
    undo = re.search(r"undo=(\d+)", client.get(kind.upload(cast)).content.decode())
    assert undo
    undone = client.post(kind.confirm(cast), {"undo": undo[1]})["Location"]
    run_tasks()
    assert "Import undone" in client.get(undone).content.decode()
    assert rows.count() == 0


@pytest.mark.parametrize(
    ("fault", "words"),
    [(OSError(errno.ENOSPC, "full"), FULL), (FileTooCostlyError(), "too long or too much memory to read")],
)
def test_a_fault_in_the_worker_is_said_in_words_and_the_import_can_be_tried_again(
    fault: Exception, words: str, cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, client = KINDS["records"], signed_in("manager")
    token, page = start(cast, client, kind)
    with monkeypatch.context() as patch:
        patch.setattr("importing.engine.services.flow.run_isolated", _fail(fault))
        run_tasks()
    body = client.get(page).content.decode()
    assert "Nothing was imported" in body
    assert words in body
    assert kind.rows.count() == 0
    assert client.post(kind.confirm(cast), {"token": token})["Location"] == page
    run_tasks()
    assert "2 new" in client.get(page).content.decode()
    assert kind.rows.count() == 2


def _fail(fault: Exception) -> Callable[..., Any]:
    def fail(*args: Any) -> Any:
        raise fault

    return fail
