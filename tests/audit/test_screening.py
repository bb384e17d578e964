"""The ledger takes no personal data that nobody was asked about, and names what was kept without repeating it."""

import logging
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from audit.models import Entry
from audit.screening import BAD_REASON, PERSONAL_DATA_CODE, keeping
from audit.services import append, verify, writing
from audit.state import state_of
from partners.models import Area, Partnership
from tests.audit.conftest import AT, add_area, rename_area

pytestmark = pytest.mark.django_db

NUMBER = "07700 900123"
WHY = "The desk's public number."


class Person:
    pk = 7
    actor_type = "user"
    actor_label = "Bradford SPOC"


def record(partnership: Partnership, area: Area, name: str, note: str = "") -> Entry:
    """Change a row and record it as a service would that forgot to validate it."""
    before = state_of(area)
    with writing(partnership.ledger_id) as ledger:
        area.name = name
        area.save(update_fields=["name"])
        return append(
            actor=Person(), ledger=ledger, at=AT, verb="area.changed", target=area, before=before, note=note
        )


def codes(error: ValidationError) -> dict[str, list[str | None]]:
    return {name: [each.code for each in errors] for name, errors in error.error_dict.items()}


def test_a_row_asks_when_its_fields_are_validated(partnership: Partnership) -> None:
    area = Area(partnership=partnership, name=f"Bradford {NUMBER}")
    with pytest.raises(ValidationError) as refusal:
        area.full_clean()
    assert codes(refusal.value) == {"name": [PERSONAL_DATA_CODE]}
    assert "a telephone number (12 characters)" in str(refusal.value)
    assert NUMBER not in str(refusal.value) + repr(refusal.value)
    with keeping(lambda: WHY):
        area.full_clean()


def test_an_excluded_field_is_not_asked_about(partnership: Partnership) -> None:
    Area(partnership=partnership, name=f"Bradford {NUMBER}").clean_fields(exclude=["name"])


def test_unvalidated_text_does_not_reach_the_ledger(partnership: Partnership) -> None:
    area = add_area(partnership, "Bradford")
    count = Entry.objects.count()
    with pytest.raises(ValidationError) as refusal:
        record(partnership, area, f"Bradford {NUMBER}")
    assert codes(refusal.value) == {"name": [PERSONAL_DATA_CODE]}
    assert Entry.objects.count() == count
    area.refresh_from_db()
    assert area.name == "Bradford"


def test_kept_data_is_recorded_with_its_reason_and_not_reported_again(partnership: Partnership) -> None:
    area = add_area(partnership, "Bradford")
    with keeping(lambda: WHY):
        entry = record(partnership, area, f"Bradford {NUMBER}")
    assert entry.note == f"Kept a telephone number (12 characters) in name: {WHY}"
    rename_area(area, f"Bradford District {NUMBER}", note="As the council calls it")
    assert Entry.objects.latest("sequence").note == "As the council calls it"
    with pytest.raises(ValidationError):
        rename_area(area, "Bradford 07700 900456")
    assert verify(ledger=partnership.ledger).ok


def test_a_note_is_masked_when_it_is_kept(partnership: Partnership) -> None:
    area = add_area(partnership, "Bradford")
    with pytest.raises(ValidationError) as refusal:
        record(partnership, area, "Bradford District", note=f"{NUMBER} said so")
    assert codes(refusal.value) == {"note": [PERSONAL_DATA_CODE]}
    area.refresh_from_db()
    with keeping(lambda: WHY):
        entry = record(partnership, area, "Bradford District", note=f"{NUMBER} said so")
    assert entry.note.splitlines() == [
        "[a telephone number (12 characters)] said so",
        f"Kept a telephone number (12 characters) in note: {WHY}",
    ]


@pytest.mark.parametrize("reason", [f"It is {NUMBER}", "x" * 501, "a\0b"])
def test_a_reason_is_short_and_holds_nothing_of_the_kind(partnership: Partnership, reason: str) -> None:
    with keeping(lambda: reason), pytest.raises(ValidationError) as refusal:
        Area(partnership=partnership, name=f"Bradford {NUMBER}").full_clean()
    assert codes(refusal.value) == {"__all__": [BAD_REASON]}
    assert NUMBER not in str(refusal.value)


def test_a_reason_for_nothing_is_not_recorded(partnership: Partnership) -> None:
    area = add_area(partnership, "Bradford")
    with keeping(lambda: WHY):
        rename_area(area, "Bradford District")
    assert Entry.objects.latest("sequence").note == ""


def test_no_detected_text_is_in_a_log(partnership: Partnership, caplog: Any) -> None:
    area = add_area(partnership, "Bradford")
    with caplog.at_level(logging.DEBUG), keeping(lambda: WHY):
        area.name = f"Bradford {NUMBER}"
        area.full_clean()
    assert NUMBER not in caplog.text
