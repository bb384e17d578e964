"""A Channel panel that neither police side attended is told to the board, with the reason that was given."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from audit.actors import SYSTEM
from desk.escalations.services import escalate
from desk.models import Escalation, Step
from desk.my_work.services.lists import my_tasks
from programme.models import PanelMonth
from programme.records.services.records import save_record
from tests.cast import AT, LONDON, TODAY, Cast
from tests.programme.factories import PanelMonthFactory

REASON = "Both were at an incident."


def unattended(cast: Cast, **fields: Any) -> PanelMonth:
    values = {"local_only": 0, "neither": 1, "reason": REASON, "basis": "recorded"} | fields
    row: PanelMonth = PanelMonthFactory(cast=cast, **values)
    return row


def raised_on(*days: int) -> list[tuple[str, int]]:
    """Run the daily job in June and return who was told of what."""
    for day in days:
        escalate(actor=SYSTEM, at=datetime(2020, 6, day, 6, tzinfo=LONDON))
    return [(str(row.subject), row.step) for row in Escalation.objects.all()]


def titles(person: Any) -> list[str]:
    return [task.title for task in my_tasks(actor=person, on=TODAY) if task.route == "desk:panel-escalation"]


def test_the_board_is_told_once_and_nobody_else(cast: Cast) -> None:
    row = unattended(cast)
    assert raised_on(1, 2, 3) == [(str(row), Step.BOARD)]
    assert titles(cast.gold) == [f"Acknowledge {row}: neither police side attended"]
    assert not any(map(titles, (cast.manager, cast.bradford_spoc, cast.auditor, cast.leicestershire_manager)))


def test_attended_corrected_and_illustrative_months_are_told_to_nobody(cast: Cast) -> None:
    row = unattended(cast)
    save_record(actor=cast.manager, row=row, at=AT, neither=0, both=2, reason="")
    unattended(cast, panel=row.panel, basis="illustrative", month=row.month.replace(month=2))
    assert raised_on(20) == []


def test_a_board_member_reads_the_reason_and_acknowledges_it(cast: Cast, signed_in: Any) -> None:
    row = unattended(cast)
    raised_on(2)
    address = reverse("desk:panel-escalation", args=[row.pk])
    browser = signed_in("gold")
    assert address in browser.get(reverse("desk:my-work")).content.decode()
    page = browser.get(address).content.decode()
    assert f"Neither police side attended 1 meeting. Reason given: {REASON}" in page
    assert "It was due" not in page
    (escalation,) = browser.get("/api/v1/escalations/").json()["results"]
    assert escalation["subject"] == {"type": "panel-month", "id": row.pk}
    assert REASON not in "".join(task.reason for task in my_tasks(actor=cast.gold, on=TODAY))
    form = {"words": "Raised with both.", "until_day": "22", "until_month": "6", "until_year": "2020"}
    assert browser.post(address, form).status_code == 302
    assert titles(cast.gold) == []
    assert signed_in("manager").get(address).status_code == 403
