"""Mistakes in draft minutes: removed with a reason; and no text is lost when two people write."""

from datetime import date
from typing import Any

from django.urls import reverse

from audit.models import Entry
from meetings.arisings.services import record_arising, remove_arising, report_arising
from meetings.decisions.services import cite_minute, record_decision, remove_decision
from meetings.minutes.services import confirm_minutes
from meetings.models import Arising, Decision
from tests.cast import AT, Cast
from tests.meetings.decisions.test_decisions import matter
from tests.meetings.factories import MinuteFactory, held_meeting
from tests.meetings.test_meetings import refusal

NOTED = {"effect": "note", "wording": "Noted."}


def mistakes(cast: Cast) -> tuple[Decision, Arising]:
    """Return a decision and an action arising of minutes in draft."""
    minute, here = MinuteFactory(cast=cast), {"actor": cast.manager, "at": AT}
    arising = record_arising(minute=minute, text="Circulate the guide.", owner=cast.bradford_spoc, **here)
    return record_decision(minute=minute, **NOTED, **here), arising


def test_a_mistake_in_draft_minutes_is_removed_with_a_reason(cast: Cast) -> None:
    decision, arising = mistakes(cast)
    remove = {"actor": cast.manager, "reason": "Of another meeting.", "at": AT}
    assert refusal(remove_decision, decision=decision, **remove | {"reason": " "}) == {
        "reason": ["Enter why the decision is removed."]
    }
    remove_decision(decision=decision, **remove)
    remove_arising(arising=arising, **remove)
    assert not Decision.objects.exists()
    assert not Arising.objects.exists()
    notes = Entry.objects.filter(verb__in=["decision.removed", "arising.removed"]).values_list(
        "note", flat=True
    )
    assert set(notes) == {"Of another meeting."}


def test_what_was_carried_out_reported_on_or_confirmed_stays(cast: Cast) -> None:
    decision, arising = mistakes(cast)
    remove = {"actor": cast.manager, "reason": "Wrong.", "at": AT}
    minute = decision.minute
    applied = cite_minute(
        actor=cast.gold,
        minute=minute,
        matter=matter(cast),
        effect="approve",
        wording="Agreed.",
        at=AT,
        on=AT.date(),
    )
    assert refusal(remove_decision, decision=applied, **remove) == (
        "This decision was carried out, so it stays in the minutes."
    )
    report_arising(actor=cast.bradford_spoc, arising=arising, progress="Half done.", at=AT)
    assert refusal(remove_arising, arising=arising, **remove) == (
        "Work on it is recorded, so it stays. Close it instead."
    )
    later = held_meeting(cast, board=minute.board, day=date(2020, 6, 15))
    confirm_minutes(actor=cast.gold, meeting=minute.item.meeting, confirmed_by=later, at=AT)
    assert "are confirmed" in refusal(remove_decision, decision=decision, **remove)
    assert (Decision.objects.count(), Arising.objects.count()) == (2, 1)


def test_who_saves_a_minute_second_reads_what_the_first_wrote(cast: Cast, signed_in: Any) -> None:
    minute, manager = MinuteFactory(cast=cast), signed_in("manager")
    version = minute.item.meeting.version
    where = reverse("meetings:minute-edit", args=[minute.item.meeting_id, minute.pk])
    sent = {"reference": minute.reference, "kind": "noted", "version": version}
    assert manager.post(where, sent | {"text": "Two apologies."}).status_code == 302
    stale = manager.post(where, sent | {"text": "Three apologies."})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Minute 1/2020: Two apologies." in page
    assert "Three apologies.</textarea>" in page
    minute.refresh_from_db()
    assert minute.text == "Two apologies."


def test_the_pages_remove_them(cast: Cast, signed_in: Any) -> None:
    decision, arising = mistakes(cast)
    meeting, manager = decision.minute.item.meeting, signed_in("manager")
    where = reverse("meetings:decision-remove", args=[meeting.pk, decision.pk])
    assert where in manager.get(f"/meetings/{meeting.pk}/").content.decode()
    stale = manager.post(where, {"reason": "Wrong.", "version": 1})
    assert stale.status_code == 409
    assert "Wrong." in stale.content.decode()
    for address in (where, reverse("meetings:arising-remove", args=[arising.pk])):
        meeting.refresh_from_db()
        assert manager.post(address, {"reason": "Wrong.", "version": meeting.version}).status_code == 302
    assert (Decision.objects.count(), Arising.objects.count()) == (0, 0)
