"""An action, an organisation and one account's day have room for so many bytes of files; what does not fit is refused in words."""

import logging
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from actions.evidence.services import add_evidence
from actions.models import Action, Evidence
from audit.models import Entry
from tests.actions.core.test_races import at_once, refusals
from tests.actions.evidence.test_evidence_files import (
    PDF,
    UPDATE,
    action,
    council,
    files,
    on_disk,
    page_client,
    pdf,
    send,
    send_form,
    send_update,
)
from tests.api.clients import System
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.returns.test_return_pages import page_of, typed

__all__ = ["action", "council", "files"]
# Room for one file, and half of another.
ROOM = len(PDF) * 3 // 2
PER_ACTION, PER_ORGANISATION, PER_DAY = (
    f"EVIDENCE_BYTES_PER_{each}" for each in ("ACTION", "ORGANISATION", "DAY")
)


def add(actor: Any, action: Action, **fields: Any) -> Evidence:
    return add_evidence(actor=actor, action=action, title="Attendance", **{"at": AT, "file": pdf()} | fields)


def refusal(actor: Any, action: Action, **fields: Any) -> str:
    with pytest.raises(ValidationError) as refused:
        add(actor, action, **fields)
    assert [each.code for each in refused.value.error_dict["file"]] == ["quota"]
    return str(refused.value.messages[0])


def test_an_action_has_room_for_so_many_bytes_with_earlier_versions(
    cast: Cast, action: Action, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    first = add(cast.bradford_spoc, action)
    setattr(settings, PER_ACTION, ROOM)
    with caplog.at_level(logging.WARNING, "actions.evidence"):
        words = refusal(cast.bradford_spoc, action, supersedes=first)
    assert words == (
        f"This action can hold {ROOM} bytes of files, with {ROOM - len(PDF)} bytes left. "
        "Choose a smaller file, or add a link to it"
    )
    assert f"action {action.pk} was refused to account {cast.bradford_spoc.pk}: This action" in caplog.text
    add(cast.bradford_spoc, action, file=None, url="https://example.org/rota")
    add(cast.bradford_spoc, ActionFactory(cast=cast, ref="WY20-02", in_progress=True))
    setattr(settings, PER_ACTION, 0)
    add(cast.bradford_spoc, action, supersedes=first)


def test_the_actions_of_an_organisation_share_their_room(cast: Cast, action: Action, settings: Any) -> None:
    setattr(settings, PER_ORGANISATION, ROOM)
    other = ActionFactory(cast=cast, ref="WY20-02", in_progress=True)
    elsewhere = ActionFactory(cast=cast, ref="WY20-03", in_progress=True, lead=cast.wakefield_council)
    assert action.lead == other.lead != elsewhere.lead
    add(cast.bradford_spoc, action)
    assert f"Actions led by {action.lead} can hold {ROOM} bytes" in refusal(cast.bradford_spoc, other)
    add(cast.wakefield_contact, elsewhere)


def test_an_account_can_add_so_much_in_a_day_in_london(cast: Cast, action: Action, settings: Any) -> None:
    setattr(settings, PER_DAY, ROOM)
    add(cast.bradford_spoc, action)
    assert "You can add" in refusal(cast.bradford_spoc, action)
    assert "left today" in refusal(
        cast.bradford_spoc, ActionFactory(cast=cast, ref="WY20-02", in_progress=True)
    )
    add(cast.wakefield_contact, action)
    add(cast.bradford_spoc, action, at=AT + timedelta(days=1))


@pytest.mark.parametrize("quota", [PER_ACTION, PER_ORGANISATION, PER_DAY])
def test_a_file_may_fill_a_quota_to_its_last_byte(
    cast: Cast, action: Action, settings: Any, quota: str
) -> None:
    setattr(settings, quota, 2 * len(PDF) - 1)
    add(cast.bradford_spoc, action)
    assert f"with {len(PDF) - 1} bytes left" in refusal(cast.bradford_spoc, action)
    setattr(settings, quota, 2 * len(PDF))
    add(cast.bradford_spoc, action)
    assert "with 0 bytes left" in refusal(cast.bradford_spoc, action)


@pytest.mark.django_db(transaction=True)
def test_two_files_at_once_do_not_share_the_room_of_one(cast: Cast, action: Action, settings: Any) -> None:
    setattr(settings, PER_ACTION, ROOM)
    people = (cast.bradford_spoc, cast.wakefield_contact)
    outcomes = at_once(*(partial(add, person, action, file=pdf()) for person in people))
    assert len(refusals(outcomes)) == 1
    assert Evidence.objects.filter(action=action).count() == 1


def test_a_page_keeps_what_was_typed_and_says_what_room_is_left(
    cast: Cast, action: Action, settings: Any, files: Path
) -> None:
    setattr(settings, PER_ACTION, 7)
    entries = Entry.objects.count()
    answer = send_form(cast, action)
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "This action can hold 7 bytes of files, with 7 bytes left." in words
    assert 'value="Attendance"' in words
    answer = send_update(cast, action)
    assert answer.status_code == 422
    assert UPDATE["narrative"] in answer.content.decode()
    assert (Entry.objects.count(), on_disk(files)) == (entries, [])


def test_a_return_keeps_the_draft_and_names_the_file(cast: Cast, action: Action, settings: Any) -> None:
    setattr(settings, PER_ACTION, 7)
    report = still_open(cast)
    answer = page_client(cast).post(
        page_of(report), typed(report, action) | {f"evidence-{action.pk}-file": pdf()}
    )
    assert answer.status_code == 422
    assert "This action can hold 7 bytes of files, with 7 bytes left." in answer.content.decode()
    assert report.rows.count() == 1
    assert not Evidence.objects.exists()


def test_the_api_answers_with_a_problem(action: Action, council: System, settings: Any, files: Path) -> None:
    setattr(settings, PER_ACTION, 7)
    answer = send(council, action)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    problem = answer.json()
    assert "This action can hold 7 bytes of files, with 7 bytes left." in problem["detail"]
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [("#/file", "quota")]
    assert on_disk(files) == []
