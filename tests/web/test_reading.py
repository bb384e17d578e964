"""Who read what is OFFICIAL-SENSITIVE is recorded before the answer leaves, by pages, files, exports and the API alike."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, InterfaceError, transaction
from django.urls import reverse
from django.utils import timezone

from actions.evidence.services import add_evidence
from actions.models import Action
from audit.actors import SYSTEM
from audit.models import Entry, Read
from audit.services import delete_old_reads, record_reads
from tests.api.clients import API, system_of
from tests.cast import AT, Cast
from tests.factories import ActionFactory

pytestmark = pytest.mark.django_db
TITLE = "Visit the Quixotic hall"
HANDLING = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver group only"}


@pytest.fixture
def action(cast: Cast) -> Action:
    action = ActionFactory(
        cast=cast, in_progress=True, title=TITLE, supporting=[cast.wakefield_council], **HANDLING
    )
    file = SimpleUploadedFile("attendance.csv", b"name,attended\nQuixotic,yes\n", "text/csv")
    add_evidence(actor=cast.bradford_spoc, action=action, title="List of the Quixotic hall", file=file, at=AT)
    return action


def readers(action: Action) -> list[tuple[str, str]]:
    reads = Read.objects.filter(target_type="actions.action", target_id=action.pk).order_by("pk")
    return list(reads.values_list("actor_label", "route"))


def content_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return str(content.decode("utf-8", "replace"))


def test_every_page_that_shows_it_is_recorded(cast: Cast, action: Action, signed_in: Any) -> None:
    client = signed_in("auditor")
    evidence = action.evidence.get()
    entry = Entry.objects.filter(target_type="actions.evidence").latest("pk")
    addresses = [
        reverse("actions:action", args=[action.pk]),
        reverse("actions:action-list"),
        "/actions/export.csv",
        "/search/?q=Quixotic",
        "/ledger/",
        f"/ledger/{cast.yorkshire.pk}/{entry.sequence}/",
        reverse("actions:evidence-download", args=[action.pk, evidence.pk]),
        f"{API}/actions/",
        f"{API}/actions/{action.pk}/",
        f"{API}/actions/{action.pk}/evidence/",
        f"{API}/evidence/{evidence.pk}/",
        f"{API}/evidence/{evidence.pk}/file/",
        f"{API}/search/?q=Quixotic",
    ]
    unrecorded, unseen = [], []
    for address in addresses:
        before = len(readers(action))
        response = client.get(address)
        if response.status_code != 200 or "Quixotic" not in content_of(response):
            unseen.append(address)
        elif len(readers(action)) == before:
            unrecorded.append(address)
    assert (unrecorded, unseen) == ([], [])


def test_a_system_is_named_and_each_piece_of_a_long_list_is_recorded_first(
    cast: Cast, action: Action
) -> None:
    council = system_of(cast, cast.wakefield_council)
    response = council.http.get(f"{API}/actions/", headers=council.headers(accept="text/csv"))
    assert "Quixotic" in content_of(response)
    assert [route for _, route in readers(action)] == ["api:action-list"]
    assert Read.objects.get().actor_id == council.client.user_id


def test_the_same_page_counts_once_an_hour(
    cast: Cast, action: Action, signed_in: Any, monkeypatch: Any
) -> None:
    client = signed_in("auditor")
    address = reverse("actions:action", args=[action.pk])
    for _ in range(2):
        client.get(address)
    client.head(address)
    assert len(readers(action)) == 1
    monkeypatch.setattr("audit.clock.now", lambda: AT + timedelta(hours=1))
    client.get(address)
    assert len(readers(action)) == 2


def test_what_is_not_shown_is_not_recorded(cast: Cast, action: Action, signed_in: Any) -> None:
    plain = ActionFactory(cast=cast, in_progress=True, ref="WY20-09")
    address = reverse("actions:action", args=[action.pk])
    signed_in("leeds_spoc").get(address)
    signed_in("auditor").get(reverse("actions:action", args=[plain.pk]))
    etag = {"if-none-match": signed_in("auditor").get(f"{API}/actions/{action.pk}/").headers["ETag"]}
    before = readers(action)
    assert signed_in("auditor").get(f"{API}/actions/{action.pk}/", headers=etag).status_code == 304
    assert readers(action) == before == [(str(cast.auditor), "api:action")]


def test_without_the_record_there_is_no_answer(action: Action, signed_in: Any, monkeypatch: Any) -> None:
    def fail(**_arguments: Any) -> None:
        raise InterfaceError("the connection was lost")

    monkeypatch.setattr("web.reading.record_reads", fail)
    client = signed_in("auditor")
    for address in (reverse("actions:action", args=[action.pk]), f"{API}/actions/{action.pk}/"):
        response = client.get(address)
        assert response.status_code == 503
        assert "Quixotic" not in content_of(response)


def record(action: Action, at: datetime) -> None:
    rows = {("actions.action", action.pk): str(action)}
    record_reads(actor=action.owner, rows=rows, route="actions:action", at=at)


def test_a_line_is_never_altered_and_removed_only_when_it_is_old(action: Action, settings: Any) -> None:
    now = timezone.now()
    for days in (0, 89, 500):
        record(action, now - timedelta(days=days))
    for change in (
        lambda: Read.objects.update(actor_label="Somebody else"),
        lambda: Read.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert delete_old_reads(actor=SYSTEM, at=now) == 1
    assert Read.objects.count() == 2


def test_auditor_and_manager_see_who_read(cast: Cast, action: Action, signed_in: Any) -> None:
    record(action, AT)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-08", **HANDLING)
    record(other, AT)
    link = f"/ledger/reads/?partnership={cast.yorkshire.pk}&amp;record={action.ref}"
    for person in ("auditor", "manager"):
        client = signed_in(person)
        assert link in client.get(reverse("actions:action", args=[action.pk])).content.decode()
        page = client.get(link.replace("&amp;", "&")).content.decode()
        assert "Quixotic" in page
        assert str(action.owner) in page
        assert "19 June 2020" in page
        assert "WY20-08" not in page
    assert (
        link
        not in signed_in("bradford_spoc").get(reverse("actions:action", args=[action.pk])).content.decode()
    )
    assert "Quixotic" not in signed_in("leicestershire_manager").get("/ledger/reads/").content.decode()
